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

# From what is public already, so that no hidden word comes along.
WORDS = """
SELECT strip(to_tsvector('dutch', concat_ws(' ',
    said->>'name', said->>'summary', said->>'measures', said->>'purpose',
    said->>'ownerName', said->>'project', said->>'locationDescription')))
FROM CAST('{' || left(feature_properties, -1) AS json) AS said
"""


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE publication.{table} ADD COLUMN words TSVECTOR")
        op.execute(f"UPDATE publication.{table} SET words = ({WORDS})")
        op.execute(f"ALTER TABLE publication.{table} ALTER COLUMN words SET NOT NULL")
    op.execute("CREATE INDEX ix_published_sensor_words ON publication.published_sensor USING gin (words)")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE publication.{table} DROP COLUMN words")
