"""The height of each public sensor in a column, the moment of its update to the second, and a map's index for more.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PLACES_INDEX = """
CREATE UNIQUE INDEX ix_published_sensor_sort_key ON publication.published_sensor (sort_key, id)
INCLUDE (hidden_from, longitude, latitude, x, y, {})
"""
MAPPED = (
    "sensor_type, owner_id, personal_data, mobility, open_data, themes, smart_city_theme,"
    " placed_from, active_until, removed_on, confirm_by, height_m, updated_at, version"
)

# From what is public already, so that no hidden height comes along. One rewrite of the table, and no row left behind
# as an update leaves them.
FILL = """
ALTER TABLE publication.{}
    ALTER COLUMN height_m TYPE double precision
        USING CAST(CAST('{{' || left(feature_properties, -1) AS json)->>'heightM' AS double precision),
    ALTER COLUMN updated_at TYPE timestamptz USING date_trunc('second', updated_at)
"""


def upgrade() -> None:
    op.execute("DROP INDEX publication.ix_published_sensor_sort_key")
    for table in ("published_sensor", "published_version"):
        op.execute(f"ALTER TABLE publication.{table} ADD COLUMN height_m double precision")
        op.execute(FILL.format(table))
    op.execute(PLACES_INDEX.format(MAPPED))


def downgrade() -> None:
    op.execute("DROP INDEX publication.ix_published_sensor_sort_key")
    for table in ("published_sensor", "published_version"):
        op.execute(f"ALTER TABLE publication.{table} DROP COLUMN height_m")
    op.execute(PLACES_INDEX.format("personal_data"))
