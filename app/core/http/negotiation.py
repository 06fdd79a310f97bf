"""Choosing the representation of an answer from `f=` and Accept.

Source: RFC 9110, 12.5.1; OGC API Features 1.0, 7.3.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from app.core.errors import InvalidRequest, NotAcceptable
from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest

_NAME_BY_SUFFIX: Final = {
    "gpkg": "geopackage",
    "parquet": "geoparquet",
    "fgb": "flatgeobuf",
    "geojsons": "json-seq",
    "ndjson": "json-seq",
    "xls": "xlsx",
    "excel": "xlsx",
    "pbf": "mvt",
}
"""Names of formats by what their files are called."""


def choose_media_type(offered: Mapping[str, str], *, f: str | None, accept: str | None) -> str:
    """The media type of the answer. `f` takes precedence over Accept; the first one offered is the default.

    `offered` has the media types by their name in `f`, in order of preference.

    Raises: InvalidRequest for an unknown `f`; NotAcceptable when Accept leaves nothing.
    """
    if f is not None:
        if f in offered:
            return offered[f]
        names = ", ".join(offered)
        nearest = find_nearest(_NAME_BY_SUFFIX.get(f.lower(), f), offered)
        meant = ask_whether_meant(nearest)
        raise InvalidRequest(
            problems=[
                Problem(
                    ProblemCode.UNKNOWN_FORMAT,
                    "f",
                    LocalizedText(f"Kies uit: {names}.{meant.nl}", f"Choose from: {names}.{meant.en}"),
                    value=f,
                    suggestion=nearest or ABSENT,
                    where="query",
                )
            ]
        )
    chosen = _choose(tuple(offered.values()), accept)
    if chosen is None:
        types = ", ".join(dict.fromkeys(offered.values()))
        raise NotAcceptable(LocalizedText(f"Kies uit: {types}.", f"Choose from: {types}."))
    return chosen


def parse_media_type(parser: ParameterParser, offered: Mapping[str, str], accept: str | None) -> str:
    """The media type of the answer, as by `choose_media_type`; an unknown `f` is a problem of the parser.

    Raises: NotAcceptable when Accept leaves nothing.
    """
    try:
        return choose_media_type(offered, f=parser.given.get("f"), accept=accept)
    except InvalidRequest as unknown:
        parser.problems += unknown.problems
        return next(iter(offered.values()))


def prefers_html(accept: str | None) -> bool:
    """Whether the client is a browser: Accept names HTML, and does not prefer JSON."""
    if accept is None or "text/html" not in accept:
        return False
    return _choose(("application/json", "text/html"), accept) == "text/html"


@lru_cache(maxsize=512)
def _choose(offered: Sequence[str], accept: str | None) -> str | None:
    if not accept or accept == "*/*":
        return offered[0]
    ranges = _parse_accept(accept)
    best, best_quality = None, 0.0
    for media_type in offered:
        quality = _quality(media_type, ranges)
        if quality > best_quality:
            best, best_quality = media_type, quality
    return best


def _parse_accept(accept: str) -> list[tuple[str, str, float]]:
    """Type, subtype and quality of each range; malformed ranges are skipped."""
    ranges = []
    for part in accept.lower().split(","):
        media_range, *parameters = part.split(";")
        kind, slash, subtype = media_range.strip().partition("/")
        if slash:
            ranges.append((kind, subtype, _parse_quality(parameters)))
    return ranges


def _parse_quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _quality(media_type: str, ranges: Sequence[tuple[str, str, float]]) -> float:
    """The quality of the most specific range that matches the media type; 0 without a match."""
    kind, _, subtype = media_type.partition(";")[0].partition("/")
    best_specificity, quality = -1, 0.0
    for range_kind, range_subtype, range_quality in ranges:
        if (range_kind, range_subtype) == (kind, subtype):
            specificity = 2
        elif (range_kind, range_subtype) == (kind, "*"):
            specificity = 1
        elif (range_kind, range_subtype) == ("*", "*"):
            specificity = 0
        else:
            continue
        if specificity > best_specificity:
            best_specificity, quality = specificity, range_quality
    return quality
