"""Query parameters of every collection that has geometries: `crs`, `bbox` and `filter`.

Source: OGC API Features part 1, 7.15.3; part 2, 7.3 and 7.4; part 3, 6.
"""

from collections.abc import Callable, Sequence
from typing import Final

from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.problems import Problem, ProblemCode
from app.spatial.bbox import Bbox, parse_bbox
from app.spatial.cql2.filters import FILTER_LANGUAGES, Filter, FilterLanguage
from app.spatial.crs import Crs
from app.spatial.crs_names import read_crs

BBOX_PARAMETERS: Final = ("bbox", "bbox-crs")
FILTER_PARAMETERS: Final = ("filter", "filter-lang", "filter-crs")

ParseFilter = Callable[[str, FilterLanguage, Crs], tuple[Filter | None, Sequence[Problem]]]


def parse_crs_parameter(parser: ParameterParser, name: str) -> Crs:
    """The reference system of a parameter, CRS84 by default."""
    text = parser.given.get(name)
    if text is None:
        return Crs.CRS84
    crs, problems = read_crs(text, name, "query")
    parser.problems += problems
    return crs


def parse_bbox_parameters(parser: ParameterParser) -> Bbox | None:
    crs = parse_crs_parameter(parser, "bbox-crs")
    if "bbox" not in parser.given:
        return None
    bbox, problems = parse_bbox(parser.given["bbox"], crs)
    parser.problems += problems
    return bbox


def parse_filter_parameters(parser: ParameterParser, parse: ParseFilter) -> Filter | None:
    """The CQL2 filter; `parse` parses it with the queryables of the collection."""
    language, crs = (
        parser.given.get("filter-lang", FILTER_LANGUAGES[0]),
        parse_crs_parameter(parser, "filter-crs"),
    )
    if language not in FILTER_LANGUAGES:
        detail = LocalizedText(
            f"Kies {' of '.join(FILTER_LANGUAGES)}.", f"Choose {' or '.join(FILTER_LANGUAGES)}."
        )
        parser.refuse("filter-lang", ProblemCode.UNKNOWN_LANGUAGE, detail)
        return None
    if "filter" not in parser.given:
        return None
    parsed, problems = parse(parser.given["filter"], language, crs)
    parser.problems += problems
    return parsed
