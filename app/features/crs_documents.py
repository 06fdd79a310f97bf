"""The reference systems of the register, for anyone who writes or reads its coordinates."""

from typing import Any, Final

from app.core.i18n import Language, LocalizedText
from app.spatial.crs import Crs

CRS_TITLES: Final = {
    Crs.CRS84: LocalizedText("WGS 84, lengte en breedte", "WGS 84, longitude and latitude"),
    Crs.RD: LocalizedText("Amersfoort / RD New", "Amersfoort / RD New"),
    Crs.ETRS89: LocalizedText("ETRS89, breedte en lengte", "ETRS89, latitude and longitude"),
    Crs.ETRF2000: LocalizedText("ETRF2000, breedte en lengte", "ETRF2000, latitude and longitude"),
    Crs.WGS84: LocalizedText("WGS 84, breedte en lengte", "WGS 84, latitude and longitude"),
    Crs.WEB_MERCATOR: LocalizedText("Web Mercator", "Web Mercator"),
}


def describe_systems(language: Language) -> list[dict[str, Any]]:
    """Every system, in the order in which collections list them; `axes` are as on the wire."""
    return [
        {
            "uri": crs.uri,
            "code": crs.code,
            "title": CRS_TITLES[crs].render(language),
            "axes": _name_axes(crs),
            "unit": "deg" if crs.is_geographic else "m",
            "decimals": crs.decimals,
        }
        for crs in Crs
    ]


def _name_axes(crs: Crs) -> list[str]:
    if not crs.is_geographic:
        return ["x", "y"]
    return ["latitude", "longitude"] if crs.latitude_first else ["longitude", "latitude"]
