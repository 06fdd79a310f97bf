"""The answer of a spot in words."""

from typing import Any
from uuid import uuid4

import pytest

from app.places.spot import SpotAnswer, SpotGroup, SpotSensor
from app.places.spot_text import describe_spot, describe_unknown_views
from app.sensors.search.sensor_search import Spot

NOTHING_NEAR = "Binnen 500 meter staan geen sensoren in het register."
NOTHING_ELSE_NEAR = "Binnen 500 meter staan geen andere sensoren in het register."
NOTHING_SEES = "Volgens het register kan geen sensor deze plek zien."


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
        ([CAMERA, {}], "Op deze plek kan 1 camera u zien, en 1 andere sensor meet hier."),
        ([CAMERA | {"sensorSubtype": "light_cell"}], "1 sensor meet op deze plek."),
        ([CAMERA | {"operationalStatus": "due_for_confirmation"}], "Op deze plek kan 1 camera u zien."),
        (
            [CAMERA | {"operationalStatus": "planned"}, CAMERA | {"operationalStatus": "expired"}],
            (
                "Volgens het register kan nu geen sensor deze plek zien; later komt er 1 die dat kan; "
                "1 die al weg had moeten zijn, is er misschien nog."
            ),
        ),
        (
            [CAMERA, CAMERA | {"operationalStatus": "planned"}],
            "Op deze plek kan 1 camera u zien; er komt later 1 bij.",
        ),
        ([], NOTHING_SEES),
    ],
)
def test_sensors_that_see_the_spot_are_counted_by_kind(sensors: list[dict[str, Any]], sentence: str) -> None:
    answer = make_answer(seeing=SpotGroup(tuple(make_sensor(**each) for each in sensors)))

    assert describe_spot(answer).nl == f"{sentence} {NOTHING_ELSE_NEAR if sensors else NOTHING_NEAR}"


@pytest.mark.parametrize(
    ("near", "sentence"),
    [
        ([(8.0, "active"), (9.0, "planned")],
         "Binnen 500 meter staat 1 sensor in gebruik; er komt later 1 bij."),
        ([(8.0, "active"), (8.0, "active"), (9.0, "planned"), (9.0, "planned")],
         "Binnen 500 meter staan 2 sensoren in gebruik; er komen er later 2 bij."),
        ([(23.0, "planned")], "Binnen 500 meter komt later 1 sensor."),
        ([(23.0, "planned")] * 2, "Binnen 500 meter komen later 2 sensoren."),
        ([(23.0, "expired")], "Binnen 500 meter staat misschien nog 1 sensor die al weg had moeten zijn."),
        ([(23.0, "expired")] * 2,
         "Binnen 500 meter staan misschien nog 2 sensoren die al weg hadden moeten zijn."),
        ([], NOTHING_NEAR),
    ],
)  # fmt: skip
def test_sentence_about_sensors_near_is_true_of_the_planned_and_those_that_should_be_gone(
    near: list[tuple[float, str]], sentence: str
) -> None:
    sensors = tuple(make_sensor(distance, operationalStatus=status) for distance, status in near)

    said = describe_spot(make_answer(near=SpotGroup(sensors))).nl

    assert said == f"{NOTHING_SEES} {sentence}"


def test_planned_sensor_that_moves_is_said_to_come() -> None:
    answer = make_answer(passing=SpotGroup((make_sensor(operationalStatus="planned"),)))

    assert "Later komt hier soms een mobiele sensor langs." in describe_spot(answer).nl
    assert "A mobile sensor will sometimes come by later." in describe_spot(answer).en


def test_list_that_is_not_whole_gives_a_least_number() -> None:
    answer = make_answer(near=SpotGroup((make_sensor(10.0),), is_whole=False))

    assert "Binnen 500 meter staan minstens 1 sensoren in gebruik." in describe_spot(answer).nl
    assert "Within 500 metres there are at least 1 sensors in use." in describe_spot(answer).en


def test_generalised_sensors_are_not_counted_within_a_distance() -> None:
    answer = make_answer(near=SpotGroup((make_sensor(visibility="generalised"),)))

    assert describe_spot(answer).nl == (
        f"{NOTHING_SEES} Van 1 sensor in de buurt is de precieze plek niet openbaar."
    )


def test_cameras_without_a_registered_view_are_told_of() -> None:
    camera = make_sensor(20.0, **CAMERA)
    unknown = describe_unknown_views(make_answer(near=SpotGroup((camera,)), unknown_views=(camera,)))

    assert unknown is not None
    assert unknown.nl.startswith("Van 1 camera binnen 150 meter staat niet in het register waar die kijkt.")
    assert describe_unknown_views(make_answer()) is None


def test_answer_of_all_groups_is_three_sentences_that_count_each_sensor_once() -> None:
    planned = {"operationalStatus": "planned"}
    near = (make_sensor(8.0), make_sensor(9.0, **planned), make_sensor(visibility="generalised"))
    answer = make_answer(passing=SpotGroup((make_sensor(),)), near=SpotGroup(near))

    said = describe_spot(answer)

    assert said.nl == (
        f"{NOTHING_SEES} Binnen 500 meter staat 1 sensor in gebruik; er komt later 1 bij. "
        "Een mobiele sensor komt hier soms langs, en van 1 sensor in de buurt is de precieze plek niet openbaar."
    )
    assert said.en == (
        "According to the register, no sensor can see this spot. "
        "Within 500 metres there is 1 sensor in use; 1 more will come later. "
        "A mobile sensor sometimes comes by, and the exact place of 1 sensor near by is not public."
    )


def test_hidden_sensors_that_are_planned_are_said_as_planned() -> None:
    near = (
        make_sensor(visibility="generalised"),
        make_sensor(visibility="generalised", operationalStatus="planned"),
    )

    said = describe_spot(make_answer(near=SpotGroup(near)))

    assert said.nl.endswith("Van 2 sensoren in de buurt (1 gepland) is de precieze plek niet openbaar.")
    assert said.en.endswith("The exact place of 2 sensors near by (1 planned) is not public.")


@pytest.mark.parametrize("status", ["active", "planned", "expired"])
def test_answer_has_at_most_three_sentences(status: str) -> None:
    sensor = make_sensor(5.0, operationalStatus=status)
    hidden = make_sensor(operationalStatus=status, visibility="generalised")
    camera = make_sensor(None, operationalStatus=status, **CAMERA)
    groups = {"seeing": (camera, sensor), "passing": (sensor,), "near": (sensor, hidden)}
    said = describe_spot(make_answer(**{name: SpotGroup(sensors) for name, sensors in groups.items()}))

    assert said.nl.count(".") == said.en.count(".") == 3
