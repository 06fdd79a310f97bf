"""The stored counts of the statistics, within each kind of sensor and no longer of the whole register.

The sum of the kinds is the whole register. The counts within the municipalities are taken over; those within the kinds are
counted as a set from the published sensors, for the day of the other stored counts. Sensors in several municipalities have an
index of their own, by which the counts of a province leave out what is counted twice.

Revision ID: 0031
Revises: 0030
"""

from typing import Final

from alembic import op
from sqlalchemy import text

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# The version before reads the columns that this one replaces: it does not serve this schema.

CREATE: Final = """
CREATE TABLE publication.sensor_statistic (
    scope TEXT NOT NULL,
    scope_value TEXT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    is_shown BOOLEAN NOT NULL,
    sensors BIGINT NOT NULL,
    CONSTRAINT pk_sensor_statistic PRIMARY KEY (scope, dimension, scope_value, is_shown, value)
) WITH (fillfactor = 50)
"""

TAKE_OVER: Final = """
INSERT INTO publication.sensor_statistic (scope, dimension, scope_value, is_shown, value, sensors)
SELECT 'municipality', dimension, CASE municipality_code WHEN '-' THEN '' ELSE municipality_code END, is_shown, value,
    sensors
FROM publication.former_statistic WHERE municipality_code <> ''
ORDER BY 1, 2, 3, 4, 5
"""

