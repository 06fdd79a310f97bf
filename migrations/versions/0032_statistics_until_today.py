"""Stored counts of months until today, and of legal grounds and confirmations that are not needed.

The counts by these dimensions are made again from the published sensors, for the day of the other stored counts.

Revision ID: 0032
Revises: 0031
"""

from typing import Final

from alembic import op
from sqlalchemy import text

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CLEAR: Final = """
DELETE FROM publication.sensor_statistic
WHERE dimension IN ('legalGround', 'placedMonth', 'endedMonth', 'confirmed')
"""

_FILL: Final = """
INSERT INTO publication.sensor_statistic (scope, dimension, scope_value, is_shown, value, sensors)
SELECT scope, picked.dimension, scope_value, is_shown, coalesce(picked.value, ''), sensors
FROM (
    SELECT scope, scope_value, is_shown, of_legalground, of_placedmonth, of_endedmonth, of_confirmed,
        GROUPING(of_legalground, of_placedmonth, of_endedmonth, of_confirmed) AS left_out,
        CAST(count(*) AS bigint) AS sensors
    FROM (
        SELECT sensor.hidden_from > seen.day AS is_shown, within.scope, within.scope_value,
            {legal_ground} AS of_legalground, {placed} AS of_placedmonth, {ended} AS of_endedmonth,
            {confirmed} AS of_confirmed
        FROM publication.published_sensor AS sensor CROSS JOIN publication.sensor_cluster_day AS seen
        CROSS JOIN LATERAL (
            SELECT 'sensorType', coalesce(sensor.sensor_type, '')
            UNION ALL SELECT 'municipality', unnest(CASE WHEN cardinality(sensor.municipality_codes) = 0
                THEN ARRAY[''] ELSE sensor.municipality_codes END)
        ) AS within (scope, scope_value)
    ) AS each_sensor
    GROUP BY GROUPING SETS ((scope, scope_value, is_shown, of_legalground), (scope, scope_value, is_shown, of_placedmonth),
        (scope, scope_value, is_shown, of_endedmonth), (scope, scope_value, is_shown, of_confirmed))
) AS counted
CROSS JOIN LATERAL (VALUES (8, 'legalGround', CAST(of_legalground AS text)), (4, 'placedMonth', of_placedmonth),
    (2, 'endedMonth', of_endedmonth), (1, 'confirmed', of_confirmed)) AS picked (bit, dimension, value)
WHERE left_out & picked.bit = 0
ORDER BY 1, 2, 3, 4, 5
"""

FILL: Final = _FILL.format(
    legal_ground="""CASE WHEN coalesce(cardinality(sensor.gdpr_bases), 0) = 0
            AND sensor.personal_data NOT IN ('indirect', 'special_category', 'yes')
            THEN ARRAY['not_needed'] ELSE sensor.gdpr_bases END""",
    placed="CASE WHEN sensor.placed_from <= seen.day THEN to_char(sensor.placed_from, 'YYYY-MM') END",
    ended="""CASE WHEN sensor.removed_on <= seen.day THEN to_char(sensor.removed_on, 'YYYY-MM')
            WHEN sensor.active_until < seen.day THEN to_char(sensor.active_until, 'YYYY-MM') END""",
    confirmed="""CASE WHEN sensor.removed_on <= seen.day THEN NULL
            WHEN sensor.confirm_by < seen.day THEN 'overdue' ELSE 'confirmed' END""",
)
FORMER: Final = _FILL.format(
    legal_ground="sensor.gdpr_bases",
    placed="to_char(sensor.placed_from, 'YYYY-MM')",
    ended="to_char(coalesce(sensor.removed_on, sensor.active_until), 'YYYY-MM')",
    confirmed="CASE WHEN sensor.confirm_by < seen.day THEN 'overdue' ELSE 'confirmed' END",
)


def upgrade() -> None:
    op.execute(CLEAR)
    op.execute(text(FILL))
    op.execute("ANALYZE publication.sensor_statistic")


def downgrade() -> None:
    op.execute(CLEAR)
    op.execute(text(FORMER))
