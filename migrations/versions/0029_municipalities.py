"""Index the sensors of a municipality by its code, and round boundaries to the numbers that are published.

Revision ID: 0029
Revises: 0028
"""

from typing import Final

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before reads the same columns."""


# As `round_as_published` does for an edition that is loaded. Rounding by PostGIS may leave a number a last bit beside the
# one in the text, and turns outer rings clockwise.
ROUNDED: Final = """
(SELECT CASE WHEN ST_IsEmpty(rounded) THEN {column} ELSE ST_ForcePolygonCCW(ST_Multi(
        ST_SetSRID(ST_GeomFromGeoJSON(ST_AsGeoJSON(rounded, {decimals}, 0)), ST_SRID({column})))) END
    FROM (SELECT ST_ReducePrecision({column}, 1e-{decimals}) AS rounded) AS reduced)
"""

EXTENT: Final = "ARRAY[ST_XMin({column}), ST_YMin({column}), ST_XMax({column}), ST_YMax({column})]"

ROUND: Final = f"""
UPDATE publication.municipality SET
    boundary = {ROUNDED.format(column="boundary", decimals=7)},
    boundary_rd = {ROUNDED.format(column="boundary_rd", decimals=3)};
UPDATE publication.municipality SET
    extent = {EXTENT.format(column="boundary")}, extent_rd = {EXTENT.format(column="boundary_rd")};
"""


def upgrade() -> None:
    op.execute(ROUND)
    op.create_index(
        "ix_published_sensor_municipality_code",
        "published_sensor",
        ["municipality_code", "sort_key", "id"],
        schema="publication",
        postgresql_include=["hidden_from"],
    )


def downgrade() -> None:
    op.drop_index(
        "ix_published_sensor_municipality_code", table_name="published_sensor", schema="publication"
    )
