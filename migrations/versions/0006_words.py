"""The words of each public sensor, so that a search by words has an index.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("published_sensor", "published_version")

# From what is public already, so that no hidden word comes along. One rewrite of each table: an update would leave
# every row twice, and write each of its indexes.
FIND_WORDS = """
CREATE OR REPLACE FUNCTION pg_temp.find_words(said jsonb) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN strip(to_tsvector('dutch', concat_ws(' ',
        said->>'name', said->>'summary', said->>'measures', said->>'purpose',
        said->>'ownerName', said->>'project', said->>'locationDescription')));
END $$
"""
FILL = """
ALTER TABLE publication.{}
    ALTER COLUMN words TYPE tsvector
        USING pg_temp.find_words(CAST('{{' || left(feature_properties, -1) AS jsonb)),
    ALTER COLUMN words SET NOT NULL
"""


def upgrade() -> None:
    op.execute(FIND_WORDS)
    for table in TABLES:
        op.execute(f"ALTER TABLE publication.{table} ADD COLUMN words TSVECTOR")
        op.execute(FILL.format(table))
    op.execute("CREATE INDEX ix_published_sensor_words ON publication.published_sensor USING gin (words)")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE publication.{table} DROP COLUMN words")
