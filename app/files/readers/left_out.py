"""Parts of a file that become no cell of a table: heights, members beside the properties, columns of bytes."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from app.core.i18n import LocalizedText

_MAX_NAMES: Final = 20
_NAME_CHARACTERS: Final = 60


@dataclass(slots=True)
class _Occurrences:
    count: int
    first_row: int


@dataclass(slots=True)
class LeftOut:
    """Filled by a reader; `sentences` describe it to the person who uploaded the file."""

    _heights: _Occurrences | None = None
    _members: dict[str, _Occurrences] = field(default_factory=dict)
    _columns: list[str] = field(default_factory=list)

    def drop_heights(self, number: int, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry of a row in the plane. Heights that are all 0 mean that there are none, and are not noted."""
        if not geometry.has_z:
            return geometry
        heights = shapely.get_coordinates(geometry, include_z=True)[:, 2].tolist()
        if any(height and math.isfinite(height) for height in heights):
            self._heights = _count(self._heights, number)
        return shapely.force_2d(geometry)

    def note_members(self, number: int, names: Iterable[str]) -> None:
        """Note members of a GeoJSON feature that are none of its properties."""
        for name in names:
            if name in self._members or len(self._members) < _MAX_NAMES:
                self._members[name] = _count(self._members.get(name), number)

    def note_columns(self, names: Iterable[str]) -> None:
        """Note columns of which the values are bytes, objects or computed."""
        self._columns += list(names)[: _MAX_NAMES - len(self._columns)]

    @property
    def sentences(self) -> tuple[LocalizedText, ...]:
        found = [_describe_member(name, found) for name, found in self._members.items()]
        if self._columns:
            names = ", ".join(name[:_NAME_CHARACTERS] for name in self._columns)
            found.append(
                LocalizedText(
                    f"Niet gelezen kolommen: {names}. Daarin staan bytes, objecten of berekende waarden. Exporteer ze "
                    "als tekst, getal of datum, en een plek als geometrie van de laag.",
                    f"Columns that were not read: {names}. They hold bytes, objects or computed values. Export them as "
                    "text, number or date, and a place as the geometry of the layer.",
                )
            )
        if self._heights:
            found.append(
                LocalizedText(
                    f"De hoogtes in de geometrie zijn niet gebruikt ({_describe(self._heights).nl}). Zet de hoogte van "
                    "een sensor in een kolom.",
                    f"The heights in the geometry were not used ({_describe(self._heights).en}). Put the height of a "
                    "sensor in a column.",
                )
            )
        return tuple(found)


def _count(before: _Occurrences | None, number: int) -> _Occurrences:
    return _Occurrences(1, number) if before is None else _Occurrences(before.count + 1, before.first_row)


def _describe(found: _Occurrences) -> LocalizedText:
    return LocalizedText(
        f"objecten: {found.count}, het eerste is {found.first_row}",
        f"features: {found.count}, the first is {found.first_row}",
    )


def _describe_member(name: str, found: _Occurrences) -> LocalizedText:
    name, places = name[:_NAME_CHARACTERS], _describe(found)
    return LocalizedText(
        f"Naast de eigenschappen staat {name} ({places.nl}); dat is niet gebruikt. Zet het bij de eigenschappen.",
        f"Beside the properties stands {name} ({places.en}); it was not used. Put it among the properties.",
    )
