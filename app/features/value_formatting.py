"""The values of features as a person reads them: codes by what they are called, dates written out, units named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.core.errors import InvalidRequest
from app.core.formatting import format_date, format_datetime, format_duration, format_number
from app.core.i18n import Language, LocalizedText
from app.features.parameters import ReferenceData
from app.sensors.properties import SensorProperty

_UNITS: Final = {"m": LocalizedText("meter", "metres"), "deg": LocalizedText("graden", "degrees")}
_YES_NO: Final = {True: LocalizedText("ja", "yes"), False: LocalizedText("nee", "no")}
_AREA_KINDS: Final = {
    "observed": LocalizedText("waargenomen gebied", "observed area"),
    "operating": LocalizedText("werkgebied", "operating area"),
}
_WORDINGS: Final[dict[str, Callable[[str, Language], str]]] = {
    "date": format_date,
    "date-time": format_datetime,
    "duration": format_duration,
}
_MUNICIPALITIES: Final = ("municipalityCode", "municipalityCodes", "operatingMunicipalities")


@dataclass(frozen=True, slots=True)
class FormattedValue:
    """One value in words (more for a list, none when there is no value), and where it leads."""

    words: tuple[str, ...] = ()
    link: str | None = None


def format_value(
    one: SensorProperty, value: Any, reference_data: ReferenceData, language: Language
) -> FormattedValue:
    """The value of a property; `value` is as in a feature, None where the feature lacks it."""
    if value is None:
        return FormattedValue()
    if one.format == "uri":
        return FormattedValue((str(value),), link=str(value))
    values = value if isinstance(value, list) else [value]
    return FormattedValue(tuple(_word(one, each, reference_data, language) for each in values))


def _word(one: SensorProperty, value: Any, reference_data: ReferenceData, language: Language) -> str:
    if one.vocabulary:
        words = reference_data.vocabularies.label(one.vocabulary, value).render(language)
    elif one.name in _MUNICIPALITIES:
        words = _name_municipality(value, reference_data)
    elif one.name == "areaKind":
        words = _AREA_KINDS[value].render(language)
    elif isinstance(value, bool):
        words = _YES_NO[value].render(language)
    elif one.type == "number":
        unit = f" {_UNITS[one.unit].render(language)}" if one.unit else ""
        words = format_number(value, language) + unit
    else:
        word = _WORDINGS.get(one.format or "")
        words = word(value, language) if word else str(value)
    return words


def _name_municipality(code: str, reference_data: ReferenceData) -> str:
    try:
        return f"{reference_data.directory.get_municipality(code).name} ({code})"
    except InvalidRequest:
        return code
