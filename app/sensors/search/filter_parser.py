"""Parser of filters of sensors, with a cache, since every page of a search has the same filter."""

from functools import lru_cache

from app.core.problems import Problem
from app.sensors.search.conditions import list_filterable
from app.sensors.tables.publication import published_sensor
from app.spatial.cql2.filters import Filter, FilterLanguage, parse_filter
from app.spatial.crs import Crs


@lru_cache(maxsize=256)
def parse_sensor_filter(
    text: str, language: FilterLanguage, crs: Crs
) -> tuple[Filter | None, tuple[Problem, ...]]:
    """The filter, or None and all its problems; a search of areas uses the same properties."""
    asked, problems = parse_filter(text, language, crs, list_filterable(published_sensor))
    return asked, tuple(problems)


def parse_long_sensor_filter(
    text: str, language: FilterLanguage, crs: Crs
) -> tuple[Filter | None, list[Problem]]:
    """As `parse_sensor_filter`, for a filter that may be too long for an address and for the cache."""
    return parse_filter(text, language, crs, list_filterable(published_sensor), long_geometry=True)
