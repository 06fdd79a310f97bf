"""Every public field of a sensor, grouped by the resident's question that it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.sensors.fields import DERIVED_LABELS, FIELDS, FieldKind, Group
from app.sensors.presentation import UNNAMED, FormattedValue, Labels, format_value, label_property
from app.sensors.properties import PROPERTY_BY_NAME

QUESTIONS: Final[dict[Group, LocalizedText]] = {
    Group.WHAT: LocalizedText("Wat meet de sensor?", "What does the sensor measure?"),
    Group.WHO: LocalizedText("Van wie is de sensor?", "Whose sensor is it?"),
    Group.WHERE: LocalizedText("Waar staat de sensor?", "Where is the sensor?"),
    Group.WHY: LocalizedText("Waarom wordt er gemeten?", "Why is this measured?"),
    Group.DATA: LocalizedText("Welke gegevens, en waarom mag dat?", "Which data, and on what legal basis?"),
    Group.PERIOD: LocalizedText("Hoe lang blijft de sensor?", "How long does the sensor stay?"),
}
REGISTRATION: Final = LocalizedText("Over deze registratie", "About this registration")

DERIVED_GROUPS: Final = {
    "municipalityCode": Group.WHERE,
    "municipalityCodes": Group.WHERE,
    "operatingMunicipalities": Group.WHERE,
    "smartCityTheme": Group.WHY,
    "onBehalfOf": Group.WHO,
    "notifiedLate": Group.PERIOD,
    "lastConfirmedOn": Group.PERIOD,
    "confirmBy": Group.PERIOD,
    "operationalStatus": Group.PERIOD,
}
"""The question that each value added by the register answers; the others are about the registration."""
ALREADY_SHOWN: Final = {*DERIVED_GROUPS, "municipalityName"}
"""Values that are not repeated below: a code of a municipality is shown with its name."""
ORGANISATION_FIELDS: Final = {field.name for field in FIELDS if field.kind is FieldKind.ORGANISATION}


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a sensor: its name in the API, its label and its value."""

    name: str
    label: str
    value: FormattedValue


@dataclass(frozen=True, slots=True)
class Section:
    """The answers to one question, and the labels of the fields without a value."""

    id: str
    question: str
    facts: tuple[Fact, ...]
    missing: tuple[str, ...] = ()


def list_sections(feature: Mapping[str, Any], words: Mapping[str, str], labels: Labels) -> list[Section]:
    """A sensor's GeoJSON feature as sections, in the order of the questions.

    `words` are texts of fields that the feature lacks, or has only as an id.
    """
    values = feature["properties"] | words
    if values["mobility"] != "mobile":
        # The published point of a mobile sensor is an arbitrary one in its area.
        values["location"] = feature["geometry"]["coordinates"]
    for name in ORGANISATION_FIELDS & values.keys():
        values[name] = values.get(f"{name}Name") or labels.render(UNNAMED)
    sections = [_make_section(group, values, words, labels) for group in QUESTIONS]
    rest = [name for name in DERIVED_LABELS if name not in ALREADY_SHOWN and name in values]
    facts = tuple(_make_fact(name, DERIVED_LABELS[name], values, words, labels) for name in rest)
    return [*sections, Section("registration", labels.render(REGISTRATION), facts)]


def _make_section(
    group: Group, values: Mapping[str, Any], words: Mapping[str, str], labels: Labels
) -> Section:
    texts = {field.name: field.label for field in FIELDS if field.group is group}
    missing = tuple(
        label_property(name, label, labels.language) for name, label in texts.items() if name not in values
    )
    texts |= {name: DERIVED_LABELS[name] for name, its_group in DERIVED_GROUPS.items() if its_group is group}
    facts = tuple(
        _make_fact(name, label, values, words, labels) for name, label in texts.items() if name in values
    )
    return Section(group.value, labels.render(QUESTIONS[group]), facts, missing)


def _make_fact(
    name: str, label: LocalizedText, values: Mapping[str, Any], words: Mapping[str, str], labels: Labels
) -> Fact:
    if name in words:
        value = FormattedValue((words[name],))
    elif name == "location":
        value = _format_place(values[name], labels)
    else:
        value = format_value(PROPERTY_BY_NAME[name], values[name], labels)
    return Fact(name, label_property(name, label, labels.language), value)


def _format_place(coordinates: tuple[float, float], labels: Labels) -> FormattedValue:
    longitude, latitude = coordinates
    order = labels.render(LocalizedText("breedte, lengte", "latitude, longitude"))
    return FormattedValue(
        (f"{latitude:.6f}, {longitude:.6f} ({order})",),
        link=f"https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=19/{latitude:.6f}/{longitude:.6f}",
    )
