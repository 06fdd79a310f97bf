"""What somebody asks of the list of sensors, read from the address of the page."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from app.core.errors import InvalidRequest, Problem
from app.core.i18n import LocalizedText
from app.municipalities.directory import NamedMunicipality
from app.sensors.presentation import Labels
from app.sensors.search.sensor_search import After, MunicipalityScope, Near, SensorSearch

PAGE_SIZE: Final = 25
RADIUS_METRES: Final = 500
"""How far "near me" looks: a few minutes on foot."""

NETHERLANDS: Final = (3.0, 50.5, 7.5, 54.0)
"""West, south, east and north (degrees) of every place that may be asked for."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The sensors that are asked for; `near` is longitude and latitude, `theme` a smart city theme of `themes`."""

    municipality: NamedMunicipality | None = None
    near: tuple[float, float] | None = None
    theme: str | None = None
    themes: tuple[str, ...] = ()
    after: After | None = None

    def search(self, today: date) -> SensorSearch:
        """The first or next page of the answer."""
        return SensorSearch(
            today,
            municipality=_scope(self.municipality) if self.municipality else None,
            near=Near.of_lonlat(*self.near, RADIUS_METRES) if self.near else None,
            values={"themes": self.themes} if self.themes else {},
            after=self.after,
            limit=PAGE_SIZE,
        )

    def word(self, labels: Labels) -> str:
        """The question as the heading of its answer."""
        words = labels.word(LocalizedText("Sensoren", "Sensors"))
        if self.municipality:
            words += labels.word(LocalizedText(" in ", " in ")) + self.municipality.name
        if self.near:
            words += labels.word(
                LocalizedText(
                    f" binnen {RADIUS_METRES} meter van u", f" within {RADIUS_METRES} metres of you"
                )
            )
        if self.theme:
            words += f": {labels.name_term('smartCityTheme', self.theme).lower()}"
        return words

    def address_after(self, path: str, after: After) -> str:
        """The address of the page that follows."""
        asked = {
            "municipality": self.municipality.code if self.municipality else None,
            "near": ",".join(map(str, self.near)) if self.near else None,
            "smartCityTheme": self.theme,
            "after": f"{after.position},{after.id}",
        }
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"


def parse_list_query(parameters: Mapping[str, str], labels: Labels) -> ListQuery:
    """The question of a page's address; a parameter without value, as a form sends it, asks nothing.

    Raises: InvalidRequest for a municipality, place, theme or page that cannot be.
    """
    asked = {name: value.strip() for name, value in parameters.items() if value.strip()}
    query = ListQuery()
    if "municipality" in asked:
        found = labels.directory.get_municipality(asked["municipality"])
        query = replace(query, municipality=found)
    if "near" in asked:
        query = replace(query, near=_read_place(asked["near"]))
    if "smartCityTheme" in asked:
        theme = _read_theme(asked["smartCityTheme"], labels)
        query = replace(query, theme=theme, themes=labels.list_themes(theme))
    if "after" in asked:
        query = replace(query, after=_read_after(asked["after"]))
    return query


def _scope(municipality: NamedMunicipality) -> MunicipalityScope:
    return MunicipalityScope(municipality.code, None if municipality.in_force else municipality.edition)


def _read_place(typed: str) -> tuple[float, float]:
    west, south, east, north = NETHERLANDS
    try:
        longitude, latitude = map(float, typed.split(","))
    except ValueError:
        longitude = latitude = math.nan
    # A comparison with NaN is false.
    if west <= longitude <= east and south <= latitude <= north:
        return longitude, latitude
    raise _refuse(
        "near",
        typed,
        LocalizedText(
            "Dit register gaat over plekken in Nederland: eerst de lengte, dan de breedte, in graden.",
            "This register is about places in the Netherlands: first longitude, then latitude, in degrees.",
        ),
    )


def _read_theme(typed: str, labels: Labels) -> str:
    if typed in labels.vocabularies.labels("smartCityTheme"):
        return typed
    raise _refuse(
        "smartCityTheme", typed, LocalizedText("Dit thema kennen wij niet.", "We do not know this theme.")
    )


def _read_after(typed: str) -> After:
    position, _, identifier = typed.partition(",")
    try:
        after = After(float(position), UUID(identifier))
    except ValueError:
        after = After(math.nan, UUID(int=0))
    if math.isfinite(after.position):
        return after
    raise _refuse("after", typed, LocalizedText("Deze pagina bestaat niet.", "There is no such page."))


def _refuse(name: str, value: str, detail: LocalizedText) -> InvalidRequest:
    return InvalidRequest(detail, problems=[Problem("invalid_value", name, detail, value, where="query")])
