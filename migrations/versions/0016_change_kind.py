"""A closed list of change kinds, with removals, restorations and redactions told apart in what was announced before.

Revision ID: 0016
Revises: 0015
"""

from alembic import op
from sqlalchemy import text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# The previous version writes no status or kind beyond these.
serves_previous_version = True

# A change announced the newest version that the sensor got since its previous change; a change of an edition or of an
# organisation's name announced none. A version that undid an import began when the version of the import ended.
SPLIT = """
WITH numbered AS (
    SELECT number, sensor_id, kind, recorded_at,
        lag(recorded_at, 1, '-infinity') OVER (PARTITION BY sensor_id ORDER BY number) AS previous_at
    FROM publication.change
),
undone AS (
    SELECT version.sensor_id, version.superseded_at
    FROM register.audit_entry AS entry
    JOIN register.sensor_version AS version ON version.import_id = CAST(entry.subject_ids[1] AS uuid)
    WHERE entry.action = 'undo_import' AND version.superseded_at IS NOT NULL
),
announced AS (
    SELECT numbered.number, numbered.kind,
        CASE WHEN later.registration_status = 'withdrawn' THEN 'withdrawn'
             WHEN numbered.kind = 'withdrawn' THEN 'redacted'
             WHEN former.visibility = 'public' AND later.visibility <> 'public' THEN 'redacted'
             WHEN undone.sensor_id IS NOT NULL THEN 'restored'
             WHEN former.removed_on IS NULL AND later.removed_on IS NOT NULL AND former.id IS NOT NULL THEN 'removed'
             WHEN former.removed_on IS NOT NULL AND later.removed_on IS NULL THEN 'restored'
             ELSE numbered.kind END AS new_kind
    FROM numbered
    CROSS JOIN LATERAL (
        SELECT registration_status, visibility, removed_on, recorded_at FROM register.sensor_version
        WHERE sensor_id = numbered.sensor_id AND registration_status IN ('published', 'withdrawn')
            AND recorded_at > numbered.previous_at AND recorded_at <= numbered.recorded_at
        ORDER BY number DESC LIMIT 1
    ) AS later
    LEFT JOIN LATERAL (
        SELECT id, visibility, removed_on FROM register.sensor_version
        WHERE sensor_id = numbered.sensor_id AND registration_status = 'published'
            AND superseded_at = later.recorded_at
        LIMIT 1
    ) AS former ON true
    LEFT JOIN undone ON undone.sensor_id = numbered.sensor_id AND undone.superseded_at = later.recorded_at
    WHERE numbered.kind IN ('amended', 'withdrawn') OR undone.sensor_id IS NOT NULL
)
UPDATE publication.change SET kind = announced.new_kind
FROM announced WHERE change.number = announced.number AND announced.kind <> announced.new_kind
"""

ADD = """
ALTER TABLE publication.change ADD CONSTRAINT ck_change_kind CHECK (
    kind IN ('published', 'amended', 'confirmed', 'moved', 'removed', 'restored', 'withdrawn', 'redacted'))
"""


def upgrade() -> None:
    op.execute(text(SPLIT))
    op.execute(ADD)


def downgrade() -> None:
    """Keep the kinds: the code before read none of them."""
    op.execute("ALTER TABLE publication.change DROP CONSTRAINT ck_change_kind")
