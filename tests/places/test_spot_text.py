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
            (
                "Er komt nog 1 sensor die deze plek kan zien. "
                "1 sensor die al weg had moeten zijn, kan deze plek misschien nog zien."
            ),
        ),
        ([], "Er staat geen sensor in het register die deze plek kan zien."),
    ],
)
def test_sensors_that_see_the_spot_are_counted_by_kind(sensors: list[dict[str, Any]], sentence: str) -> None:
    answer = make_answer(seeing=SpotGroup(tuple(make_sensor(**each) for each in sensors)))

    assert describe_spot(answer).nl.startswith(f"{sentence} {NOTHING_NEAR}")


@pytest.mark.parametrize(
    ("near", "sentences"),
    [
        ([(8.0, "active"), (9.0, "planned")],
         ["Binnen 500 meter staat nog 1 andere sensor.", "Binnen 500 meter komt nog 1 sensor."]),
        ([(23.0, "planned")], ["Binnen 500 meter komt nog 1 sensor."]),
        ([(23.0, "planned")] * 2, ["Binnen 500 meter komen nog 2 sensoren."]),
        ([(23.0, "expired")], ["Binnen 500 meter staat misschien nog 1 sensor die al weg had moeten zijn."]),
        ([(23.0, "expired")] * 2,
         ["Binnen 500 meter staan misschien nog 2 sensoren die al weg hadden moeten zijn."]),
        ([], [NOTHING_NEAR]),
    ],
)  # fmt: skip
def test_sentence_about_sensors_near_is_true_of_the_planned_and_those_that_should_be_gone(
    near: list[tuple[float, str]], sentences: list[str]
) -> None:
    sensors = tuple(make_sensor(distance, operationalStatus=status) for distance, status in near)

    said = describe_spot(make_answer(near=SpotGroup(sensors))).nl

    assert said == " ".join(["Er staat geen sensor in het register die deze plek kan zien.", *sentences])


def test_planned_sensor_that_moves_is_said_to_come() -> None:
    answer = make_answer(passing=SpotGroup((make_sensor(operationalStatus="planned"),)))

    assert "1 sensor gaat hier soms langskomen." in describe_spot(answer).nl
    assert "1 sensor will sometimes come by." in describe_spot(answer).en


def test_list_that_is_not_whole_gives_a_least_number() -> None:
    answer = make_answer(near=SpotGroup((make_sensor(10.0),), is_whole=False))

    assert "Binnen 500 meter staan nog minstens 1 andere sensoren." in describe_spot(answer).nl
    assert "Within 500 metres there are at least 1 other sensors." in describe_spot(answer).en


def test_generalised_sensors_are_not_counted_within_a_distance() -> None:
    answer = make_answer(near=SpotGroup((make_sensor(visibility="generalised"),)))

    assert describe_spot(answer).nl == (
        "Er staat geen sensor in het register die deze plek kan zien. "
        "Van 1 sensor in de buurt is de precieze plek niet openbaar."
    )


def test_cameras_without_a_registered_view_are_told_of() -> None:
    camera = make_sensor(20.0, **CAMERA)
    unknown = describe_unknown_views(make_answer(near=SpotGroup((camera,)), unknown_views=(camera,)))

    assert unknown is not None
    assert unknown.nl.startswith("Van 1 camera binnen 150 meter staat niet in het register waar die kijkt.")
    assert describe_unknown_views(make_answer()) is None
