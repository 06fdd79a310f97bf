"""Write the outer rings of areas anticlockwise, as GeoJSON (RFC 7946, 3.1.6) has them.

Unions had them clockwise: the areas of sensors that both observe and move, and operating areas of municipalities.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# The previous version reads a ring in either direction.
serves_previous_version = True

PUBLISHED = """
UPDATE publication.published_area SET area = ST_ForcePolygonCCW(area), area_rd = ST_ForcePolygonCCW(area_rd)
WHERE NOT (ST_IsPolygonCCW(area) AND ST_IsPolygonCCW(area_rd))
"""
REGISTERED = """
UPDATE register.sensor_version
SET operating_area = ST_ForcePolygonCCW(operating_area), operating_area_rd = ST_ForcePolygonCCW(operating_area_rd)
WHERE operating_municipalities IS NOT NULL
    AND NOT (ST_IsPolygonCCW(operating_area) AND ST_IsPolygonCCW(operating_area_rd))
"""


def upgrade() -> None:
    op.execute(PUBLISHED)
    op.execute(REGISTERED)


def downgrade() -> None:
    """Nothing: the direction of a ring is no part of the area."""
