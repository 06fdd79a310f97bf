"""Search for a resident who reports something: each result leads back to the report, with its spot or its sensor.

The address of the page of results has the goal in it, so that reporting survives a search with and without scripts.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from app.places.suggestion import Suggestion, SuggestionKind

GOAL: Final = "doel"
REPORTING: Final = "melden"
"""Parameter of the page of results, and its value for who reports something."""

REPORT: Final = "/melden"
CHOOSE_PLACE: Final = f"{REPORT}/kaart"
"""Dutch paths of a report, and of the map on which its place is chosen."""

_EXACT: Final = frozenset({SuggestionKind.ADDRESS, SuggestionKind.POSITION})
"""Kinds that are one spot; the middle of a street or town is chosen from on the map."""
_LISTS: Final = frozenset({SuggestionKind.TEXT, SuggestionKind.SENSORS})
"""Kinds that are lists of sensors, each of which has a page that leads to a report."""


def write_report_path(**given: str) -> str:
    """The report about a sensor or a spot."""
    return f"{REPORT}?{urlencode(given, safe=',')}"


def list_report_goals(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """The suggestions that lead on with a report, with the paths that do."""
    return [replace(one, path=path) for one in suggestions if (path := _find_path(one)) is not None]


def is_report_goal(one: Suggestion) -> bool:
    """Whether this is a sensor or a place, and no list or other text to choose from."""
    return one.position is not None or one.kind is SuggestionKind.SENSOR


def _find_path(one: Suggestion) -> str | None:
    if one.kind is SuggestionKind.SENSOR:
        return write_report_path(sensor=one.path.rpartition("/")[2])
    if one.position is not None:
        place = ",".join(f"{degrees:.5f}" for degrees in one.position)
        if one.kind in _EXACT:
            return write_report_path(plek=place)
        return f"{CHOOSE_PLACE}?{urlencode({'rond': place, 'soort': one.kind.value}, safe=',')}"
    if one.kind is SuggestionKind.SPELLING:
        return f"{one.path}&{urlencode({GOAL: REPORTING})}"
    return one.path if one.kind in _LISTS else None
