"""Every public field of a sensor as a line of its page, under the question of a resident that it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.formatting import format_date, format_datetime, format_duration, format_number
from app.core.i18n import LocalizedText
from app.sensors.fields import DERIVED_LABELS, FIELDS, Field, FieldKind, Group
from app.website.labels import Labels

QUESTIONS: Final[dict[Group, LocalizedText]] = {
    Group.WHAT: LocalizedText("Wat meet de sensor?", "What does the sensor measure?"),
    Group.WHO: LocalizedText("Van wie is de sensor?", "Whose sensor is it?"),
    Group.WHERE: LocalizedText("Waar staat de sensor?", "Where is the sensor?"),
    Group.WHY: LocalizedText("Waarom wordt er gemeten?", "Why is it measured?"),
    Group.DATA: LocalizedText("Welke gegevens, en op welke grond?", "Which data, and on which ground?"),
    Group.PERIOD: LocalizedText("Hoe lang blijft de sensor?", "For how long?"),
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
"""What the register adds, where it answers a resident's question; the rest is about the registration."""

FIELD_UNITS: Final = {"m": LocalizedText("meter", "metres"), "deg": LocalizedText("graden", "degrees")}

UNNAMED: Final = LocalizedText("naam niet openbaar", "name not public")


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer: its label, its words (a list when there are more), and where it leads."""

    name: str
    label: str
    words: tuple[str, ...]
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The answers to one question, and the labels of what the owner did not fill in."""

    id: str
    question: str
    facts: tuple[Fact, ...]
    missing: tuple[str, ...] = ()


def list_sections(feature: Mapping[str, Any], words: Mapping[str, str], labels: Labels) -> list[Section]:
    """A sensor's GeoJSON feature as sections, in the order of the questions.

    `words` are for fields that the feature does not have, or only by an id.
    """
    values = {**feature["properties"], **words}
    if values["mobility"] != "mobile":
        # The point of a mobile sensor is only somewhere in its area.
        values["location"] = feature["geometry"]["coordinates"]
    sections = [_section(group, values, labels) for group in QUESTIONS]
    rest = [name for name in DERIVED_LABELS if name not in DERIVED_GROUPS]
    facts = tuple(_derived_fact(name, values, labels) for name in rest if name in values)
    return [*sections, Section("registration", labels.word(REGISTRATION), facts)]


def _section(group: Group, values: Mapping[str, Any], labels: Labels) -> Section:
    facts, missing = [], []
    for field in FIELDS:
        if field.group is not group:
            continue
        if field.name in values:
            facts.append(_fact(field, values, labels))
        else:
            missing.append(labels.word(field.label))
    derived = [name for name, its_group in DERIVED_GROUPS.items() if its_group is group and name in values]
    facts += [_derived_fact(name, values, labels) for name in derived]
    return Section(group.value, labels.word(QUESTIONS[group]), tuple(facts), tuple(missing))


def _fact(field: Field, values: Mapping[str, Any], labels: Labels) -> Fact:
    value = values[field.name]
    label = labels.word(field.label)
    words: tuple[str, ...]
    match field.kind:
        case FieldKind.URL:
            return Fact(field.name, label, (value,), link=value)
        case FieldKind.ORGANISATION:
            words = (values.get(f"{field.name}Name") or labels.word(UNNAMED),)
        case FieldKind.TERM | FieldKind.TERMS:
            codes = [value] if isinstance(value, str) else value
            words = tuple(labels.name_term(field.vocabulary or field.name, code) for code in codes)
        case FieldKind.DATE:
            words = (format_date(value, labels.language),)
        case FieldKind.DURATION:
            words = (format_duration(value, labels.language),)
        case FieldKind.NUMBER:
            unit = f" {labels.word(FIELD_UNITS[field.unit])}" if field.unit else ""
            words = (format_number(value, labels.language) + unit,)
        case FieldKind.BOOLEAN:
            words = (labels.name_answer(value),)
        case FieldKind.POINT:
            return _place(field, value, labels)
        case _:
            words = (str(value),)
    return Fact(field.name, label, words)


def _derived_fact(name: str, values: Mapping[str, Any], labels: Labels) -> Fact:
    value = values[name]
    codes = [value] if isinstance(value, str) else value
    if name in ("municipalityCode", "municipalityCodes", "operatingMunicipalities"):
        words = tuple(f"{labels.name_municipality(code)} ({code})" for code in codes)
    elif name in labels.vocabularies.by_name:
        words = tuple(labels.name_term(name, code) for code in codes)
    elif name.endswith("On") or name == "confirmBy":
        words = (format_date(value, labels.language),)
    elif name.endswith("At"):
        words = (format_datetime(value, labels.language),)
    elif isinstance(value, bool):
        words = (labels.name_answer(value),)
    else:
        words = (str(value),)
    return Fact(name, labels.word(DERIVED_LABELS[name]), words)


def _place(field: Field, coordinates: tuple[float, float], labels: Labels) -> Fact:
    longitude, latitude = coordinates
    order = labels.word(LocalizedText("breedte, lengte", "latitude, longitude"))
    return Fact(
        field.name,
        labels.word(field.label),
        (f"{latitude:.6f}, {longitude:.6f} ({order})",),
        link=f"https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=19/{latitude:.6f}/{longitude:.6f}",
    )
