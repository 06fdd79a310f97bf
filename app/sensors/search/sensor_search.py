"""The description of a search, shared by all that search sensors.

Items, tiles, exports, statistics and pages all build a `SensorSearch`; only this package turns it into SQL.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.sensors.fields import FieldKind
from app.sensors.search.operational_status import OperationalStatus
from app.sensors.tables.publication import QUERYABLE_FIELDS
from app.spatial.bbox import Bbox
from app.spatial.cql2.filters import Filter
from app.spatial.crs import Crs, rd_from_lonlat
from app.spatial.sort_key_ranges import SortKeyRanges, sort_key_ranges_of_bbox, sort_key_ranges_of_circle

DEFAULT_LIMIT: Final = 100

LARGEST_INTEGER: Final = 2**31 - 1
"""Largest value of an integer column in PostgreSQL."""

COUNT_CAP: Final = 10_000
"""`numberMatched` is counted up to here; above it is left out."""

LIST_COLUMNS: Final = frozenset(
    {field.name for field in QUERYABLE_FIELDS if field.kind is FieldKind.TERMS}
    | {"smartCityTheme", "municipalityCodes"}
)
"""Searchable properties with several values; one common value is a match."""

SEARCHABLE: Final[Mapping[str, str]] = {
    "publicCode": "public_code",
    **{field.name: field.column for field in QUERYABLE_FIELDS},
    "ownerName": "owner_name",
    "smartCityTheme": "smart_city_theme",
    "municipalityCode": "municipality_code",
    "municipalityName": "municipality_name",
    "municipalityCodes": "municipality_codes",
    "placedFrom": "placed_from",
    "activeUntil": "active_until",
    "removedOn": "removed_on",
    "confirmBy": "confirm_by",
    "version": "version",
    "updatedAt": "updated_at",
}
"""Properties that a search may use, with their columns; `operationalStatus` is derived from dates."""


ORGANISATION_PROPERTIES: Final = frozenset(
    field.name for field in QUERYABLE_FIELDS if field.kind is FieldKind.ORGANISATION
)
"""Searchable properties whose values are ids of organisations."""

SEVERAL_VALUED: Final = (
    frozenset(field.name for field in QUERYABLE_FIELDS if field.vocabulary)
    | ORGANISATION_PROPERTIES
    | {"publicCode", "smartCityTheme", "municipalityCode", "municipalityCodes"}
)
"""Properties of which a parameter may hold several values, with commas between: codes of closed lists, and ids.

A comma in any other value is a part of it. Source: decision 0033.
"""

SORTABLE: Final[Mapping[str, str]] = {
    name: column for name, column in SEARCHABLE.items() if name not in LIST_COLUMNS | ORGANISATION_PROPERTIES
}
"""Properties by which results can be ordered, with their columns: those with a single value, except ids."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A property by which answers are ordered; what has no value comes last, either way."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in RD (metres); `lonlat` is the same position as it was given."""

    x: float
    y: float
    lonlat: tuple[float, float] = field(default=(math.nan, math.nan), compare=False)

    @classmethod
    def of_lonlat(cls, longitude: float, latitude: float) -> "Spot":
        return cls(*rd_from_lonlat(longitude, latitude), (longitude, latitude))


@dataclass(frozen=True, slots=True)
class Near:
    """A position in RD and a radius in metres. Answers are ordered by distance, and have it."""

    x: float
    y: float
    radius_metres: float
    lonlat: tuple[float, float] = field(default=(math.nan, math.nan), compare=False)
    """The position as it was given."""

    @classmethod
    def of_lonlat(cls, longitude: float, latitude: float, radius_metres: float) -> "Near":
        return cls(*rd_from_lonlat(longitude, latitude), radius_metres, (longitude, latitude))


@dataclass(frozen=True, slots=True)
class MunicipalityScope:
    """A municipality; `edition` is set when only an older edition has the code."""

    code: str
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class ProvinceScope:
    """A province by code (PV27), and the codes of its municipalities in the edition in force."""

    code: str
    municipality_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class After:
    """The end of the last page: a sort key or a distance, with the id that breaks ties.

    `keys` are the last values of the `sortby` properties, as PostgreSQL writes them.
    """

    position: float
    id: UUID
    keys: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class SensorSearch:
    """The criteria, order and contents of a search on one day.

    Without criteria it returns all that is shown by default.

    `values` has, by property name, the values of which one must match. `during` is a first and a last day,
    either of which may be None. Without `statuses`, removed and long expired sensors are excluded, unless
    `filter` uses the status. All `words` must occur in the public texts of a sensor.

    `order` replaces the default order; `properties` are those in the response, all of them when it is empty.
    """

    today: date
    bbox: Bbox | None = None
    municipality: MunicipalityScope | None = None
    province: ProvinceScope | None = None
    near: Near | None = None
    covers: Spot | None = None
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    statuses: tuple[OperationalStatus, ...] = ()
    during: tuple[date | None, date | None] | None = None
    as_of: datetime | None = None
    ids: tuple[UUID, ...] = ()
    words: str | None = None
    filter: Filter | None = None
    order: tuple[SortKey, ...] = ()
    after: After | None = None
    limit: int = DEFAULT_LIMIT
    crs: Crs = Crs.CRS84
    properties: tuple[str, ...] = ()
    skip_geometry: bool = False

    @property
    def is_whole_collection(self) -> bool:
        """Whether it has no criteria, so that the stored counts apply."""
        return self.municipality is None and self._is_plain

    @property
    def is_one_municipality(self) -> bool:
        """Whether its only criterion is a municipality in force."""
        return self.municipality is not None and self.municipality.edition is None and self._is_plain

    @property
    def is_costly(self) -> bool:
        """Whether no index bounds its cost: a filter, words, or another order may read every sensor."""
        return self.filter is not None or self.words is not None or bool(self.order)

    @property
    def _is_plain(self) -> bool:
        return not (
            self.bbox
            or self.province
            or self.near
            or self.covers
            or self.values
            or self.statuses
            or self.during
            or self.as_of
            or self.ids
            or self.words
            or self.filter
        )

    def sort_key_ranges(self) -> SortKeyRanges | None:
        """The ranges of the sort key that contain all matches; None when the search has no box or circle."""
        if self.near is not None:
            return sort_key_ranges_of_circle(self.near.x, self.near.y, self.near.radius_metres)
        return sort_key_ranges_of_bbox(self.bbox) if self.bbox is not None else None
