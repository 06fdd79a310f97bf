"""The query of the list of sensors: the parameters of the API in the address of a page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, urlencode

from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import InvalidParameter, parse_parameter, parse_past_timestamp
from app.core.problems import Problem, ProblemCode
from app.core.query_string import split_query_string
from app.municipalities.directory import NamedMunicipality
from app.municipalities.provinces import PROVINCE_BY_CODE
from app.sensors.presentation import Labels
from app.sensors.search.cursor import Cursor, format_cursor, parse_cursor
from app.sensors.search.operational_status import STATUS_PROPERTY
from app.sensors.search.pages import SensorPage
from app.sensors.search.parameters import CRITERIA_PARAMETERS, parse_search
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.sensor_search import SEVERAL_VALUED, SensorSearch, Spot
from app.spatial.bbox import parse_bbox
from app.spatial.crs import Crs
from app.spatial.netherlands import is_in_netherlands
from app.spatial.query_parameters import BBOX_PARAMETERS

PAGE_SIZE: Final = 25
CHOICES: Final = SEVERAL_VALUED | {STATUS_PROPERTY}
"""Parameters of which a reader may choose several values."""
RADIUS_METRES: Final = 500
"""The radius around the reader without a `radius`: a few minutes on foot."""
LIST_PARAMETERS: Final = (*BBOX_PARAMETERS, *CRITERIA_PARAMETERS, "sortby", "cursor")
VIEW_PARAMETER: Final = "weergave"
"""How the list is shown: `tabel`, or as a list without it."""
MAP_PARAMETER: Final = "beeld"
"""The part of the map in view: west, south, east, north in degrees. It selects no sensors."""
PAGE_PARAMETERS: Final = (VIEW_PARAMETER, MAP_PARAMETER)
"""Parameters of pages, which the API does not have."""
TABLE: Final = "tabel"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A page of the list; `unknown` are parameters that it cannot use, which the page reports.

    `given` are the parameters of the search by name, without those of the page; `base` is the search as they say it,
    and `search` the same with its page, by faster criteria. `view` is the part of the map in view, or None.
    """

    search: SensorSearch
    base: SensorSearch
    given: Mapping[str, str]
    canonical: str
    cursor: str | None
    is_table: bool = False
    view: tuple[float, float, float, float] | None = None
    municipality: NamedMunicipality | None = None
    theme: str | None = None
    unknown: tuple[Problem, ...] = ()

    @property
    def is_first(self) -> bool:
        return self.cursor is None

    def format_heading(self, labels: Labels) -> str:
        """The criteria as the heading of the page."""
        words = labels.render(LocalizedText("Sensoren", "Sensors"))
        if self.municipality:
            words += labels.render(LocalizedText(" in ", " in ")) + self.municipality.name
        if self.search.near:
            metres = round(self.search.near.radius_metres)
            words += labels.render(
                LocalizedText(f" binnen {metres} meter van u", f" within {metres} metres of you")
            )
        if self.theme:
            words += f": {labels.name_term('smartCityTheme', self.theme).lower()}"
        return words

    def explain_contradiction(self) -> LocalizedText | None:
        """Where the municipality lies, if that is not in the province of the search; None without a contradiction."""
        asked, found = self.base.province, self.municipality
        if asked is None or found is None or found.province is None:
            return None
        name = PROVINCE_BY_CODE[asked.code].name
        if found.province == name:
            return None
        return LocalizedText(
            f"De gemeente {found.name} ligt niet in de provincie {name}, maar in de provincie {found.province}.",
            f"The municipality of {found.name} is not in the province of {name} but in the province of "
            f"{found.province}.",
        )

    def find_passing(self) -> SensorSearch | None:
        """The moving sensors whose area holds the place of a search near it; None for another search or page."""
        near = self.search.near
        if near is None or not self.is_first:
            return None
        values = {**self.search.values, "mobility": ("mobile",)}
        return replace(self.search, near=None, covers=Spot(near.x, near.y, near.lonlat), values=values)

    def format_next(self, path: str, page: SensorPage) -> str | None:
        """The address of the next page; None on the last."""
        if page.after is None:
            return None
        cursor = quote(format_cursor(Cursor(page.after, None), self.canonical), safe="")
        return f"{path}?{self.canonical}{'&' if self.canonical else ''}cursor={cursor}"


