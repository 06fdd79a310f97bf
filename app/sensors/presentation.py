"""Published values as text for people, on the pages of the site and of the API alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.errors import InvalidRequest
from app.core.formatting import format_date, format_datetime, format_duration, format_number
from app.core.i18n import Language, LocalizedText
from app.municipalities.directory import Directory
from app.sensors.properties import SensorProperty
from app.vocabularies.terms import Vocabularies

UNITS: Final = {"m": LocalizedText("meter", "metres"), "deg": LocalizedText("graden", "degrees")}
YES_NO: Final = {True: LocalizedText("ja", "yes"), False: LocalizedText("nee", "no")}
UNNAMED: Final = LocalizedText("naam niet openbaar", "name not public")
"""The name of an owner that is a private person or a sole trader."""
READER_LABELS: Final = {
    "purpose": LocalizedText("Waarvoor wordt er gemeten?", "What is the purpose?"),
    "operationalStatus": LocalizedText("Status", "Status"),
}
"""Labels on public pages, where that of the field is written for the owner who fills in a form."""
COMPASS: Final = (
    LocalizedText("het noorden", "north"),
    LocalizedText("het noordoosten", "north-east"),
    LocalizedText("het oosten", "east"),
    LocalizedText("het zuidoosten", "south-east"),
    LocalizedText("het zuiden", "south"),
    LocalizedText("het zuidwesten", "south-west"),
    LocalizedText("het westen", "west"),
    LocalizedText("het noordwesten", "north-west"),
)
"""Eight directions, clockwise from north."""
LOOKS: Final = LocalizedText("Kijkt", "Looks")
AREA_KINDS: Final = {
    "observed": LocalizedText("waargenomen gebied", "observed area"),
    "operating": LocalizedText("werkgebied", "operating area"),
}

_FORMATTERS: Final[dict[str, Callable[[str, Language], str]]] = {
    "date": format_date,
    "date-time": format_datetime,
    "duration": format_duration,
}
_MUNICIPALITY_CODES: Final = ("municipalityCode", "municipalityCodes", "operatingMunicipalities")


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of terms and municipalities by their codes, in one language."""

    language: Language
    vocabularies: Vocabularies
    directory: Directory

    def render(self, text: LocalizedText) -> str:
        return text.render(self.language)

    def name_term(self, vocabulary: str, code: str) -> str:
        return self.render(self.vocabularies.label(vocabulary, code))

    def define_term(self, vocabulary: str, code: str) -> str | None:
        """The definition of a term; None where the list does not have it."""
        term = self.vocabularies.by_name[vocabulary].terms.get(code)
        return self.render(term.definition) if term else None

    def name_municipality(self, code: str) -> str:
        """The municipality's name in the newest edition that has it; its code if none does."""
        try:
            return self.directory.get_municipality(code).name
        except InvalidRequest:
            return code

    def list_themes(self, smart_city_theme: str) -> tuple[str, ...]:
        """The themes within a smart city theme. These are indexed for search."""
        terms = self.vocabularies.by_name["themes"].terms.values()
        return tuple(term.code for term in terms if term.broader == smart_city_theme)

    @property
    def municipality_names(self) -> list[str]:
        """The municipalities of today, in alphabetical order, for a form to offer."""
        return sorted(one.name for one in self.directory.municipalities if one.in_force)


@dataclass(frozen=True, slots=True)
class FormattedValue:
    """One value as text: several words for a list, none without a value. `link` is its web address, if it has one."""

    words: tuple[str, ...] = ()
    link: str | None = None


def format_value(described: SensorProperty, value: Any, labels: Labels) -> FormattedValue:
    """The value of a property as text; `value` is as in a feature, None where the feature lacks it."""
    if value is None:
        return FormattedValue()
    if described.format == "uri":
        return FormattedValue((str(value),), link=str(value))
    values = value if isinstance(value, list) else [value]
    return FormattedValue(tuple(_format_single(described, each, labels) for each in values))


def label_property(name: str, label: LocalizedText, language: Language) -> str:
    """The label of a property on a public page; `label` is that of its field."""
    return READER_LABELS.get(name, label).render(language)


def describe_view(sensor: Mapping[str, Any], labels: Labels, verb: LocalizedText = LOOKS) -> str | None:
    """Where a sensor looks, as `Kijkt naar het zuidwesten, tot 60 meter ver`; None without direction and range.

    The direction of a mobile sensor is left out: it turns along with what carries it.
    """
    direction, view_range = sensor.get("viewDirectionDeg"), sensor.get("viewRangeM")
    parts = []
    if sensor.get("viewAngleDeg") == 360:
        parts.append(LocalizedText("rondom", "all around"))
    elif direction is not None and sensor.get("mobility") != "mobile":
        towards = COMPASS[round(direction / 45) % 8]
        parts.append(LocalizedText(f"naar {towards.nl}", towards.en))
    if view_range is not None:
        parts.append(
            LocalizedText(
                f"tot {format_number(view_range, 'nl')} meter ver",
                f"up to {format_number(view_range, 'en')} metres away",
            )
        )
    if not parts:
        return None
    return f"{labels.render(verb)} {', '.join(labels.render(part) for part in parts)}"


def _format_single(described: SensorProperty, value: Any, labels: Labels) -> str:
    if described.vocabulary:
        text = labels.name_term(described.vocabulary, value)
    elif described.name in _MUNICIPALITY_CODES:
        text = _format_municipality(value, labels)
    elif described.name == "areaKind":
        text = labels.render(AREA_KINDS[value])
    elif isinstance(value, bool):
        text = labels.render(YES_NO[value])
    elif described.type == "number":
        unit = f" {labels.render(UNITS[described.unit])}" if described.unit else ""
        text = format_number(value, labels.language) + unit
    elif formatter := _FORMATTERS.get(described.format or ""):
        text = formatter(value, labels.language)
    else:
        text = str(value)
    return text


def _format_municipality(code: str, labels: Labels) -> str:
    name = labels.name_municipality(code)
    return code if name == code else f"{name} ({code})"
