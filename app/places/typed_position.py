"""Positions as people type or paste them: degrees, RD, and the addresses of maps."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

from app.core.formatting import format_number
from app.core.i18n import Language, LocalizedText
from app.records.coordinates import parse_position_text
from app.spatial.crs import Crs
from app.spatial.netherlands import is_in_netherlands

_NUMBER: Final = r"([+-]?\d{1,3}(?:\.\d+)?)"
_MAP_POSITIONS: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        # The place itself comes before the middle of the map.
        rf"!3d{_NUMBER}!4d{_NUMBER}",
        rf"[?&#]mlat={_NUMBER}&mlon={_NUMBER}",
        rf"[?&#](?:q|ll|query|center|destination|daddr|cbll|viewpoint)=(?:loc:)?{_NUMBER},\s*{_NUMBER}",
        rf"@{_NUMBER},\s*{_NUMBER}",
        rf"#map=\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}",
        rf"[?&#]lat=?{_NUMBER}&(?:lon|lng)={_NUMBER}",
        rf"^geo:{_NUMBER},{_NUMBER}",
    )
)
"""Latitude and longitude in addresses of Google, OpenStreetMap, Apple and others, and in RFC 5870."""
_OWN_POSITION: Final = re.compile(rf"[?&](?:plek|at|near)={_NUMBER},{_NUMBER}")
"""Longitude and latitude in an address of this register."""

_LABELS: Final = re.compile(
    r"\b(?:gps|wgs ?84|etrs ?89|rd|rijksdriehoek|epsg:\d+|lat(?:itude)?|breedtegraad|lon(?:gitude)?|lng|lengtegraad"
    r"|co[oö]rdina(?:ten|tes)|[xyen]|nb|ol)\b[\s:=]*",
    re.IGNORECASE,
)
_SIDES: Final = re.compile(r"(?<=[\d°\s])[NEO](?![^\W\d_])|(?<![^\W\d_])[NEO](?=\s?\d)", re.IGNORECASE)
_WEB_ADDRESS: Final = re.compile(r"(?:https?://|geo:)\S+", re.IGNORECASE)

_SAME_DEGREES: Final = 0.00002

NOT_DUTCH: Final = LocalizedText(
    "Deze plek ligt niet in Nederland. Dit register gaat over plekken in Nederland.",
    "This spot is not in the Netherlands. This register is about places in the Netherlands.",
)
NO_POSITION: Final = LocalizedText(
    "In dit webadres vinden wij geen plek en geen sensor. Zoek op plaats, soort of nummer.",
    "We find no spot and no sensor in this web address. Search by town, kind or number.",
)


@dataclass(frozen=True, slots=True)
class TypedPosition:
    """A position in degrees (CRS84), and a sentence that says how the text was read."""

    lon: float
    lat: float
    reading: LocalizedText

    @property
    def label(self) -> LocalizedText:
        """The position as people write it."""
        return LocalizedText(
            f"{_write(self.lat, 'nl')}° NB, {_write(self.lon, 'nl')}° OL",
            f"{_write(self.lat, 'en')}° N, {_write(self.lon, 'en')}° E",
        )

    def is_at(self, lon: float, lat: float) -> bool:
        """Whether this is the same position to about a metre."""
        return abs(self.lon - lon) < _SAME_DEGREES and abs(self.lat - lat) < _SAME_DEGREES

    @property
    def is_dutch(self) -> bool:
        """Whether it lies in or near the Netherlands."""
        return bool(is_in_netherlands(self.lon, self.lat))


def is_web_address(text: str) -> bool:
    return _WEB_ADDRESS.fullmatch(text.strip()) is not None


def find_position(text: str) -> TypedPosition | None:
    """The position that a text must mean; None for every other text.

    Of two numbers of degrees the one that fits the Netherlands is the latitude.
    """
    address = unquote_plus(text.strip())
    if found := _OWN_POSITION.search(address):
        return _take_degrees(lon=float(found[1]), lat=float(found[2]))
    for pattern in _MAP_POSITIONS:
        if found := pattern.search(address):
            return _take_degrees(lon=float(found[2]), lat=float(found[1]))
    return None if is_web_address(text) else _find_numbers(text)


def _find_numbers(text: str) -> TypedPosition | None:
    plain = _LABELS.sub(" ", text.strip())
    if not re.search(r"[°º]\s*\d", plain):
        # Degrees without minutes: 52,0929° N.
        plain = _SIDES.sub(" ", plain.replace("°", " ").replace("º", " "))
    plain = " ".join(plain.replace(" ,", ",").strip(" ,;").split())
    found = parse_position_text(plain)
    if found is None or not _is_position(plain):
        return None
    x, y, crs = found
    if crs is not Crs.RD:
        return _take_degrees(lon=x, lat=y)
    lon, lat = map(float, crs.to_lonlat(x, y))
    return TypedPosition(
        lon,
        lat,
        LocalizedText(
            f"Gelezen als RD-coördinaten: x {format_number(round(x), 'nl')} en y {format_number(round(y), 'nl')}.",
            f"Read as RD coordinates: x {format_number(round(x), 'en')} and y {format_number(round(y), 'en')}.",
        ),
    )


def _is_position(text: str) -> bool:
    """Whether these are no house numbers or years: degrees have decimals or minutes, and RD has six digits."""
    return len(re.findall(r"\d[.,]\d|[°º]", text)) >= 2 or len(re.findall(r"\d{5,6}", text)) == 2


def _take_degrees(*, lon: float, lat: float) -> TypedPosition:
    if is_in_netherlands(lat, lon) and not is_in_netherlands(lon, lat):
        lon, lat = lat, lon
    return TypedPosition(
        lon,
        lat,
        LocalizedText(
            f"Gelezen als breedtegraad {_write(lat, 'nl')} en lengtegraad {_write(lon, 'nl')}.",
            f"Read as latitude {_write(lat, 'en')} and longitude {_write(lon, 'en')}.",
        ),
    )


def _write(degrees: float, language: Language) -> str:
    written = f"{degrees:.5f}"
    return written.replace(".", ",") if language == "nl" else written
