"""The values of features as a person reads them: codes by what they are called, dates written out, units named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.core.errors import InvalidRequest
from app.core.language import Language, Text
from app.core.wording import word_date, word_duration, word_moment, word_number
from app.features.parameters import Lists
from app.sensors.properties import Property

_UNITS: Final = {"m": Text("meter", "metres"), "deg": Text("graden", "degrees")}
_YES_NO: Final = {True: Text("ja", "yes"), False: Text("nee", "no")}
_AREA_KINDS: Final = {
    "observed": Text("waargenomen gebied", "observed area"),
    "operating": Text("werkgebied", "operating area"),
}
_WORDINGS: Final[dict[str, Callable[[str, Language], str]]] = {
    "date": word_date,
    "date-time": word_moment,
    "duration": word_duration,
}
_MUNICIPALITIES: Final = ("municipalityCode", "municipalityCodes", "operatingMunicipalities")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in words (more for a list, none when there is no value), and where it leads."""

    words: tuple[str, ...] = ()
    link: str | None = None


def word_value(one: Property, value: Any, lists: Lists, language: Language) -> Cell:
    """The value of a property; `value` is as in a feature, None where the feature lacks it."""
    if value is None:
        return Cell()
    if one.format == "uri":
        return Cell((str(value),), link=str(value))
    values = value if isinstance(value, list) else [value]
    return Cell(tuple(_word(one, each, lists, language) for each in values))


def _word(one: Property, value: Any, lists: Lists, language: Language) -> str:
    if one.vocabulary:
        words = lists.vocabularies.label(one.vocabulary, value).render(language)
    elif one.name in _MUNICIPALITIES:
        words = _name_municipality(value, lists)
    elif one.name == "areaKind":
        words = _AREA_KINDS[value].render(language)
    elif isinstance(value, bool):
        words = _YES_NO[value].render(language)
    elif one.type == "number":
        unit = f" {_UNITS[one.unit].render(language)}" if one.unit else ""
        words = word_number(value, language) + unit
    else:
        word = _WORDINGS.get(one.format or "")
        words = word(value, language) if word else str(value)
    return words


def _name_municipality(code: str, lists: Lists) -> str:
    try:
        return f"{lists.directory.get_municipality(code).name} ({code})"
    except InvalidRequest:
        return code
