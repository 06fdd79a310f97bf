"""Whether a sensor records a passer-by, by what its owner stated."""

from typing import Any

import pytest

from app.sensors.recording import describe_recording, is_camera

IMAGES = {"dataTypes": ["pixel_based_image"]}


def describe(**sensor: Any) -> tuple[str, str]:
    known = {"sensorType": "optical_camera", "personalData": "none", "operationalStatus": "active"}
    said = describe_recording(known | sensor)
    return said.nl, said.en


@pytest.mark.parametrize(
    ("sensor", "said"),
    [
        (IMAGES, ["filmt deze sensor of maakt die foto's", "noemt geen opnamen van geluid", "niet ingevuld"]),
        (IMAGES | {"operationalStatus": "planned"}, ["gaat deze sensor filmen"]),
        (IMAGES | {"operationalStatus": "removed"}, ["filmde deze sensor"]),
        (
            {"dataTypes": ["pixel_based_image", "binary"]},
            ["geluid wordt opgenomen, heeft de eigenaar niet ingevuld"],
        ),
        (
            {},
            [
                "Dit is een camera. Of die filmt en of er geluid wordt opgenomen, heeft de eigenaar niet ingevuld."
            ],
        ),
        ({"dataTypes": ["tabular"]}, ["noemt geen beelden en geen opnamen van geluid"]),
        ({"dataTypes": ["binary"]}, ["noemt geen beelden.", "Of er ook geluid wordt opgenomen"]),
        ({"sensorSubtype": "light_cell"}, ["Nee. Dit is volgens de eigenaar een lichtcel."]),
        (
            {"sensorType": "sound", "dataTypes": ["values_time"]},
            ["maar de eigenaar noemt geen opnamen van geluid"],
        ),
        ({"sensorType": "sound"}, ["Of dat ook wordt opgenomen, heeft de eigenaar niet ingevuld."]),
        (
            {"sensorType": "other"},
            ["Of deze sensor filmt of geluid opneemt, heeft de eigenaar niet ingevuld."],
        ),
        ({"sensorType": "climate"}, ["filmt niet en neemt geen geluid op"]),
        (
            {"sensorType": "radio", "dataTypes": ["binary"], "personalData": "indirect"},
            ["filmt niet en neemt geen geluid op", "indirect persoonsgegevens", "of en hoe lang"],
        ),
        ({"sensorType": "temperature", **IMAGES}, ["filmt deze sensor of maakt die foto's"]),
    ],
)
def test_answer_says_what_the_owner_stated_and_what_not(sensor: dict[str, Any], said: list[str]) -> None:
    text, english = describe(**sensor)

    for part in said:
        assert part.casefold() in text.casefold()
    assert english
    assert "eigenaar" in text


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"retentionKind": "not_retained"}, "niet bewaard."),
        ({"retentionKind": "fixed", "retentionPeriod": "P28D"}, "28 dagen bewaard."),
        ({"retentionKind": "fixed"}, "hoe lang is niet ingevuld."),
        ({"retentionKind": "until_purpose_met"}, "bewaard tot het doel is bereikt."),
        ({"retentionKind": "unknown"}, "is volgens de eigenaar niet bekend."),
        ({}, "heeft de eigenaar niet ingevuld."),
    ],
)
def test_answer_says_how_long_data_are_kept(kept: dict[str, Any], said: str) -> None:
    assert describe(**IMAGES, **kept)[0].endswith(said)


def test_sensor_without_people_says_nothing_of_keeping() -> None:
    assert "bewaard" not in describe(sensorType="climate", retentionKind="fixed")[0]


def test_light_cell_is_no_camera_and_other_optical_sensors_are() -> None:
    assert not is_camera({"sensorType": "optical_camera", "sensorSubtype": "light_cell"})
    assert is_camera({"sensorType": "optical_camera", "sensorSubtype": "anpr"})
    assert is_camera({"sensorType": "optical_camera", "sensorSubtype": None})
    assert not is_camera({"sensorType": "sound"})
