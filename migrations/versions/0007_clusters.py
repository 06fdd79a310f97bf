"""How many sensors stand together in each cell of the map, and the names that the map shows.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE publication.sensor_cluster (
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    level INTEGER NOT NULL,
    cell BIGINT NOT NULL,
    sensors BIGINT NOT NULL,
    personal_data_sensors BIGINT NOT NULL,
    sum_x BIGINT NOT NULL,
    sum_y BIGINT NOT NULL,
    sum_longitude BIGINT NOT NULL,
    sum_latitude BIGINT NOT NULL,
    CONSTRAINT pk_sensor_cluster PRIMARY KEY (facet, value, level, cell)
);
CREATE TABLE publication.sensor_cluster_day (
    single BOOLEAN DEFAULT true NOT NULL,
    day DATE NOT NULL,
    CONSTRAINT ck_sensor_cluster_day_single CHECK (single),
    CONSTRAINT pk_sensor_cluster_day PRIMARY KEY (single)
);
INSERT INTO publication.sensor_cluster_day (day) VALUES (CURRENT_DATE);
"""

FILL = """
INSERT INTO publication.sensor_cluster (facet, value, level, cell, sensors, personal_data_sensors, sum_x, sum_y,
    sum_longitude, sum_latitude)
SELECT facet, value, level, sort_key >> (2 * level), count(*),
    count(*) FILTER (WHERE personal_data IN ('indirect', 'special_category', 'yes')),
    sum(CAST(round(x * 1e3) AS bigint)), sum(CAST(round(y * 1e3) AS bigint)),
    sum(CAST(round(longitude * 1e7) AS bigint)), sum(CAST(round(latitude * 1e7) AS bigint))
FROM publication.published_sensor AS sensor
CROSS JOIN publication.sensor_cluster_day AS seen
CROSS JOIN (VALUES (10), (14)) AS levels (level)
CROSS JOIN LATERAL (
    SELECT facet, value FROM (VALUES
        ('', ''), ('sensorType', sensor.sensor_type), ('personalData', sensor.personal_data),
        ('owner', CAST(sensor.owner_id AS text))
    ) AS plain (facet, value) WHERE sensor.hidden_from > seen.day
    UNION ALL SELECT DISTINCT 'themes', unnest(sensor.themes) WHERE sensor.hidden_from > seen.day
    UNION ALL SELECT 'operationalStatus', CASE
        WHEN sensor.removed_on <= seen.day THEN 'removed'
        WHEN sensor.active_until < seen.day THEN 'expired'
        WHEN sensor.placed_from > seen.day THEN 'planned'
        WHEN sensor.confirm_by < seen.day THEN 'due_for_confirmation'
        ELSE 'active' END
) AS counted
GROUP BY facet, value, level, sort_key >> (2 * level)
"""

PLACES_INDEX = """
CREATE UNIQUE INDEX ix_published_sensor_sort_key ON publication.published_sensor (sort_key, id)
INCLUDE (hidden_from, longitude, latitude, x, y{})
"""


def upgrade() -> None:
    op.execute("DROP INDEX publication.ix_published_sensor_sort_key")
    for table in ("published_sensor", "published_version"):
        op.execute(f"ALTER TABLE publication.{table} ADD COLUMN name TEXT")
        # From what is public already, so that no hidden name comes along. One rewrite of the table: an update would
        # leave every row twice, and write each of its indexes.
        op.execute(
            f"ALTER TABLE publication.{table} ALTER COLUMN name TYPE text"
            " USING CAST('{' || left(feature_properties, -1) AS json)->>'name'"
        )
    op.execute(PLACES_INDEX.format(", personal_data"))
    op.execute("CREATE INDEX ix_published_sensor_hidden_from ON publication.published_sensor (hidden_from)")
    op.execute(TABLES)
    op.execute(FILL)


def downgrade() -> None:
    op.execute("DROP TABLE publication.sensor_cluster_day")
    op.execute("DROP TABLE publication.sensor_cluster")
    op.execute("DROP INDEX publication.ix_published_sensor_hidden_from")
    op.execute("DROP INDEX publication.ix_published_sensor_sort_key")
    op.execute(PLACES_INDEX.format(""))
    for table in ("published_sensor", "published_version"):
        op.execute(f"ALTER TABLE publication.{table} DROP COLUMN name")
