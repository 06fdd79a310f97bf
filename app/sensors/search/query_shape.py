"""The shape of a search: its criteria without their values.

Searches of one shape share one SQL statement, which is composed once and cached.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, wraps

from sqlalchemy import Table

from app.sensors.search.operational_status import STATUS_PROPERTY, OperationalStatus
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.tables.publication import published_sensor, published_version
from app.spatial.cql2.filters import Filter
from app.spatial.crs import Crs


@dataclass(frozen=True, slots=True)
class QueryShape:
    """The criteria of a search, without their values; searches of one shape share one statement.

    `municipality` is "current", "old" (in an older edition only) or empty. `values` has each property with whether
    it has one value, for which an index returns rows in order, or several. `shows_all` includes removed and long
    expired sensors. `filter` may be any filter of the form `filter_form`: all have the same statement.
    """

    rectangles: int = 0
    box_in_rd: bool = False
    municipality: str = ""
    province: bool = False
    near: bool = False
    covers: bool = False
    values: tuple[tuple[str, bool], ...] = ()
    statuses: tuple[OperationalStatus, ...] = ()
    since: bool = False
    until: bool = False
    as_of: bool = False
    ids: bool = False
    words: bool = False
    filter: Filter | None = field(default=None, compare=False)
    filter_form: str = ""
    filter_has_ranges: bool = False
    shows_all: bool = False
    order: tuple[tuple[str, bool], ...] = ()
    after: bool = False
    crs: Crs = Crs.CRS84
    selected: bool = False
    skip_geometry: bool = False

    @classmethod
    def of(cls, search: SensorSearch) -> "QueryShape":
        municipality = search.municipality
        since, until = search.during or (None, None)
        return cls(
            rectangles=len(search.bbox.parts()) if search.bbox else 0,
            box_in_rd=search.bbox is not None and search.bbox.crs is Crs.RD,
            municipality="" if municipality is None else "old" if municipality.edition else "current",
            province=search.province is not None,
            near=search.near is not None,
            covers=search.covers is not None,
            values=tuple(sorted((name, len(wanted) == 1) for name, wanted in search.values.items())),
            statuses=tuple(sorted(set(search.statuses))),
            since=since is not None,
            until=until is not None,
            as_of=search.as_of is not None,
            ids=bool(search.ids),
            words=search.words is not None,
            filter=search.filter,
            filter_form=search.filter.form if search.filter else "",
            filter_has_ranges=search.filter is not None and search.filter.sort_key_ranges is not None,
            shows_all=bool(search.statuses) or filters_on_status(search.filter),
            order=tuple((key.name, key.descending) for key in search.order),
            after=search.after is not None,
            crs=search.crs,
            selected=bool(search.properties),
            skip_geometry=search.skip_geometry,
        )

    @property
    def has_sort_key_ranges(self) -> bool:
        """Whether the search reads a few ranges of the sort key."""
        # Another order may have its own index: the planner chooses between that index and these ranges.
        drawn = self.filter_has_ranges and not (self.is_linked or self.order)
        return self._has_location or drawn

    @property
    def is_common(self) -> bool:
        """Whether its plan does not depend on the values, so that the connection should prepare the statement."""
        plain = not (self.values or self.statuses or self.since or self.until or self.as_of)
        return plain and not (self.words or self.filter or self.order or self.selected or self.skip_geometry)

    @property
    def is_linked(self) -> bool:
        """Whether the search reads the link table of municipalities, in order."""
        # A municipality is usually more selective than a geometry in a filter, and its links have the same order.
        return self.municipality == "current" and not self._has_location and not self.as_of

    @property
    def _has_location(self) -> bool:
        return self.near or self.rectangles > 0

    @property
    def table(self) -> Table:
        return published_version if self.as_of else published_sensor


def cache_by_shape(write: Callable[..., str]) -> Callable[..., str]:
    """Cache the statement of each shape. Statements with a filter have a cache of their own: filters are endless.

    A long filter would fill that cache's memory.
    """
    common, filtered = (lru_cache(maxsize=size)(write) for size in (1024, 128))

    @wraps(write)
    def find(shape: QueryShape, **options: bool) -> str:
        if shape.filter is not None and shape.filter.is_long:
            return write(shape, **options)
        return (filtered if shape.filter else common)(shape, **options)

    return find


def filters_on_status(asked: Filter | None) -> bool:
    """Whether a filter uses the status, so that the search must not exclude any status by default."""
    return asked is not None and STATUS_PROPERTY in asked.names
