"""The query parameters of items: from a request to a `SensorSearch`, every problem at once.

Source: OGC API Features part 1, 7.15; part 2 (`crs`, `bbox-crs`); `municipality`, `near`, `radius`, `covers` and
`asOf` are ours.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from app.core.clock import dutch_date
from app.core.errors import ABSENT, InvalidRequest, Problem
from app.core.i18n import LocalizedText
from app.core.query_string import read_parameters
from app.features.collection_properties import PROPERTIES_OF
from app.features.collections import GEOJSON, HTML
from app.features.cursor import read_cursor
from app.features.item_formats import FORMAT_BY_MEDIA_TYPE, ITEM_MEDIA_TYPES, choose_item_format
from app.features.parameter_values import (
    read_day,
    read_identifier,
    read_interval,
    read_moment,
    read_number,
    read_parameter,
    read_past_moment,
    read_plain,
    read_position,
    read_radius,
    read_truth,
    read_truth_or_digit,
    read_whole_number,
)
from app.features.result_parameters import read_names, read_order, read_words
from app.municipalities.directory import Directory
from app.sensors.fields import FIELD_BY_NAME, FieldKind
from app.sensors.search.filter_parser import read_sensor_filter
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.sensor_search import (
    LARGEST_INTEGER,
    SEARCHABLE,
    MunicipalityScope,
    Near,
    SensorSearch,
)
from app.spatial.bbox import Bbox, parse_bbox
from app.spatial.cql2.filters import FILTER_LANGUAGES, Filter, FilterLanguage
from app.spatial.crs import Crs, rd_from_lonlat
from app.spatial.crs_names import read_crs
from app.vocabularies.queries import Vocabularies

DEFAULT_LIMIT: Final = 100
MAX_ITEMS: Final = 10_000
MAX_SHOWN: Final = 1_000
"""Of the rows of a page for people, which is written whole."""
MAX_STREAMED: Final = 10_000_000
"""Of the formats that are streamed or spooled, a whole search may be asked at once."""
DEFAULT_RADIUS_METRES: Final = 250.0
MAX_RADIUS_METRES: Final = 50_000.0

PAGING: Final = ("limit", "cursor")
SPATIAL: Final = ("bbox", "bbox-crs", "crs")
FORM: Final = ("properties", "skipGeometry", "sortby")
FILTER: Final = ("filter", "filter-lang", "filter-crs")
SENSOR_PARAMETERS: Final = (
    "f", *PAGING, *SPATIAL, "datetime", "municipality", "near", "radius", "covers", "asOf",
    "q", *FILTER, "operationalStatus", *SEARCHABLE, *FORM,
)  # fmt: skip
"""Every parameter of the sensors; a search of areas takes the same."""

FilterReader = Callable[[str, FilterLanguage, Crs], tuple[Filter | None, Sequence[Problem]]]


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """What names and codes are read with."""

    directory: Directory
    vocabularies: Vocabularies


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """A request for items, read: the search, its canonical text, and what an earlier page counted.

    `cursor` and the format `f` are as they were asked for, which links repeat; `media_type` is what `f` came to.
    """

    search: SensorSearch
    canonical: str
    cursor: str | None
    number_matched: int | None
    media_type: str = GEOJSON
    f: str | None = None

    @property
    def is_first(self) -> bool:
        return self.cursor is None


def read_sensor_query(
    query_string: bytes, reference_data: ReferenceData, accept: str | None = None, collection: str = "sensors"
) -> ItemsQuery:
    """Raises: InvalidRequest naming every unknown, repeated or malformed parameter; NotAcceptable."""
    properties = PROPERTIES_OF[collection]
    given, problems = read_parameters(query_string, SENSOR_PARAMETERS)
    reading = ParameterReader(given, problems, accept)
    as_of = reading.read("asOf", read_past_moment)
    today = dutch_date(as_of)
    covers = reading.read("covers", read_position)
    search = SensorSearch(
        today=today,
        bbox=reading.read_bbox(),
        municipality=reading.read_municipality(reference_data.directory),
        near=reading.read_near(),
        covers=rd_from_lonlat(*covers) if covers else None,
        values=reading.read_values(reference_data.vocabularies, today),
        statuses=reading.read_choices("operationalStatus", OPERATIONAL_STATUSES),
        during=reading.read("datetime", read_interval),
        as_of=as_of,
        words=reading.read("q", read_words),
        filter=reading.read_filter(read_sensor_filter),
        order=reading.read("sortby", read_order(properties.sortable)) or (),
        limit=reading.read_limit(),
        crs=reading.read_crs("crs"),
        properties=reading.read("properties", read_names(properties.by_name)) or (),
        skip_geometry=reading.read("skipGeometry", read_truth) or False,
    )
    return reading.finish(search)


@dataclass(slots=True)
class ParameterReader:
    """The parameters of one request, and the problems so far."""

    given: Mapping[str, str]
    problems: list[Problem]
    accept: str | None = None
    formats: Mapping[str, str] = field(default_factory=lambda: ITEM_MEDIA_TYPES)
    media_type: str = field(init=False)

    def __post_init__(self) -> None:
        self.media_type = choose_item_format(self.given.get("f"), self.accept, self.problems, self.formats)

    @property
    def canonical(self) -> str:
        """The query in one order, without what only says which page, and in which format."""
        asked = (pair for pair in self.given.items() if pair[0] not in ("f", *PAGING))
        return urlencode(sorted(asked))

    def read(self, name: str, reader: Callable[[str], Any]) -> Any:
        text = self.given.get(name)
        return None if text is None else read_parameter(self.problems, name, text, reader)

    def refuse(self, name: str, code: str, detail: LocalizedText, suggestion: object = ABSENT) -> None:
        value = self.given.get(name, "")[:200]
        self.problems.append(Problem(code, name, detail, value, suggestion, where="query"))

    def read_limit(self) -> int:
        """Above the maximum it is cut, not refused, as OGC has it."""
        limit = self.read("limit", read_whole_number(1))
        most = MAX_STREAMED if self.media_type in FORMAT_BY_MEDIA_TYPE else MAX_ITEMS
        return min(limit or DEFAULT_LIMIT, MAX_SHOWN if self.media_type == HTML else most)

    def read_crs(self, name: str) -> Crs:
        text = self.given.get(name)
        if text is None:
            return Crs.CRS84
        crs, problems = read_crs(text, name, "query")
        self.problems += problems
        return crs

    def read_bbox(self) -> Bbox | None:
        crs = self.read_crs("bbox-crs")
        if "bbox" not in self.given:
            return None
        bbox, problems = parse_bbox(self.given["bbox"], crs)
        self.problems += problems
        return bbox

    def read_filter(self, read: FilterReader) -> Filter | None:
        language, crs = self.given.get("filter-lang", FILTER_LANGUAGES[0]), self.read_crs("filter-crs")
        if language not in FILTER_LANGUAGES:
            choice = " of ".join(FILTER_LANGUAGES)
            self.refuse(
                "filter-lang",
                "unknown_language",
                LocalizedText(f"Kies {choice}.", f"Choose {' or '.join(FILTER_LANGUAGES)}."),
            )
            return None
        if "filter" not in self.given:
            return None
        asked, problems = read(self.given["filter"], language, crs)
        self.problems += problems
        return asked

    def read_near(self) -> Near | None:
        position = self.read("near", read_position)
        radius = self.read("radius", read_radius(MAX_RADIUS_METRES))
        if "radius" in self.given and "near" not in self.given:
            detail = LocalizedText(
                "Geef bij radius ook near=lengte,breedte.", "With radius give near=longitude,latitude."
            )
            self.refuse("radius", "radius_without_near", detail)
        if position is None:
            return None
        longitude, latitude = position
        return Near.of_lonlat(longitude, latitude, radius or DEFAULT_RADIUS_METRES)

    def read_municipality(self, directory: Directory) -> MunicipalityScope | None:
        text = self.given.get("municipality")
        if text is None:
            return None
        try:
            found = directory.get_municipality(text)
        except InvalidRequest as unknown:
            self.problems += unknown.problems
            return None
        return MunicipalityScope(found.code, None if found.in_force else found.edition)

    def read_choices(self, name: str, choices: tuple[str, ...]) -> tuple[str, ...]:
        text = self.given.get(name)
        wanted = tuple(text.split(",")) if text is not None else ()
        for one in wanted:
            if one not in choices:
                self._refuse_term(name, one, next(iter(difflib.get_close_matches(one, choices, 1)), None))
        return wanted

    def read_values(self, vocabularies: Vocabularies, today: date) -> dict[str, tuple[Any, ...]]:
        """The values of each property asked for: a code of a list, or what its kind asks."""
        values = {}
        for name in SEARCHABLE:
            if name not in self.given:
                continue
            words = self.given[name].split(",")
            vocabulary = _vocabulary_of(name)
            read: list[Any] = list(words)
            if vocabulary is None:
                reader = _reader_of(name)
                read = [read_parameter(self.problems, name, word, reader) for word in words]
            else:
                for word in words:
                    # A term of the past may still be found in what was registered then.
                    if word not in vocabularies.labels(vocabulary):
                        self._refuse_term(name, word, vocabularies.nearest(vocabulary, word, today))
            values[name] = tuple(read)
        return values

    def _refuse_term(self, name: str, word: str, nearest: str | None) -> None:
        advice = (
            LocalizedText(f" Bedoelt u {nearest}?", f" Did you mean {nearest}?")
            if nearest
            else LocalizedText("", "")
        )
        detail = LocalizedText(
            f"“{word[:50]}” is geen waarde van {name}.{advice.nl}",
            f"“{word[:50]}” is no value of {name}.{advice.en}",
        )
        self.refuse(name, "unknown_term", detail, nearest or ABSENT)

    def finish(self, search: SensorSearch) -> ItemsQuery:
        """Raises: InvalidRequest when there was any problem."""
        canonical = self.canonical
        cursor = self.read("cursor", lambda text: read_cursor(text, canonical, search.order))
        if self.problems:
            raise InvalidRequest(problems=self.problems)
        return ItemsQuery(
            replace(search, after=cursor.after) if cursor else search,
            canonical,
            self.given.get("cursor"),
            number_matched=cursor.number_matched if cursor else None,
            media_type=self.media_type,
            f=self.given.get("f"),
        )


def _vocabulary_of(name: str) -> str | None:
    if name == "smartCityTheme":
        return name
    field = FIELD_BY_NAME.get(name)
    return field.vocabulary if field else None


def _reader_of(name: str) -> Callable[[str], Any]:
    field = FIELD_BY_NAME.get(name)
    kind = field.kind if field else None
    if kind is FieldKind.DATE or name == "confirmBy":
        return read_day
    if name == "version":
        return read_whole_number(1, LARGEST_INTEGER)
    if name == "updatedAt":
        return read_moment
    return _READERS.get(kind or FieldKind.TEXT, read_plain)


_READERS: Final[Mapping[FieldKind, Callable[[str], Any]]] = {
    FieldKind.ORGANISATION: read_identifier,
    FieldKind.BOOLEAN: read_truth_or_digit,
    FieldKind.NUMBER: read_number,
}
