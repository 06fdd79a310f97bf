"""Every public field of a sensor as a line of its page, under the question of a resident that it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.language import Text
from app.core.wording import word_date, word_duration, word_moment, word_number
from app.sensors.fields import DERIVED_LABELS, FIELDS, Field, Group, Kind
from app.website.glossary import Glossary

QUESTIONS: Final[dict[Group, Text]] = {
    Group.WHAT: Text("Wat meet de sensor?", "What does the sensor measure?"),
    Group.WHO: Text("Van wie is de sensor?", "Whose sensor is it?"),
    Group.WHERE: Text("Waar staat de sensor?", "Where is the sensor?"),
    Group.WHY: Text("Waarom wordt er gemeten?", "Why is it measured?"),
    Group.DATA: Text("Welke gegevens, en op welke grond?", "Which data, and on which ground?"),
    Group.PERIOD: Text("Hoe lang blijft de sensor?", "For how long?"),
}
REGISTRATION: Final = Text("Over deze registratie", "About this registration")

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

UNITS: Final = {"m": Text("meter", "metres"), "deg": Text("graden", "degrees")}

UNNAMED: Final = Text("naam niet openbaar", "name not public")


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


def list_sections(feature: Mapping[str, Any], words: Mapping[str, str], glossary: Glossary) -> list[Section]:
    """A sensor's GeoJSON feature as sections, in the order of the questions.

    `words` are for fields that the feature does not have, or only by an id.
    """
    values = {**feature["properties"], **words}
    if values["mobility"] != "mobile":
        # The point of a mobile sensor is only somewhere in its area.
        values["location"] = feature["geometry"]["coordinates"]
    sections = [_section(group, values, glossary) for group in QUESTIONS]
    rest = [name for name in DERIVED_LABELS if name not in DERIVED_GROUPS]
    facts = tuple(_derived_fact(name, values, glossary) for name in rest if name in values)
    return [*sections, Section("registration", glossary.word(REGISTRATION), facts)]


def _section(group: Group, values: Mapping[str, Any], glossary: Glossary) -> Section:
    facts, missing = [], []
    for field in FIELDS:
        if field.group is not group:
            continue
        if field.name in values:
            facts.append(_fact(field, values, glossary))
        else:
            missing.append(glossary.word(field.label))
    derived = [name for name, its_group in DERIVED_GROUPS.items() if its_group is group and name in values]
    facts += [_derived_fact(name, values, glossary) for name in derived]
    return Section(group.value, glossary.word(QUESTIONS[group]), tuple(facts), tuple(missing))


def _fact(field: Field, values: Mapping[str, Any], glossary: Glossary) -> Fact:
    value = values[field.name]
    label = glossary.word(field.label)
    words: tuple[str, ...]
    match field.kind:
        case Kind.URL:
            return Fact(field.name, label, (value,), link=value)
        case Kind.ORGANISATION:
            words = (values.get(f"{field.name}Name") or glossary.word(UNNAMED),)
        case Kind.TERM | Kind.TERMS:
            codes = [value] if isinstance(value, str) else value
            words = tuple(glossary.name_term(field.vocabulary or field.name, code) for code in codes)
        case Kind.DATE:
            words = (word_date(value, glossary.language),)
        case Kind.DURATION:
            words = (word_duration(value, glossary.language),)
        case Kind.NUMBER:
            unit = f" {glossary.word(UNITS[field.unit])}" if field.unit else ""
            words = (word_number(value, glossary.language) + unit,)
        case Kind.BOOLEAN:
            words = (glossary.name_answer(value),)
        case Kind.POINT:
            return _place(field, value, glossary)
        case _:
            words = (str(value),)
    return Fact(field.name, label, words)


def _derived_fact(name: str, values: Mapping[str, Any], glossary: Glossary) -> Fact:
    value = values[name]
    codes = [value] if isinstance(value, str) else value
    if name in ("municipalityCode", "municipalityCodes", "operatingMunicipalities"):
        words = tuple(f"{glossary.name_municipality(code)} ({code})" for code in codes)
    elif name in glossary.vocabularies.by_name:
        words = tuple(glossary.name_term(name, code) for code in codes)
    elif name.endswith("On") or name == "confirmBy":
        words = (word_date(value, glossary.language),)
    elif name.endswith("At"):
        words = (word_moment(value, glossary.language),)
    elif isinstance(value, bool):
        words = (glossary.name_answer(value),)
    else:
        words = (str(value),)
    return Fact(name, glossary.word(DERIVED_LABELS[name]), words)


def _place(field: Field, coordinates: tuple[float, float], glossary: Glossary) -> Fact:
    longitude, latitude = coordinates
    order = glossary.word(Text("breedte, lengte", "latitude, longitude"))
    return Fact(
        field.name,
        glossary.word(field.label),
        (f"{latitude:.6f}, {longitude:.6f} ({order})",),
        link=f"https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=19/{latitude:.6f}/{longitude:.6f}",
    )
