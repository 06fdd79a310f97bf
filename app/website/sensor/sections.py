"""Every public field of a sensor that its privacy card does not show, grouped by the resident's question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, FIELDS, FieldKind, Group
from app.sensors.presentation import UNNAMED, FormattedValue, Labels, format_value, label_property
from app.sensors.properties import PROPERTY_BY_NAME
from app.website.sensor.card import CARD_FIELDS
from app.website.status_text import Tense, choose_tense

QUESTIONS: Final[dict[Group, LocalizedText]] = {
    Group.WHAT: LocalizedText("Het apparaat", "The device"),
    Group.WHO: LocalizedText("Wie erbij betrokken is", "Who is involved"),
    Group.WHERE: LocalizedText("De plek", "The place"),
    Group.WHY: LocalizedText("Het doel", "The purpose"),
    Group.DATA: LocalizedText("De gegevens", "The data"),
    Group.PERIOD: LocalizedText("Begin en einde", "Beginning and end"),
}
LABELS_BY_TENSE: Final[Mapping[Tense, Mapping[str, LocalizedText]]] = {
    "future": {"placedFrom": LocalizedText("Komt er op", "Will be placed on")},
    "present": {},
    "past": {
        "activeUntil": LocalizedText("Zou verwijderd worden op", "Was to be removed on"),
        "confirmBy": LocalizedText("Zou bevestigd worden vóór", "Was to be confirmed before"),
    },
}
"""Labels of fields in the tense of a sensor that is not there yet or is gone, where the usual label is in another."""
REGISTRATION: Final = LocalizedText("Deze registratie", "This registration")

DERIVED_GROUPS: Final = {
    "municipalityCode": Group.WHERE,
    "municipalityCodes": Group.WHERE,
    "operatingMunicipalities": Group.WHERE,
    "smartCityTheme": Group.WHY,
    "onBehalfOf": Group.WHO,
    "notifiedLate": Group.PERIOD,
    "lastConfirmedOn": Group.PERIOD,
    "confirmBy": Group.PERIOD,
}
"""The question that each value added by the register answers; the others are about the registration."""
SHOWN_ABOVE: Final = CARD_FIELDS | {"publicCode", "operationalStatus", "name", "summary"}
"""Fields of the card and of the head of the page, which are not repeated."""
OTHER_NAMES: Final = {"municipalityName", "onBehalfOfName"}
"""Names that are shown at the field of their code or id."""
ORGANISATION_FIELDS: Final = {field.name for field in FIELDS if field.kind is FieldKind.ORGANISATION}
MUNICIPALITIES: Final = {"municipalityCode", "municipalityCodes", "operatingMunicipalities"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a sensor: its name in the API, its label and its value.

    `definitions` has one for each word of a value from a vocabulary. `owner_text` marks words of the owner.
    """

    name: str
    label: str
    value: FormattedValue
    definitions: tuple[str | None, ...] = ()
    owner_text: bool = False


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
    if values["mobility"] != "mobile" and values["visibility"] == "public":
        # The published point of another sensor is an arbitrary one in its area, or in its square.
        values["location"] = feature["geometry"]["coordinates"]
    for name in ORGANISATION_FIELDS & values.keys():
        values[name] = values.get(f"{name}Name") or labels.render(UNNAMED)
    sections = [_make_section(group, values, words, labels) for group in QUESTIONS]
    rest = [
        name
        for name in DERIVED_LABELS
        if name in values and name not in {*DERIVED_GROUPS, *OTHER_NAMES, *SHOWN_ABOVE}
    ]
    facts = tuple(_make_fact(name, DERIVED_LABELS[name], values, words, labels) for name in rest)
    return [*sections, Section("registration", labels.render(REGISTRATION), facts)]


def _make_section(
    group: Group, values: Mapping[str, Any], words: Mapping[str, str], labels: Labels
) -> Section:
    texts = {
        field.name: field.label for field in FIELDS if field.group is group and field.name not in SHOWN_ABOVE
    }
    missing = tuple(
        label_property(name, label, labels.language) for name, label in texts.items() if name not in values
    )
    texts |= {name: DERIVED_LABELS[name] for name, its_group in DERIVED_GROUPS.items() if its_group is group}
    texts |= {name: label for name, label in LABELS_BY_TENSE[choose_tense(values)].items() if name in texts}
    facts = tuple(
        _make_fact(name, label, values, words, labels) for name, label in texts.items() if name in values
    )
    return Section(group.value, labels.render(QUESTIONS[group]), facts, missing)


def _make_fact(
    name: str, label: LocalizedText, values: Mapping[str, Any], words: Mapping[str, str], labels: Labels
) -> Fact:
    text = label_property(name, label, labels.language)
    if name in words:
        return Fact(name, text, FormattedValue((words[name],)))
    value = values[name]
    if name == "location":
        return Fact(name, text, _format_place(value, labels))
    if name in MUNICIPALITIES:
        codes = value if isinstance(value, list) else [value]
        return Fact(name, text, FormattedValue(tuple(labels.name_municipality(code) for code in codes)))
    described = PROPERTY_BY_NAME[name]
    field = FIELD_BY_NAME.get(name)
    return Fact(
        name,
        text,
        format_value(described, value, labels),
        define_terms(described.vocabulary, value, labels),
        owner_text=field is not None and field.is_free_text,
    )


def define_terms(vocabulary: str | None, value: Any, labels: Labels) -> tuple[str | None, ...]:
    """The definitions of the terms of a value, in their order; none for a value outside a vocabulary."""
    if vocabulary is None:
        return ()
    codes = value if isinstance(value, list) else [value]
    return tuple(labels.define_term(vocabulary, code) for code in codes)


def _format_place(coordinates: tuple[float, float], labels: Labels) -> FormattedValue:
    longitude, latitude = coordinates
    order = labels.render(LocalizedText("breedte, lengte", "latitude, longitude"))
    return FormattedValue(
        (f"{latitude:.6f}, {longitude:.6f} ({order})",),
        link=f"https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=19/{latitude:.6f}/{longitude:.6f}",
    )
