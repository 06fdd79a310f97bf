"""One thing that a person may have searched for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.core.i18n import LocalizedText
from app.places.name_match import Match


class SuggestionKind(StrEnum):
    """Kinds of suggestions, in the order in which they are listed."""

    SENSOR = "sensor"
    SENSORS = "sensors"
    POSITION = "position"
    TEXT = "text"
    """Sensors that have the words in their own public text."""
    MUNICIPALITY = "municipality"
    PROVINCE = "province"
    PLACE = "place"
    STREET = "street"
    ADDRESS = "address"
    SENSOR_TYPE = "sensorType"
    THEME = "theme"
    SMART_CITY_THEME = "smartCityTheme"
    LEGAL_GROUND = "legalGround"
    ORGANISATION = "organisation"
    PAGE = "page"
    SPELLING = "spelling"
    """Another text: the one that was probably meant."""


KIND_LABELS: Final = {
    SuggestionKind.SPELLING: LocalizedText("bedoelt u dit?", "did you mean this?"),
    SuggestionKind.SENSOR: LocalizedText("sensor", "sensor"),
    SuggestionKind.SENSORS: LocalizedText("lijst van sensoren", "list of sensors"),
    SuggestionKind.POSITION: LocalizedText("plek", "spot"),
    SuggestionKind.TEXT: LocalizedText("lijst van sensoren", "list of sensors"),
    SuggestionKind.MUNICIPALITY: LocalizedText("gemeente", "municipality"),
    SuggestionKind.PROVINCE: LocalizedText("provincie", "province"),
    SuggestionKind.PLACE: LocalizedText("plaats", "town or village"),
    SuggestionKind.STREET: LocalizedText("straat of plein", "street or square"),
    SuggestionKind.ADDRESS: LocalizedText("adres", "address"),
    SuggestionKind.SENSOR_TYPE: LocalizedText("soort sensor", "kind of sensor"),
    SuggestionKind.THEME: LocalizedText("thema", "theme"),
    SuggestionKind.SMART_CITY_THEME: LocalizedText("Smart City-thema", "Smart City theme"),
    SuggestionKind.LEGAL_GROUND: LocalizedText("reden waarom het mag", "legal ground"),
    SuggestionKind.ORGANISATION: LocalizedText("eigenaar", "owner"),
    SuggestionKind.PAGE: LocalizedText("uitleg", "explanation"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion; `path` is its page in Dutch, `position` in longitude and latitude for what has a place.

    `key` is the same for the same thing found twice. `not_found` has the typed words that are not in the name.
    """

    kind: SuggestionKind
    key: str
    label: LocalizedText
    path: str
    match: Match
    detail: LocalizedText | None = None
    position: tuple[float, float] | None = None
    not_found: str | None = None

    @property
    def precision(self) -> LocalizedText | None:
        """How exact a place is; None for what is no place, or for what was found as it was typed."""
        if self.match is Match.PART:
            found, found_en = _FOUND[self.kind]
            return LocalizedText(
                f"gevonden: {found}, niet {self.not_found}", f"found: {found_en}, not {self.not_found}"
            )
        if self.match is Match.SIMILAR and self.kind is not SuggestionKind.SPELLING:
            return LocalizedText("lijkt op wat u typte", "resembles what you typed")
        return None


_FOUND: Final = {
    SuggestionKind.MUNICIPALITY: ("de gemeente", "the municipality"),
    SuggestionKind.PLACE: ("de plaats", "the town"),
}
