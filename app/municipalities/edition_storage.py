"""Storing an edition in its tables, with its boundaries cut into parts and the succession of codes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.municipalities.boundaries import Boundary
from app.municipalities.provinces import find_province

PART_VERTICES = 64
"""Maximum number of vertices of a part: few enough for a fast test, enough for a small number of parts."""

_INSERT_EDITION = """
INSERT INTO publication.municipality_edition (edition, approximate, source, attribution, in_force)
VALUES (:year, :approximate, :source, :attribution, false)
"""

_INSERT_MUNICIPALITY = """
INSERT INTO publication.municipality (
    edition, code, name, province, boundary, boundary_rd, label_point, label_point_rd, extent, extent_rd)
VALUES (
    :edition, :code, :name, :province,
    ST_GeomFromWKB(:boundary, 4258), ST_GeomFromWKB(:boundary_rd, 28992),
    ST_GeomFromWKB(:label_point, 4258), ST_GeomFromWKB(:label_point_rd, 28992),
    :extent, :extent_rd)
"""

# A result of ST_Subdivide can consist of several polygons, or be a line where the cell only touches.
_INSERT_PARTS = """
INSERT INTO publication.municipality_part (edition, code, part, part_rd)
SELECT edition, code, row_number() OVER (PARTITION BY code), dumped.geom
FROM publication.municipality
CROSS JOIN LATERAL ST_Subdivide(boundary_rd, :vertices) AS leaf
CROSS JOIN LATERAL ST_Dump(leaf) AS dumped
WHERE edition = :edition AND ST_Dimension(dumped.geom) = 2
"""

# The newest real edition decides; an approximate one only while there is no real one.
_PUT_IN_FORCE = """
UPDATE publication.municipality_edition SET in_force = true WHERE edition = (
    SELECT edition FROM publication.municipality_edition ORDER BY approximate, edition DESC LIMIT 1)
"""

# For each code that the next edition no longer has: the code with most of its land there. Shares are of the land that
# the next edition covers, since it may leave out water.
_INSERT_SUCCESSIONS = """
INSERT INTO publication.municipality_succession (code, since_edition, successor_code, share)
WITH following AS (
    SELECT edition, lead(edition) OVER (ORDER BY edition) AS next_edition
    FROM publication.municipality_edition WHERE NOT approximate
), ended AS (
    SELECT edition, code, next_edition FROM publication.municipality AS old
    JOIN following USING (edition)
    WHERE next_edition IS NOT NULL AND NOT EXISTS (
        SELECT FROM publication.municipality AS new
        WHERE new.edition = next_edition AND new.code = old.code)
), overlap AS (
    SELECT ended.code, ended.next_edition, new.code AS successor_code,
           sum(ST_Area(ST_Intersection(old.part_rd, new.part_rd))) AS area
    FROM ended
    JOIN publication.municipality_part AS old USING (edition, code)
    JOIN publication.municipality_part AS new
      ON new.edition = ended.next_edition AND ST_Intersects(old.part_rd, new.part_rd)
    GROUP BY 1, 2, 3
)
SELECT DISTINCT ON (code, next_edition)
       code, next_edition, successor_code, area / sum(area) OVER (PARTITION BY code, next_edition)
FROM overlap WHERE area > 0
ORDER BY code, next_edition, area DESC, successor_code
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """The year, source and attribution of an edition."""

    year: int
    approximate: bool
    source: str
    attribution: str


def store_edition(session: Session, edition: Edition, boundaries: Sequence[Boundary]) -> None:
    """Store an edition in place of any of the same year, put the right one in force, and recompute the succession.

    A real edition replaces the approximate one, whatever their years.
    """
    session.execute(
        text("DELETE FROM publication.municipality_edition WHERE edition = :edition OR approximate"),
        {"edition": edition.year},
    )
    session.execute(text(_INSERT_EDITION), asdict(edition))
    session.execute(text(_INSERT_MUNICIPALITY), [_row(edition.year, boundary) for boundary in boundaries])
    session.execute(text(_INSERT_PARTS), {"edition": edition.year, "vertices": PART_VERTICES})
    session.execute(text("UPDATE publication.municipality_edition SET in_force = false WHERE in_force"))
    session.execute(text(_PUT_IN_FORCE))
    for table in ("municipality_edition", "municipality", "municipality_part"):
        session.execute(text(f"ANALYZE publication.{table}"))
    # Few codes end in a year: recomputing everything is simpler than updating it.
    session.execute(text("DELETE FROM publication.municipality_succession"))
    session.execute(text(_INSERT_SUCCESSIONS))


def list_codes_before(session: Session, year: int) -> frozenset[str]:
    """The codes of the newest real edition before this year; empty when there is none."""
    codes = session.scalars(
        text("""
            SELECT code FROM publication.municipality WHERE edition = (
                SELECT max(edition) FROM publication.municipality_edition
                WHERE NOT approximate AND edition < :year)
        """),
        {"year": year},
    )
    return frozenset(codes)


def load_nearest_edition(session: Session, year: int) -> Mapping[str, BaseGeometry]:
    """RD boundaries by code of the real edition nearest in years; empty when none is loaded."""
    rows = session.execute(
        text("""
            SELECT code, ST_AsBinary(boundary_rd) FROM publication.municipality WHERE edition = (
                SELECT edition FROM publication.municipality_edition WHERE NOT approximate
                ORDER BY abs(edition - :year), edition DESC LIMIT 1)
        """),
        {"year": year},
    )
    return {code: shapely.from_wkb(bytes(boundary)) for code, boundary in rows}


def _name_province(given: str | None) -> str | None:
    """The one name that the register has for a province; None for a text that is no province."""
    found = find_province(given) if given else None
    return found.name if found else None


def _row(edition: int, boundary: Boundary) -> dict[str, object]:
    # A point in the largest part: a label on a small island would be misleading.
    label_rd = shapely.point_on_surface(max(boundary.rd.geoms, key=lambda piece: piece.area))
    label = shapely.point_on_surface(max(boundary.lonlat.geoms, key=lambda piece: piece.area))
    return {
        "edition": edition,
        "code": boundary.code,
        "name": boundary.name,
        "province": _name_province(boundary.province),
        "boundary": shapely.to_wkb(boundary.lonlat),
        "boundary_rd": shapely.to_wkb(boundary.rd),
        "label_point": shapely.to_wkb(label),
        "label_point_rd": shapely.to_wkb(label_rd),
        "extent": list(boundary.lonlat.bounds),
        "extent_rd": list(boundary.rd.bounds),
    }
