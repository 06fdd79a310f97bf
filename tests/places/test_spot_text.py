"""The answer of a spot in words."""

from typing import Any
from uuid import uuid4

import pytest

from app.places.spot import SpotAnswer, SpotGroup, SpotSensor
from app.places.spot_text import describe_spot, describe_unknown_views
from app.sensors.search.sensor_search import Spot

NOTHING_NEAR = "Binnen 500 meter staan geen andere sensoren in het register."


def make_sensor(distance: float | None = None, **properties: Any) -> SpotSensor:
    known = {"operationalStatus": "active", "visibility": "public", "sensorType": "sound"}
    return SpotSensor(uuid4(), known | properties, distance)


CAMERA = {"sensorType": "optical_camera"}


def make_answer(**groups: SpotGroup | tuple[SpotSensor, ...]) -> SpotAnswer:
    none = SpotGroup()
    chosen: dict[str, Any] = {"seeing": none, "passing": none, "near": none}
    return SpotAnswer(Spot(0, 0), None, **(chosen | groups))


@pytest.mark.parametrize(
    ("sensors", "sentence"),
    [
        ([CAMERA], "Op deze plek kan 1 camera u zien."),
        ([CAMERA] * 2, "Op deze plek kunnen 2 camera's u zien."),
        ([{}], "1 sensor meet op deze plek."),
        ([{}, {}], "2 sensoren meten op deze plek."),
        ([CAMERA, {}], "Op deze plek kan 1 camera u zien. 1 andere sensor meet op deze plek."),
        ([CAMERA | {"sensorSubtype": "light_cell"}], "1 sensor meet op deze plek."),
        ([CAMERA | {"operationalStatus": "due_for_confirmation"}], "Op deze plek kan 1 camera u zien."),
        (
            [CAMERA | {"operationalStatus": "planned"}, CAMERA | {"operationalStatus": "expired"}],
            "Er staat geen sensor in het register die deze plek kan zien.",
        ),
    ],
)
def test_sensors_that_see_the_spot_are_counted_by_kind(sensors: list[dict[str, Any]], sentence: str) -> None:
    answer = make_answer(seeing=SpotGroup(tuple(make_sensor(**each) for each in sensors)))

    assert describe_spot(answer).nl.startswith(f"{sentence} {NOTHING_NEAR}")


def test_sensors_that_are_to_come_or_should_be_gone_are_named_apart() -> None:
    absent = tuple(make_sensor(10.0, operationalStatus=status) for status in ("planned", "expired"))
    answer = make_answer(near=SpotGroup((make_sensor(8.0), *absent)))

    assert describe_spot(answer).nl.endswith(
        "Binnen 500 meter staat nog 1 andere sensor. "
        "In de lijst staan ook 2 sensoren die nog moeten komen, of al weg hadden moeten zijn."
    )


def test_list_that_is_not_whole_gives_a_least_number() -> None:
    answer = make_answer(near=SpotGroup((make_sensor(10.0),), is_whole=False))

    assert "Binnen 500 meter staan nog minstens 1 andere sensoren." in describe_spot(answer).nl
    assert "Within 500 metres there are at least 1 other sensors." in describe_spot(answer).en


def test_generalised_sensors_are_not_counted_within_a_distance() -> None:
    answer = make_answer(near=SpotGroup((make_sensor(visibility="generalised"),)))

    assert describe_spot(answer).nl.endswith(
        f"{NOTHING_NEAR} Van 1 sensor in de buurt is de precieze plek niet openbaar."
    )


def test_cameras_without_a_registered_view_are_told_of() -> None:
    camera = make_sensor(20.0, **CAMERA)
    unknown = describe_unknown_views(make_answer(near=SpotGroup((camera,)), unknown_views=(camera,)))

    assert unknown is not None
    assert unknown.nl.startswith("Van 1 camera binnen 150 meter staat niet in het register waar die kijkt.")
    assert describe_unknown_views(make_answer()) is None
