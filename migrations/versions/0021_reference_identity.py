"""References are stored as they are seen: NFC, without invisible characters, with single spaces.

Of two sensors of one owner whose references look the same, the first keeps it; the others get their registration
number behind it, and the log names them. Their owner decides which of them is to stay.

Revision ID: 0021
Revises: 0020
"""

import logging

from alembic import op
from sqlalchemy import text

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# The publication keeps its form.
serves_previous_version = True

INVISIBLE = (
    r"\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
SPACES = r"\u0009-\u000d\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
FOLDED = f"""
btrim(regexp_replace(normalize(regexp_replace(reference, '[{INVISIBLE}]', '', 'g'), NFC), '[ {SPACES}]+', ' ', 'g'))
"""

FIND = f"""
CREATE TEMPORARY TABLE folded_reference ON COMMIT DROP AS
SELECT id, public_code, former,
    CASE WHEN plain <> '' AND position = 1 AND NOT is_taken THEN plain
         ELSE btrim(plain || ' (' || public_code || ')') END AS reference,
    is_taken OR position > 1 AS is_twin
FROM (
    SELECT changed.*,
        row_number() OVER (PARTITION BY owner_id, plain ORDER BY registered_at, id) AS position,
        EXISTS (
            SELECT FROM register.sensor AS other
            WHERE other.owner_id = changed.owner_id AND other.reference = changed.plain
        ) AS is_taken
    FROM (
        SELECT id, owner_id, public_code, registered_at, reference AS former, {FOLDED} AS plain
        FROM register.sensor
    ) AS changed
    WHERE former <> plain
) AS numbered
"""

# A version that is replaced stays as it was registered. The texts of the publication hold the reference as JSON.
UPDATES = (
    """
    UPDATE register.sensor SET reference = folded_reference.reference
    FROM folded_reference WHERE folded_reference.id = sensor.id
    """,
    """
    UPDATE register.sensor_version SET reference = folded_reference.reference
    FROM folded_reference WHERE folded_reference.id = sensor_id AND superseded_at IS NULL
    """,
    """
    UPDATE publication.published_sensor SET reference = folded.reference,
        feature_properties = replace(
            feature_properties, '"reference":' || to_json(folded.former), '"reference":' || to_json(folded.reference))
    FROM folded_reference AS folded
    WHERE folded.id = published_sensor.id AND published_sensor.reference IS NOT NULL
    """,
)

_log = logging.getLogger("alembic.runtime.migration")


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(text(FIND))
    for statement in UPDATES:
        connection.execute(text(statement))
    twins = text("SELECT public_code, reference FROM folded_reference WHERE is_twin ORDER BY public_code")
    for public_code, reference in connection.execute(twins):
        _log.warning(
            "sensor %s had a reference that looks like another's; it is now %r", public_code, reference
        )
    connection.execute(text("DROP TABLE folded_reference"))
    op.execute(
        "ALTER TABLE register.sensor ADD CONSTRAINT ck_sensor_reference CHECK "
        f"(reference IS NFC NORMALIZED AND reference !~ '[{INVISIBLE}{SPACES}]|^ | $|  ')"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE register.sensor DROP CONSTRAINT ck_sensor_reference")
