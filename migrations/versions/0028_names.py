"""The names of the owner and of the municipality are stored to be searched, and the municipality's name is published.

The publication is filled as a set, from names that are public already; no version and no change number is written.

Revision ID: 0028
Revises: 0027
"""

from typing import Final

from alembic import op
from sqlalchemy import text

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before sends the stored texts as they are, and does not read the new columns."""

TABLES: Final = ("published_sensor", "past_version")

COLUMNS: Final = """
SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = CAST('publication.published_sensor' AS regclass) AND attnum > 0 AND NOT attisdropped
"""

VIEW: Final = """
CREATE VIEW publication.published_version AS
SELECT {columns}, CAST(NULL AS timestamptz) AS valid_until FROM publication.published_sensor
UNION ALL
SELECT {columns}, valid_until FROM publication.past_version
"""

# A quote within a text of the JSON has a backslash before it, so that the name of the property occurs once.
FILL: Final = """
UPDATE publication.{table} AS published SET
    owner_name = named.owner_name,
    municipality_name = named.municipality_name,
    feature_properties = replace(
        feature_properties,
        ',"municipalityCodes":',
        ',"municipalityName":' || coalesce(CAST(to_json(named.municipality_name) AS text), 'null')
            || ',"municipalityCodes":'
    )
FROM (
    SELECT one.id, one.version, owner.name AS owner_name, municipality.name AS municipality_name
    FROM publication.{table} AS one
    LEFT JOIN publication.organisation AS owner ON owner.id = one.owner_id
    LEFT JOIN publication.municipality ON municipality.code = one.municipality_code
        AND municipality.edition = (SELECT edition FROM publication.municipality_edition WHERE in_force)
) AS named
WHERE named.id = published.id AND named.version = published.version
"""

EMPTY: Final = """
UPDATE publication.{table} SET feature_properties =
    regexp_replace(feature_properties, ',"municipalityName":(null|"([^"\\\\]|\\\\.)*"),"municipalityCodes":',
        ',"municipalityCodes":')
"""


# After the rows are filled: an index is built in one pass. Source: decision 0039.
INDEXES: Final = """
CREATE INDEX ix_published_sensor_name ON publication.published_sensor (name);
CREATE INDEX ix_published_sensor_owner_name
    ON publication.published_sensor (owner_name, sort_key, id) INCLUDE (hidden_from);
CREATE INDEX ix_published_sensor_municipality_name
    ON publication.published_sensor (municipality_name, sort_key, id) INCLUDE (hidden_from);
"""


def upgrade() -> None:
    op.execute("DROP VIEW publication.published_version")
    for table in TABLES:
        op.execute(
            f"ALTER TABLE publication.{table} ADD COLUMN owner_name text, ADD COLUMN municipality_name text"
        )
        op.execute(FILL.format(table=table))
    op.execute(INDEXES)
    _make_view()


def downgrade() -> None:
    op.execute("DROP VIEW publication.published_version")
    op.execute("DROP INDEX publication.ix_published_sensor_name")
    for table in TABLES:
        op.execute(EMPTY.format(table=table))
        op.execute(f"ALTER TABLE publication.{table} DROP COLUMN owner_name, DROP COLUMN municipality_name")
    _make_view()


def _make_view() -> None:
    op.execute(text(VIEW.format(columns=op.get_bind().scalar(text(COLUMNS)))))