def parse_list_query(query_string: bytes, labels: Labels) -> ListQuery:
    """The query of a page's address. Parameters without a value, as forms send them, are left out.

    Raises: InvalidRequest naming every malformed or repeated parameter.
    """
    parser = ParameterParser.of_query(
        urlencode(join_repeated(query_string)).encode(), (*LIST_PARAMETERS, *PAGE_PARAMETERS)
    )
    unknown = tuple(problem for problem in parser.problems if problem.code == ProblemCode.UNKNOWN_PARAMETER)
    parser.problems = [
        problem for problem in parser.problems if problem.code != ProblemCode.UNKNOWN_PARAMETER
    ]
    unknown += _drop_future(parser)
    is_table = parser.parse(VIEW_PARAMETER, _parse_view) or False
    view = _parse_map_view(parser)
    parser.given = {name: text for name, text in parser.given.items() if name not in PAGE_PARAMETERS}
    canonical = parser.format_canonical(excluded=("cursor",))
    if "near" in parser.given and "radius" not in parser.given:
        parser.given = {**parser.given, "radius": str(RADIUS_METRES)}
    search = parse_search(parser, ReferenceData(labels.directory, labels.vocabularies))
    if search.near and not is_in_netherlands(*search.near.lonlat):
        detail = LocalizedText(
            "Dit register gaat over plekken in Nederland: eerst de lengte, dan de breedte, in graden.",
            "This register is about places in the Netherlands: first longitude, then latitude, in degrees.",
        )
        parser.refuse("near", ProblemCode.INVALID_POSITION, detail)
    base = search
    cursor = parser.parse("cursor", lambda text: parse_cursor(text, canonical, search.order))
    parser.require_no_problems()
    theme = _find_single_theme(search)
    if theme:
        # The themes are indexed, the smart city theme that follows from them is not.
        others = {name: wanted for name, wanted in search.values.items() if name != "smartCityTheme"}
        search = replace(search, values=others | {"themes": labels.list_themes(theme)})
    scope = search.municipality
    return ListQuery(
        replace(search, limit=PAGE_SIZE, after=cursor.after if cursor else None),
        base,
        {name: text for name, text in parser.given.items() if name != "cursor"},
        canonical,
        parser.given.get("cursor"),
        is_table,
        view,
        labels.directory.get_municipality(scope.code) if scope else None,
        theme,
        unknown,
    )


def _drop_future(parser: ParameterParser) -> tuple[Problem, ...]:
    """The problem of an `asOf` that is yet to come, which is left out: a page shows today and says so."""
    problems: list[Problem] = []
    if "asOf" in parser.given:
        parse_parameter(problems, "asOf", parser.given["asOf"], parse_past_timestamp)
    future = tuple(problem for problem in problems if problem.code == ProblemCode.IN_FUTURE)
    if future:
        parser.given = {name: text for name, text in parser.given.items() if name != "asOf"}
    return future


def _find_single_theme(search: SensorSearch) -> str | None:
    """The smart city theme, when the search names one and no theme within it."""
    wanted = search.values.get("smartCityTheme", ())
    return wanted[0] if len(wanted) == 1 and "themes" not in search.values else None


def join_repeated(query_string: bytes) -> list[tuple[str, str]]:
    """The parameters that have a value; several values of a choice, as forms send them, become one with commas."""
    joined: dict[str, list[str]] = {}
    for name, value in split_query_string(query_string):
        if value.strip():
            joined.setdefault(name, []).append(value.strip())
    return [
        pair
        for name, values in joined.items()
        for pair in ([(name, ",".join(values))] if name in CHOICES else [(name, value) for value in values])
    ]


def _parse_map_view(parser: ParameterParser) -> tuple[float, float, float, float] | None:
    if MAP_PARAMETER not in parser.given:
        return None
    box, problems = parse_bbox(parser.given[MAP_PARAMETER], Crs.CRS84, MAP_PARAMETER)
    parser.problems += problems
    return (box.west, box.south, box.east, box.north) if box else None


def _parse_view(text: str) -> bool:
    if text in (TABLE, "lijst"):
        return text == TABLE
    raise InvalidParameter(
        ProblemCode.INVALID_VALUE, LocalizedText("Kies uit: lijst, tabel.", "Choose from: lijst, tabel.")
    )
