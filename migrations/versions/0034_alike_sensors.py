"""The numbers of sensors that are alike in what most searches filter by.

They are filled as a set from the published sensors, for the day of the other stored counts.

Revision ID: 0034
Revises: 0033
"""

from typing import Final

from alembic import op
from sqlalchemy import text

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before does not read the new tables."""

TABLES: Final = """
CREATE TABLE publication.sensor_area (
    id INTEGER GENERATED ALWAYS AS IDENTITY,
    municipality_codes TEXT[] NOT NULL,
    CONSTRAINT pk_sensor_area PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_sensor_area_municipality_codes ON publication.sensor_area (municipality_codes);
CREATE TABLE publication.sensor_profile (
    id INTEGER GENERATED ALWAYS AS IDENTITY,
    profile TEXT NOT NULL,
    sensor_type TEXT,
    themes TEXT[],
    smart_city_theme TEXT[] NOT NULL,
    personal_data TEXT,
    gdpr_bases TEXT[],
    mobility TEXT,
    removed_on DATE NOT NULL,
    active_until DATE NOT NULL,
    placed_from DATE NOT NULL,
    confirm_by DATE NOT NULL,
    hidden_from DATE NOT NULL,
    CONSTRAINT pk_sensor_profile PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_sensor_profile_profile ON publication.sensor_profile (profile);
CREATE TABLE publication.alike_sensors (
    area_id INTEGER NOT NULL,
    owner_id UUID NOT NULL,
    profile_id INTEGER NOT NULL,
    sensors BIGINT NOT NULL,
    CONSTRAINT pk_alike_sensors PRIMARY KEY (area_id, owner_id, profile_id)
) WITH (fillfactor = 90)
"""

COUNT: Final = """
CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
SELECT *, CAST(ROW(sensor_type, themes, smart_city_theme, personal_data, gdpr_bases, mobility, removed_on,
    active_until, placed_from, confirm_by, hidden_from) AS text) AS profile
FROM (
     SELECT municipality_codes, owner_id, sensor_type, themes, smart_city_theme, personal_data, gdpr_bases,
    mobility, removed_on, active_until, placed_from, confirm_by, hidden_from, CAST(sum(sign) AS bigint) AS
    sensors FROM (SELECT sensor.municipality_codes, sensor.owner_id, sensor.sensor_type, sensor.themes,
    sensor.smart_city_theme, sensor.personal_data, sensor.gdpr_bases, sensor.mobility, CASE WHEN
    sensor.removed_on <= seen.day THEN CAST('-infinity' AS date) ELSE CAST('infinity' AS date) END AS
    removed_on, CASE WHEN sensor.active_until < seen.day THEN CAST('-infinity' AS date) ELSE CAST('infinity'
    AS date) END AS active_until, CASE WHEN sensor.placed_from > seen.day THEN CAST('infinity' AS date) ELSE
    CAST('-infinity' AS date) END AS placed_from, CASE WHEN sensor.confirm_by < seen.day THEN CAST('-infinity'
    AS date) ELSE CAST('infinity' AS date) END AS confirm_by, CASE WHEN sensor.hidden_from > seen.day THEN
    CAST('infinity' AS date) ELSE CAST('-infinity' AS date) END AS hidden_from, seen.sign FROM
    publication.published_sensor AS sensor CROSS JOIN (VALUES (1, (SELECT day FROM
    publication.sensor_cluster_day))) AS seen (sign, day) WHERE true) AS reduced GROUP BY municipality_codes,
    owner_id, sensor_type, themes, smart_city_theme, personal_data, gdpr_bases, mobility, removed_on,
    active_until, placed_from, confirm_by, hidden_from HAVING sum(sign) <> 0
) AS alike
"""

FILL: Final = """
INSERT INTO publication.sensor_area (municipality_codes) SELECT DISTINCT municipality_codes FROM counted;
INSERT INTO publication.sensor_profile (profile, sensor_type, themes, smart_city_theme, personal_data, gdpr_bases,
    mobility, removed_on, active_until, placed_from, confirm_by, hidden_from)
SELECT DISTINCT ON (profile) profile, sensor_type, themes, smart_city_theme, personal_data, gdpr_bases,
    mobility, removed_on, active_until, placed_from, confirm_by, hidden_from
FROM counted;
INSERT INTO publication.alike_sensors (area_id, owner_id, profile_id, sensors)
SELECT coalesce(area.id, 0), coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), profile.id, sum(sensors)
FROM counted
JOIN publication.sensor_area AS area USING (municipality_codes)
JOIN publication.sensor_profile AS profile USING (profile)
GROUP BY profile.id, CUBE (area.id, owner_id)
ORDER BY 1, 2, 3;
CREATE INDEX ix_alike_sensors_owner_id ON publication.alike_sensors (owner_id);
ANALYZE publication.sensor_area;
ANALYZE publication.sensor_profile;
ANALYZE publication.alike_sensors
"""


def upgrade() -> None:
    for statements in (TABLES, COUNT, FILL):
        op.execute(text(statements))


def downgrade() -> None:
    for table in ("alike_sensors", "sensor_profile", "sensor_area"):
        op.execute(f"DROP TABLE publication.{table}")