COUNT_KINDS: Final = """
INSERT INTO publication.sensor_statistic (scope, dimension, scope_value, is_shown, value, sensors)
SELECT scope, picked.dimension, scope_value, is_shown, coalesce(picked.value, ''), sensors
FROM (
        SELECT scope, scope_value, is_shown, of_municipality, of_sensortype, of_theme, of_smartcitytheme,
    of_owner, of_personaldata, of_legalground, of_operationalstatus, of_mobility, of_placedmonth,
    of_endedmonth, of_notifiedlate, of_confirmed, of_fieldstate, GROUPING(of_municipality, of_sensortype,
    of_theme, of_smartcitytheme, of_owner, of_personaldata, of_legalground, of_operationalstatus,
    of_mobility, of_placedmonth, of_endedmonth, of_notifiedlate, of_confirmed, of_fieldstate) AS left_out,
        CAST(sum(sign) AS bigint) AS sensors
    FROM (
                SELECT seen.sign, sensor.hidden_from > seen.day AS is_shown, within.scope,
    within.scope_value, sensor.of_municipality AS of_municipality, sensor.of_sensortype AS of_sensortype,
    sensor.of_theme AS of_theme, sensor.of_smartcitytheme AS of_smartcitytheme, sensor.of_owner AS of_owner,
    sensor.of_personaldata AS of_personaldata, sensor.of_legalground AS of_legalground, CASE WHEN
    (sensor.removed_on <= seen.day) THEN 'removed' WHEN (sensor.active_until < seen.day) THEN 'expired' WHEN
    (sensor.placed_from > seen.day) THEN 'planned' WHEN (sensor.confirm_by < seen.day) THEN
    'due_for_confirmation' ELSE 'active' END AS of_operationalstatus, sensor.of_mobility AS of_mobility,
    sensor.of_placedmonth AS of_placedmonth, sensor.of_endedmonth AS of_endedmonth, sensor.of_notifiedlate
    AS of_notifiedlate, CASE WHEN (sensor.confirm_by < seen.day) THEN 'overdue' ELSE 'confirmed' END AS
    of_confirmed, sensor.of_fieldstate AS of_fieldstate
                FROM (SELECT sensor.*, sensor.municipality_codes AS of_municipality, sensor.sensor_type AS
    of_sensortype, sensor.themes AS of_theme, sensor.smart_city_theme AS of_smartcitytheme, sensor.owner_id
    AS of_owner, sensor.personal_data AS of_personaldata, sensor.gdpr_bases AS of_legalground,
    sensor.mobility AS of_mobility, to_char(sensor.placed_from, 'YYYY-MM') AS of_placedmonth,
    to_char(coalesce(sensor.removed_on, sensor.active_until), 'YYYY-MM') AS of_endedmonth,
    CAST(strpos(sensor.feature_properties, ('"notifiedLate":' || 'true')) > 0 AS TEXT) AS of_notifiedlate,
    array_remove(ARRAY[CASE WHEN (strpos(sensor.feature_properties, ('"summary":' || 'null')) <= 0) THEN
    'summary=filled' WHEN true THEN 'summary=missing' END, CASE WHEN (strpos(sensor.feature_properties,
    ('"dataTypes":' || 'null')) <= 0) THEN 'dataTypes=filled' WHEN true THEN 'dataTypes=missing' END, CASE
    WHEN (strpos(sensor.feature_properties, ('"moreInfoUrl":' || 'null')) <= 0) THEN 'moreInfoUrl=filled'
    WHEN true THEN 'moreInfoUrl=missing' END, CASE WHEN (sensor.personal_data IN ('indirect',
    'special_category', 'yes') AND strpos(sensor.feature_properties, ('"gdprBases":' || 'null')) <= 0) THEN
    'gdprBases=filled' WHEN (sensor.personal_data IN ('indirect', 'special_category', 'yes')) THEN
    'gdprBases=missing' END, CASE WHEN (sensor.personal_data IN ('indirect', 'special_category', 'yes') AND
    (sensor.gdpr_bases && ARRAY['legal_obligation', 'public_task']) AND strpos(sensor.feature_properties,
    ('"legalBasisText":' || 'null')) <= 0) THEN 'legalBasisText=filled' WHEN (sensor.personal_data IN
    ('indirect', 'special_category', 'yes') AND (sensor.gdpr_bases && ARRAY['legal_obligation',
    'public_task'])) THEN 'legalBasisText=missing' END, CASE WHEN (sensor.personal_data IN ('indirect',
    'special_category', 'yes') AND (sensor.gdpr_bases && ARRAY['legitimate_interests']) AND
    strpos(sensor.feature_properties, ('"legitimateInterest":' || 'null')) <= 0) THEN
    'legitimateInterest=filled' WHEN (sensor.personal_data IN ('indirect', 'special_category', 'yes') AND
    (sensor.gdpr_bases && ARRAY['legitimate_interests'])) THEN 'legitimateInterest=missing' END, CASE WHEN
    (sensor.personal_data IN ('indirect', 'special_category', 'yes') AND strpos(sensor.feature_properties,
    ('"privacyStatementUrl":' || 'null')) <= 0) THEN 'privacyStatementUrl=filled' WHEN (sensor.personal_data
    IN ('indirect', 'special_category', 'yes')) THEN 'privacyStatementUrl=missing' END, CASE WHEN
    (sensor.personal_data IN ('indirect', 'special_category', 'yes') AND strpos(sensor.feature_properties,
    ('"dpiaStatus":' || 'null')) <= 0) THEN 'dpiaStatus=filled' WHEN (sensor.personal_data IN ('indirect',
    'special_category', 'yes')) THEN 'dpiaStatus=missing' END, CASE WHEN (sensor.personal_data IN
    ('indirect', 'special_category', 'yes') AND strpos(sensor.feature_properties, ('"retentionKind":' ||
    'null')) <= 0) THEN 'retentionKind=filled' WHEN (sensor.personal_data IN ('indirect',
    'special_category', 'yes')) THEN 'retentionKind=missing' END, CASE WHEN (sensor.personal_data IN
    ('indirect', 'special_category', 'yes') AND sensor.retention_kind IN ('fixed') AND
    strpos(sensor.feature_properties, ('"retentionPeriod":' || 'null')) <= 0) THEN 'retentionPeriod=filled'
    WHEN (sensor.personal_data IN ('indirect', 'special_category', 'yes') AND sensor.retention_kind IN
    ('fixed')) THEN 'retentionPeriod=missing' END, CASE WHEN (sensor.personal_data IN ('indirect',
    'special_category', 'yes') AND strpos(sensor.feature_properties, ('"recipients":' || 'null')) <= 0) THEN
    'recipients=filled' WHEN (sensor.personal_data IN ('indirect', 'special_category', 'yes')) THEN
    'recipients=missing' END, CASE WHEN (sensor.personal_data IN ('indirect', 'special_category', 'yes') AND
    strpos(sensor.feature_properties, ('"processing":' || 'null')) <= 0) THEN 'processing=filled' WHEN
    (sensor.personal_data IN ('indirect', 'special_category', 'yes')) THEN 'processing=missing' END], NULL)
    AS of_fieldstate FROM publication.published_sensor AS sensor WHERE true) AS sensor CROSS JOIN (VALUES
    (1, (SELECT day FROM publication.sensor_cluster_day))) AS seen (sign, day)
                CROSS JOIN LATERAL (SELECT 'sensorType', coalesce(sensor.sensor_type, '')) AS within (scope,
    scope_value)
    ) AS each_sensor
        GROUP BY GROUPING SETS ((scope, scope_value, is_shown, of_municipality), (scope, scope_value,
    is_shown, of_sensortype), (scope, scope_value, is_shown, of_theme), (scope, scope_value, is_shown,
    of_smartcitytheme), (scope, scope_value, is_shown, of_owner), (scope, scope_value, is_shown,
    of_personaldata), (scope, scope_value, is_shown, of_legalground), (scope, scope_value, is_shown,
    of_operationalstatus), (scope, scope_value, is_shown, of_mobility), (scope, scope_value, is_shown,
    of_placedmonth), (scope, scope_value, is_shown, of_endedmonth), (scope, scope_value, is_shown,
    of_notifiedlate), (scope, scope_value, is_shown, of_confirmed), (scope, scope_value, is_shown,
    of_fieldstate))
) AS counted
CROSS JOIN LATERAL (VALUES (8192, 'municipality', CAST(of_municipality AS text)), (4096, 'sensorType',
    CAST(of_sensortype AS text)), (2048, 'theme', CAST(of_theme AS text)), (1024, 'smartCityTheme',
    CAST(of_smartcitytheme AS text)), (512, 'owner', CAST(of_owner AS text)), (256, 'personalData',
    CAST(of_personaldata AS text)), (128, 'legalGround', CAST(of_legalground AS text)), (64,
    'operationalStatus', CAST(of_operationalstatus AS text)), (32, 'mobility', CAST(of_mobility AS text)),
    (16, 'placedMonth', CAST(of_placedmonth AS text)), (8, 'endedMonth', CAST(of_endedmonth AS text)), (4,
    'notifiedLate', CAST(of_notifiedlate AS text)), (2, 'confirmed', CAST(of_confirmed AS text)), (1,
    'fieldState', CAST(of_fieldstate AS text))) AS picked (bit, dimension, value)
WHERE left_out & picked.bit = 0 AND sensors <> 0
ORDER BY 1, 2, 3, 4, 5
"""

