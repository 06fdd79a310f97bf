"""Fewer indexes to keep with each sensor that is written, and references checked by the set.

Revision ID: 0013
Revises: 0012
"""

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# A place is asked for along the sort key, and by its numbers: a filter's geometry too, see `app/spatial/cql2`. The
# geometries, and the GiSTs on them, have no use any more.
PLACES = """
DROP VIEW publication.published_version;
ALTER TABLE publication.published_sensor DROP COLUMN geom, DROP COLUMN geom_rd;
ALTER TABLE publication.past_version DROP COLUMN geom, DROP COLUMN geom_rd;
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

PLACES_BEFORE = """
DROP VIEW publication.published_version;
ALTER TABLE publication.published_sensor
    ADD COLUMN geom geometry(Point, 4258), ADD COLUMN geom_rd geometry(Point, 28992);
ALTER TABLE publication.past_version
    ADD COLUMN geom geometry(Point, 4258), ADD COLUMN geom_rd geometry(Point, 28992);
UPDATE publication.published_sensor SET
    geom = ST_SetSRID(ST_MakePoint(longitude, latitude), 4258), geom_rd = ST_SetSRID(ST_MakePoint(x, y), 28992);
UPDATE publication.past_version SET
    geom = ST_SetSRID(ST_MakePoint(longitude, latitude), 4258), geom_rd = ST_SetSRID(ST_MakePoint(x, y), 28992);
ALTER TABLE publication.published_sensor ALTER COLUMN geom SET NOT NULL, ALTER COLUMN geom_rd SET NOT NULL;
ALTER TABLE publication.past_version ALTER COLUMN geom SET NOT NULL, ALTER COLUMN geom_rd SET NOT NULL;
CREATE INDEX ix_published_sensor_geom ON publication.published_sensor USING gist (geom);
CREATE INDEX ix_published_sensor_geom_rd ON publication.published_sensor USING gist (geom_rd);
CREATE INDEX ix_past_version_geom_rd ON publication.past_version USING gist (geom_rd);
"""

# No query uses these by the id of a sensor: its links are found by columns of its own row.
UNASKED = """
DROP INDEX publication.ix_municipality_sensor_id;
DROP INDEX publication.ix_change_sensor_id;
"""

# Near-duplicates are of one owner: a B-tree on the owner and the place finds them, and is a third of the work of a GiST.
# No query needs superseded versions, so the index leaves them out.
NEIGHBOURS = """
DROP INDEX register.ix_sensor_version_location_rd;
DROP INDEX register.ix_sensor_version_owner_id;
CREATE INDEX ix_sensor_version_owner_id_place ON register.sensor_version
    (owner_id, CAST(floor(ST_X(location_rd) / 5) AS integer), ST_Y(location_rd)) WHERE superseded_at IS NULL;
"""

# A foreign key is checked row by row, each time by a statement of its own, and locks what it refers to: for a sensor
# that was an eighth of an import. What is referred to here is never deleted, and a version never refers to something
# else later; so it is enough that it is there when a row is added, and a set of rows is checked at once. OFFSET makes the
# database look each row up by the index, however large the table has become since the statement was planned.
REFERENCES = """
ALTER TABLE register.sensor DROP CONSTRAINT fk_sensor_owner_id;
ALTER TABLE register.sensor_place DROP CONSTRAINT fk_sensor_place_version_id;
ALTER TABLE register.sensor_version
    DROP CONSTRAINT fk_sensor_version_sensor_id,
    DROP CONSTRAINT fk_sensor_version_owner_id,
    DROP CONSTRAINT fk_sensor_version_operator_id,
    DROP CONSTRAINT fk_sensor_version_controller_id,
    DROP CONSTRAINT fk_sensor_version_on_behalf_of_id,
    DROP CONSTRAINT fk_sensor_version_import_id;

