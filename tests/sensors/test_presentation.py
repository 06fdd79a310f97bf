"""Values of sensors as text, in both languages."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from app.core.i18n import Language, LocalizedText
from app.municipalities.directory import Directory, NamedEdition, NamedMunicipality
from app.sensors.presentation import FormattedValue, Labels, describe_view, format_value, label_property
from app.sensors.properties import AREA_KIND, PROPERTY_BY_NAME, SENSOR_PROPERTIES
from app.vocabularies.terms import Term, Vocabularies, Vocabulary

BOX = (4.7, 52.2, 5.1, 52.5)


def make_labels(language: Language) -> Labels:
    camera = Term(
        "camera", LocalizedText("Camera", "Camera in English"), LocalizedText("", ""),
        parent=None, broader=None, valid_from=date(2026, 1, 1), valid_until=None, path="/x",
    )  # fmt: skip
    terms = {name: {"camera": camera} for name in ("sensorType", "themes")}
    vocabularies = {
        name: Vocabulary(name, LocalizedText(name, name), LocalizedText("", ""), by_code)
        for name, by_code in terms.items()
    } | {
        one.vocabulary: Vocabulary(one.vocabulary, one.label, LocalizedText("", ""), {})
        for one in SENSOR_PROPERTIES
        if one.vocabulary and one.vocabulary not in terms
    }
    edition = NamedEdition(2026, False, True, "", "", datetime(2026, 1, 1, tzinfo=UTC))
    amsterdam = NamedMunicipality(2026, "GM0363", "Amsterdam", None, False, True, BOX, BOX)
    return Labels(language, Vocabularies(UUID(int=1), vocabularies), Directory("", [edition], [amsterdam]))


@pytest.mark.parametrize(
    ("name", "value", "nl", "en"),
    [
        ("sensorType", "camera", ("Camera",), ("Camera in English",)),
        ("themes", ["camera", "unknown"], ("Camera", "unknown"), ("Camera in English", "unknown")),
        ("municipalityCode", "GM0363", ("Amsterdam (GM0363)",), ("Amsterdam (GM0363)",)),
        ("municipalityCodes", ["GM0363", "GM9999"], ("Amsterdam (GM0363)", "GM9999"), ("Amsterdam (GM0363)", "GM9999")),
        ("openData", True, ("ja",), ("yes",)),
        ("notifiedLate", False, ("nee",), ("no",)),
        ("heightM", 4.5, ("4,5 meter",), ("4.5 metres",)),
        ("viewDirectionDeg", 225, ("225 graden",), ("225 degrees",)),
        ("placedFrom", "2026-03-01", ("1 maart 2026",), ("1 March 2026",)),
        ("retentionPeriod", "P28D", ("28 dagen",), ("28 days",)),
        ("version", 2, ("2",), ("2",)),
        ("measures", "Geluid", ("Geluid",), ("Geluid",)),
        ("measures", None, (), ()),
    ],
)  # fmt: skip
def test_value_is_formatted_in_both_languages(
    name: str, value: Any, nl: tuple[str, ...], en: tuple[str, ...]
) -> None:
    assert format_value(PROPERTY_BY_NAME[name], value, make_labels("nl")) == FormattedValue(nl)
    assert format_value(PROPERTY_BY_NAME[name], value, make_labels("en")) == FormattedValue(en)


def test_kind_of_area_is_named() -> None:
    assert format_value(AREA_KIND, "observed", make_labels("nl")).words == ("waargenomen gebied",)


def test_web_address_is_a_link() -> None:
    value = format_value(PROPERTY_BY_NAME["dpiaUrl"], "https://example.org", make_labels("nl"))
    assert value == FormattedValue(("https://example.org",), link="https://example.org")


def test_every_property_of_a_sensor_can_be_formatted() -> None:
    examples: dict[str | None, Any] = {
        "date": "2026-03-01",
        "date-time": "2026-03-01T12:00:00Z",
        "duration": "P1D",
    }
    by_type: dict[str, Any] = {"number": 1.5, "integer": 1, "boolean": True, "array": ["x"]}
    for one in SENSOR_PROPERTIES:
        value = examples.get(one.format) or by_type.get(one.type, "x")
        for language in ("nl", "en"):
            assert all(format_value(one, value, make_labels(language)).words), one.name


@pytest.mark.parametrize(
    ("sensor", "nl", "en"),
    [
        ({"viewDirectionDeg": 225, "viewAngleDeg": 70, "viewRangeM": 60},
         "Kijkt naar het zuidwesten, tot 60 meter ver", "Looks south-west, up to 60 metres away"),
        ({"viewDirectionDeg": 350}, "Kijkt naar het noorden", "Looks north"),
        ({"viewDirectionDeg": 0, "viewAngleDeg": 360, "viewRangeM": 1500.5},
         "Kijkt rondom, tot 1.500,5 meter ver", "Looks all around, up to 1,500.5 metres away"),
        ({"viewRangeM": 25}, "Kijkt tot 25 meter ver", "Looks up to 25 metres away"),
        ({}, None, None),
    ],
)  # fmt: skip
def test_view_is_described_in_words(sensor: dict[str, float], nl: str | None, en: str | None) -> None:
    assert describe_view(sensor, make_labels("nl")) == nl
    assert describe_view(sensor, make_labels("en")) == en


def test_label_on_a_page_is_written_for_the_reader() -> None:
    label = PROPERTY_BY_NAME["purpose"].label
    assert label_property("purpose", label, "nl") == "Waarvoor wordt er gemeten?"
    assert label_property("name", PROPERTY_BY_NAME["name"].label, "nl") == "Naam"
