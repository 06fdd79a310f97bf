"""GeoJSON: a collection, or features one after the other; gone through twice, first for its headings.

Source: RFC 7946; RFC 8142 for text sequences; the `crs` of GeoJSON 2008, which programs still write.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.readers.cell_values import tidy_value
from app.files.readers.geojson_features import FeatureReader
from app.files.readers.geometries import find_crs, looks_like_rd, read_geojson_geometry
from app.files.readers.left_out import LeftOut
from app.files.readers.limits import FileLimits
from app.files.readers.table_tally import TableTally
from app.files.readers.text_damage import TextDamage
from app.files.reading_account import ReadingAccount
from app.files.table import Row, Table
from app.spatial.crs import Crs

_SHOWN_PROBLEMS: Final = 100
# Links and GeoServer's name of the geometry say nothing of the thing itself.
_KNOWN_MEMBERS: Final = frozenset({"type", "geometry", "properties", "bbox", "links", "geometry_name"})

_NO_PROPERTIES: Final = LocalizedText(
    "de eigenschappen zijn geen JSON-object. Herstel ze", "the properties are not a JSON object. Repair them"
)
_NO_GEOMETRY: Final = LocalizedText(
    "de geometrie is niet te lezen. Herstel haar", "the geometry cannot be read. Repair it"
)


@contextmanager
def open_geojson(path: Path, limits: FileLimits) -> Iterator["GeojsonSource"]:
    """Open a GeoJSON file. Raises: InvalidRequest where it is none, naming the features that are wrong."""
    with path.open("rb") as content:
        yield GeojsonSource(content, path.stat().st_size, limits)


@dataclass(slots=True)
class _Survey:
    """Findings of the first pass."""

    names: dict[str, None] = field(default_factory=dict)
    has_ids: bool = False
    in_rd: int = 0
    elsewhere: int = 0
    crs: Crs | None = None
    problems: list[Problem] = field(default_factory=list)


class GeojsonSource:
    """A GeoJSON file; its headings are all properties that features have, and before them `id` if there is one."""

    format = "geojson"

    def __init__(self, content: IO[bytes], size_bytes: int, limits: FileLimits) -> None:
        self._content = content
        self._size_bytes = size_bytes
        self._limits = limits
        self._reader = FeatureReader(content, limits)
        self._tally = TableTally()
        self._damage = TextDamage()
        self._left_out = LeftOut()
        self._survey = _Survey()
        self._survey_features()

    @property
    def account(self) -> ReadingAccount:
        warnings = (*self._damage.warnings, *self._left_out.sentences)
        return ReadingAccount(self.format, (self._tally.freeze(),), warnings=warnings)

    @property
    def fraction_read(self) -> float:
        return min(1.0, self._content.tell() / self._size_bytes)

    def read_tables(self) -> Iterator[Table]:
        found = self._survey
        names = tuple(found.names)
        has_ids = found.has_ids and "id" not in found.names
        headings = ("id", *names) if has_ids else names
        self._tally.headings = headings
        yield Table(
            name=None,
            headings=headings,
            rows=self._read_rows(names, has_ids=has_ids),
            crs=found.crs or (Crs.RD if found.in_rd else Crs.CRS84),
            # Where it is null, that is what the feature says of its place.
            has_geometry=True,
        )

    def _read_rows(self, names: tuple[str, ...], *, has_ids: bool) -> Iterator[Row]:
        used = _KNOWN_MEMBERS | {"id"} if has_ids else _KNOWN_MEMBERS
        for number, feature in self._reader.read_features(is_known=True):
            properties = feature.get("properties") or {}
            cells = [tidy_value(value) for value in map(properties.get, names)]
            if has_ids:
                cells.insert(0, tidy_value(feature.get("id")))
            geometry = read_geojson_geometry(feature.get("geometry"))
            if geometry is not None:
                geometry = self._left_out.drop_heights(number, geometry)
            if not used.issuperset(feature):
                self._left_out.note_members(number, _list_members(feature, properties, used))
            if geometry is not None or any(cell is not None for cell in cells):
                self._tally.note_row(number)
                self._damage.look_at_cells(number, cells)
                yield Row(number, cells, geometry)

    def _survey_features(self) -> None:
        found = self._survey
        for number, feature in self._reader.read_features():
            wrong = self._survey_feature(feature)
            if wrong is not None:
                found.problems.append(_describe_problem(number, wrong))
                if len(found.problems) == _SHOWN_PROBLEMS:
                    break
        found.crs = _read_crs(self._reader.members.get("crs"))
        if found.crs is None and found.in_rd and found.elsewhere:
            raise InvalidRequest(
                LocalizedText(
                    "Een deel van de coördinaten staat in graden en een deel in meters (RD). Kies één van beide.",
                    "Some of the coordinates are in degrees and some in metres (RD). Choose one of the two.",
                )
            )
        if found.problems:
            raise InvalidRequest(
                LocalizedText("Niet alle objecten kloppen.", "Not all features are valid."),
                problems=found.problems,
            )

    def _survey_feature(self, feature: dict[str, Any]) -> LocalizedText | None:
        """The mistake in the feature, and what to do; None where it is valid."""
        found = self._survey
        properties = feature.get("properties")
        if properties is not None and not isinstance(properties, dict):
            return _NO_PROPERTIES
        if properties and not found.names.keys() >= properties.keys():
            found.names.update(dict.fromkeys(properties))
            self._limits.check_columns(len(found.names))
        if feature.get("id") is not None:
            found.has_ids = True
        try:
            geometry = read_geojson_geometry(feature.get("geometry"))
        except (ValueError, TypeError):
            return _NO_GEOMETRY
        if geometry is not None:
            if looks_like_rd(geometry):
                found.in_rd += 1
            else:
                found.elsewhere += 1
        return None


def _list_members(feature: dict[str, Any], properties: dict[str, Any], used: frozenset[str]) -> Iterator[str]:
    """The members with a value that no cell has; an `id` that repeats the property of that name is in its cell."""
    for name in feature.keys() - used:
        value = feature[name]
        if value is not None and not (name == "id" and str(value) == str(properties.get(name))):
            yield name


def _read_crs(member: object) -> Crs | None:
    """The system that an old file names. Raises: InvalidRequest for one in which it cannot be read."""
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else member
    return find_crs(str(name))


def _describe_problem(number: int, wrong: LocalizedText) -> Problem:
    return Problem(
        ProblemCode.INVALID_FEATURE,
        f"/features/{number - 1}",
        LocalizedText(
            f"Object {number} klopt niet: {wrong.nl} en exporteer het bestand opnieuw.",
            f"Feature {number} is not valid: {wrong.en} and export the file again.",
        ),
    )
