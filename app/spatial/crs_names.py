"""Names of reference systems in requests: URIs, and the URI that a common name stands for."""

import re
from typing import Final

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode, Where
from app.spatial.crs import Crs, parse_crs

_MAX_SHOWN: Final = 200

_BY_SHORT_NAME: Final = {
    **{crs.code.rpartition(":")[2].lower(): crs for crs in Crs},
    "rd": Crs.RD,
    "rdnew": Crs.RD,
    "wgs84": Crs.CRS84,
    "etrs89": Crs.ETRS89,
    "webmercator": Crs.WEB_MERCATOR,
}


def read_crs(text: str, location: str, where: Where) -> tuple[Crs, list[Problem]]:
    """The system of a URI; or CRS84 and a problem, which suggests the URI for a name such as `EPSG:28992`."""
    try:
        return parse_crs(text), []
    except ValueError:
        meant = _find_meant(text)
    choice = ", ".join(one.uri for one in Crs)
    detail = (
        LocalizedText(
            f"Noem het stelsel met zijn URI. Bedoelt u {meant.uri}?",
            f"Name the system by its URI. Did you mean {meant.uri}?",
        )
        if meant
        else LocalizedText(f"Kies een van: {choice}.", f"Choose one of: {choice}.")
    )
    suggestion = meant.uri if meant else ABSENT
    return Crs.CRS84, [
        Problem(ProblemCode.UNKNOWN_CRS, location, detail, text[:_MAX_SHOWN], suggestion, where)
    ]


def _find_meant(text: str) -> Crs | None:
    """The system of a short name or a URN: `EPSG:28992`, `urn:ogc:def:crs:EPSG::28992`, `RD New`."""
    name = re.sub(r"[\s_-]", "", text[:_MAX_SHOWN].strip("<>[] ")).lower()
    return _BY_SHORT_NAME.get(re.split(r"[:/]", name)[-1])
