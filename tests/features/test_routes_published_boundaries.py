"""Municipalities are found at their own published coordinates, in every reference system."""

from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from alembic import command
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url
from app.core.migrations import configure_alembic, migrate_database
from app.municipalities.boundaries import Boundary
from app.municipalities.edition_storage import Edition
from app.municipalities.editions import LoadOptions, lock_municipalities_exclusively, put_edition
from app.spatial.crs import Crs, transform_geometry_to_lonlat
from tests.support.register import Register, open_register

CODE = "GM0001"
UNROUNDED = shapely.MultiPolygon(
    [
        shapely.Point(121_000.123_456, 487_000.654_321).buffer(3_000.000_777, quad_segs=4),
        shapely.Point(131_000.000_789, 487_000.000_987).buffer(100.000_333, quad_segs=2),
    ]
)


@pytest.fixture
def register(fresh_database: str) -> Iterator[Register]:
    """A municipality whose corners have more digits than are published."""
    with open_register(fresh_database) as register:
        yield register


def load_boundary(url: str) -> None:
    engine = create_engine(sqlalchemy_url(url))
    with Session(engine) as session, session.begin():
        lock_municipalities_exclusively(session)
        boundary = Boundary(CODE, "Ronde", None, transform_geometry_to_lonlat(UNROUNDED), UNROUNDED)
        put_edition(
            session,
            Edition(2027, approximate=False, source="circle", attribution="Made for tests"),
            [boundary],
            LoadOptions(),
        )
    engine.dispose()


def list_corners(coordinates: Any) -> list[list[float]]:
    if isinstance(coordinates[0], int | float):
        return [coordinates]
    return [corner for part in coordinates for corner in list_corners(part)]


def list_lost_corners(register: Register, crs: Crs) -> list[list[float]]:
    """The published corners at which the municipality is not found, by a box or by a filter."""
    [feature] = register.find(f"crs={crs.uri}", "municipalities")["features"]
    corners = list_corners(feature["geometry"]["coordinates"])
    assert len(corners) > 20
    lost = []
    for corner in corners:
        x, y = map(repr, corner)
        for question in (
            {"bbox": f"{x},{y},{x},{y}", "bbox-crs": crs.uri},
            {"filter-crs": crs.uri, "filter": f"S_INTERSECTS(geometry,POINT({x} {y}))"},
        ):
            answer = register.client.get("/v1/collections/municipalities/items", params=question)
            if [one["id"] for one in answer.json()["features"]] != [CODE]:
                lost.append(corner)
    return lost


@pytest.mark.slow
def test_municipality_is_found_at_each_published_corner(register: Register, fresh_database: str) -> None:
    load_boundary(fresh_database)
    assert {crs: list_lost_corners(register, crs) for crs in Crs} == {crs: [] for crs in Crs}


def test_municipality_of_a_migrated_edition_is_found_at_each_published_corner(
    register: Register, fresh_database: str
) -> None:
    load_boundary(fresh_database)
    engine = create_engine(sqlalchemy_url(fresh_database))
    with engine.begin() as connection:
        command.downgrade(configure_alembic(connection), "0028")
        store_as_before(connection)
    migrate_database(fresh_database)
    assert {crs: list_lost_corners(register, crs) for crs in Crs} == {crs: [] for crs in Crs}
    with engine.begin() as connection:
        [valid] = connection.execute(
            text("""
                SELECT bool_and(ST_IsValid(boundary) AND ST_IsValid(boundary_rd)
                    AND extent[1] = ST_XMin(boundary) AND extent_rd[4] = ST_YMax(boundary_rd))
                FROM publication.municipality WHERE code = :code
            """),
            {"code": CODE},
        ).one()
    assert valid
    engine.dispose()


def store_as_before(connection: Connection) -> None:
    """Store the boundary with all its digits, as the version before did."""
    connection.execute(
        text("""
            UPDATE publication.municipality SET boundary = ST_GeomFromWKB(:boundary, 4258),
                boundary_rd = ST_GeomFromWKB(:boundary_rd, 28992)
            WHERE code = :code
        """),
        {
            "code": CODE,
            "boundary": shapely.to_wkb(transform_geometry_to_lonlat(UNROUNDED)),
            "boundary_rd": shapely.to_wkb(UNROUNDED),
        },
    )