CREATE FUNCTION register.refuse_unknown(missing text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF missing IS NOT NULL THEN
        RAISE foreign_key_violation USING MESSAGE = 'a row refers to what is not there: ' || missing;
    END IF;
END
$$;

CREATE FUNCTION register.check_sensor_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM register.refuse_unknown('owner ' || min(owner_id::text))
    FROM added WHERE NOT EXISTS (SELECT FROM publication.organisation WHERE id = owner_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION register.check_version_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM register.refuse_unknown('sensor ' || min(sensor_id::text))
    FROM added WHERE NOT EXISTS (SELECT FROM register.sensor WHERE id = sensor_id OFFSET 0);
    PERFORM register.refuse_unknown('organisation ' || min(named::text))
    FROM (
        SELECT owner_id AS named FROM added
        UNION SELECT operator_id FROM added
        UNION SELECT controller_id FROM added
        UNION SELECT on_behalf_of_id FROM added
    ) AS organisations
    WHERE named IS NOT NULL AND NOT EXISTS (SELECT FROM publication.organisation WHERE id = named);
    PERFORM register.refuse_unknown('import ' || min(import_id::text))
    FROM (SELECT DISTINCT import_id FROM added WHERE import_id IS NOT NULL) AS imports
    WHERE NOT EXISTS (SELECT FROM register.sensor_import WHERE id = import_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION register.check_place_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM register.refuse_unknown('version ' || min(version_id::text))
    FROM added WHERE NOT EXISTS (SELECT FROM register.sensor_version WHERE id = version_id OFFSET 0);
    RETURN NULL;
END
$$;

CREATE TRIGGER sensor_refers_to_what_is_there AFTER INSERT ON register.sensor
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register.check_sensor_references();
CREATE TRIGGER moved_sensor_refers_to_what_is_there AFTER UPDATE ON register.sensor
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register.check_sensor_references();
CREATE TRIGGER sensor_version_refers_to_what_is_there AFTER INSERT ON register.sensor_version
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register.check_version_references();
CREATE TRIGGER sensor_place_refers_to_what_is_there AFTER INSERT ON register.sensor_place
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION register.check_place_references();

CREATE TRIGGER organisation_stays BEFORE DELETE OR TRUNCATE ON publication.organisation
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER sensor_stays BEFORE DELETE OR TRUNCATE ON register.sensor
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER sensor_version_stays BEFORE DELETE OR TRUNCATE ON register.sensor_version
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER sensor_import_stays BEFORE DELETE OR TRUNCATE ON register.sensor_import
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
"""


def upgrade() -> None:
    """Make the change."""
    for statement in (PLACES, UNASKED, NEIGHBOURS, REFERENCES):
        op.execute(text(statement))
    _make_view()


def downgrade() -> None:
    """Undo the change."""
    op.execute("""
        DROP TRIGGER sensor_import_stays ON register.sensor_import;
        DROP TRIGGER sensor_version_stays ON register.sensor_version;
        DROP TRIGGER sensor_stays ON register.sensor;
        DROP TRIGGER organisation_stays ON publication.organisation;
        DROP FUNCTION register.check_place_references() CASCADE;
        DROP FUNCTION register.check_version_references() CASCADE;
        DROP FUNCTION register.check_sensor_references() CASCADE;
        DROP FUNCTION register.refuse_unknown(text);
        ALTER TABLE register.sensor ADD CONSTRAINT fk_sensor_owner_id
            FOREIGN KEY (owner_id) REFERENCES publication.organisation (id);
        ALTER TABLE register.sensor_place ADD CONSTRAINT fk_sensor_place_version_id
            FOREIGN KEY (version_id) REFERENCES register.sensor_version (id);
        ALTER TABLE register.sensor_version
            ADD CONSTRAINT fk_sensor_version_sensor_id FOREIGN KEY (sensor_id) REFERENCES register.sensor (id),
            ADD CONSTRAINT fk_sensor_version_owner_id FOREIGN KEY (owner_id) REFERENCES publication.organisation (id),
            ADD CONSTRAINT fk_sensor_version_operator_id
                FOREIGN KEY (operator_id) REFERENCES publication.organisation (id),
            ADD CONSTRAINT fk_sensor_version_controller_id
                FOREIGN KEY (controller_id) REFERENCES publication.organisation (id),
            ADD CONSTRAINT fk_sensor_version_on_behalf_of_id
                FOREIGN KEY (on_behalf_of_id) REFERENCES publication.organisation (id),
            ADD CONSTRAINT fk_sensor_version_import_id FOREIGN KEY (import_id) REFERENCES register.sensor_import (id);
    """)
    op.execute("""
        DROP INDEX register.ix_sensor_version_owner_id_place;
        CREATE INDEX ix_sensor_version_owner_id ON register.sensor_version (owner_id);
        CREATE INDEX ix_sensor_version_location_rd ON register.sensor_version USING gist (location_rd);
        CREATE INDEX ix_change_sensor_id ON publication.change (sensor_id);
        CREATE INDEX ix_municipality_sensor_id ON publication.municipality_sensor (id);
    """)
    op.execute(text(PLACES_BEFORE))
    _make_view()


def _make_view() -> None:
    op.execute(text(VIEW.format(columns=op.get_bind().scalar(text(COLUMNS)))))