INDEX: Final = """
CREATE INDEX ix_published_sensor_several_municipalities ON publication.published_sensor (id)
WHERE cardinality(municipality_codes) > 1
"""

FORMER: Final = """
CREATE TABLE publication.sensor_statistic (
    municipality_code TEXT NOT NULL,
    dimension TEXT NOT NULL,
    is_shown BOOLEAN NOT NULL,
    value TEXT NOT NULL,
    sensors BIGINT NOT NULL,
    CONSTRAINT pk_sensor_statistic PRIMARY KEY (municipality_code, dimension, is_shown, value)
) WITH (fillfactor = 50)
"""

TAKE_BACK: Final = """
INSERT INTO publication.sensor_statistic (municipality_code, dimension, is_shown, value, sensors)
SELECT CASE WHEN scope = 'sensorType' THEN '' WHEN scope_value = '' THEN '-' ELSE scope_value END, dimension, is_shown,
    value, sum(sensors)
FROM publication.former_statistic GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""

SET_ASIDE: Final = (
    "ALTER TABLE publication.sensor_statistic RENAME TO former_statistic",
    "ALTER INDEX publication.pk_sensor_statistic RENAME TO pk_former_statistic",
)


def upgrade() -> None:
    _replace(CREATE, TAKE_OVER, COUNT_KINDS)
    op.execute(INDEX)


def downgrade() -> None:
    op.execute("DROP INDEX publication.ix_published_sensor_several_municipalities")
    _replace(FORMER, TAKE_BACK)


def _replace(create: str, *fill: str) -> None:
    for statement in (*SET_ASIDE, create):
        op.execute(statement)
    for statement in fill:
        op.execute(text(statement))
    op.execute("DROP TABLE publication.former_statistic")
    op.execute("ANALYZE publication.sensor_statistic")
