"""Positions of `near` and `covers` in every reference system."""

from collections.abc import Iterator

import pytest

from app.spatial.crs import Crs
from app.spatial.netherlands import write_position
from tests.support.register import Register, open_register

DAM = (4.8932, 52.3731)
BEFORE_THE_CAMERA = (4.8932, 52.3733)


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        register.register(
            reference="camera", location={"type": "Point", "coordinates": list(DAM)}, viewDirectionDeg=0,
            viewAngleDeg=90, viewRangeM=50,
        )  # fmt: skip
        register.register(reference="far", location={"type": "Point", "coordinates": [4.85, 52.34]})
        yield register


@pytest.mark.parametrize("crs", Crs)
@pytest.mark.parametrize("collection", ["sensors", "observed-areas"])
def test_near_and_covers_are_read_in_the_system_of_their_own_parameter(
    register: Register, collection: str, crs: Crs
) -> None:
    dam, before = (",".join(map(str, write_position(*place, crs))) for place in (DAM, BEFORE_THE_CAMERA))
    near = register.find(f"near={dam}&nearCrs={crs.uri}&radius=50", collection)["features"]
    assert [feature["properties"]["reference"] for feature in near] == ["camera"]
    covering = register.find(f"covers={before}&coversCrs={crs.uri}", collection)["features"]
    assert [feature["properties"]["reference"] for feature in covering] == ["camera"]


def test_distance_to_a_position_in_rd_is_zero_at_the_sensor(register: Register) -> None:
    x, y = write_position(*DAM, Crs.RD)
    [feature] = register.find(f"near={x},{y}&nearCrs={Crs.RD.uri}&radius=5&crs={Crs.RD.uri}")["features"]
    assert register.find(f"near={x},{y}&bbox-crs={Crs.RD.uri}&radius=5&crs={Crs.RD.uri}")["features"] == [
        feature
    ]
    assert feature["geometry"]["coordinates"] == [x, y]
    assert feature["properties"]["distanceM"] == 0


def test_every_mistake_in_positions_is_named_at_once(register: Register) -> None:
    answer = register.client.get(
        "/v1/collections/sensors/items?near=121358,487340&radius=60000&covers=100,-30&coversCrs=EPSG:28992"
    )
    assert answer.status_code == 400
    problems = {(problem["location"], problem["code"]) for problem in answer.json()["errors"]}
    assert problems >= {("near", "wrong_crs"), ("radius", "out_of_range"), ("coversCrs", "unknown_crs")}
    radius = next(problem for problem in answer.json()["errors"] if problem["location"] == "radius")
    assert "bbox" in radius["detail"]
