"""Whether the sensors that see a spot record someone who stands there."""

from typing import Any

from app.places.spot import SpotGroup
from app.places.spot_recording import describe_spot_recording
from tests.places.test_spot_text import CAMERA, make_answer, make_sensor

FILMS: dict[str, Any] = CAMERA | {"dataTypes": ["pixel_based_image"], "personalData": "yes"}


def describe(*sensors: dict[str, Any], is_whole: bool = True) -> str | None:
    seeing = SpotGroup(tuple(make_sensor(**each) for each in sensors), is_whole)
    said = describe_spot_recording(make_answer(seeing=seeing))
    return said.nl if said else None


def test_one_camera_has_its_own_answer_and_others_are_left_out() -> None:
    said = describe(FILMS | {"retentionKind": "not_retained"}, {"personalData": "none"})

    assert said == (
        "Volgens de eigenaar filmt deze sensor of maakt die foto's. De eigenaar noemt geen opnamen van geluid. "
        "De gegevens worden volgens de eigenaar niet bewaard."
    )


def test_several_cameras_are_counted_by_what_their_owners_say() -> None:
    said = describe(
        FILMS | {"retentionKind": "fixed", "retentionPeriod": "P28D"},
        FILMS | {"dataTypes": ["pixel_based_image", "binary"], "retentionKind": "not_retained"},
        CAMERA | {"personalData": "none"},
    )

    assert said == (
        "Over deze 3 camera's zeggen de eigenaren: filmen of foto's maken 2 wel, 1 niet ingevuld; geluid opnemen 1 "
        "niet, 2 niet ingevuld; gegevens bewaren 1 wel, 1 niet, 1 niet ingevuld."
    )


def test_nothing_is_said_of_planned_cameras_no_sensors_and_a_list_that_was_cut_off() -> None:
    assert describe(FILMS | {"operationalStatus": "planned"}) is None
    assert describe() is None
    assert describe(FILMS, is_whole=False) is None


def test_light_cell_is_no_camera() -> None:
    said = describe(CAMERA | {"sensorSubtype": "light_cell", "personalData": "none"})

    assert said is not None
    assert said.startswith("Nee. Dit is volgens de eigenaar een lichtcel.")
