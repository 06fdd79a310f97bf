"""Texts about a sensor outside its versions, which may repeat what is erased: drafts, and reasons of refusals."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# A draft holds the answers of the version that it changes.
_DELETE_DRAFTS: Final = """
DELETE FROM register.sensor_draft AS draft USING register.sensor_version AS version
WHERE draft.sensor_id = ANY(CAST(:ids AS uuid[])) AND version.sensor_id = draft.sensor_id
    AND version.number = draft.version_number AND version.erased
"""

# The reason is about the version that was in force when the offer was refused.
_ERASE_REFUSALS: Final = """
UPDATE register.sensor_transfer AS transfer SET reason = NULL FROM register.sensor_version AS version
WHERE transfer.sensor_id = ANY(CAST(:ids AS uuid[])) AND transfer.reason IS NOT NULL
    AND version.sensor_id = transfer.sensor_id AND version.erased
    AND version.recorded_at <= transfer.decided_at
    AND (version.superseded_at IS NULL OR version.superseded_at > transfer.decided_at)
"""

# One objection can be about many sensors: it goes with the last of them. It stays an objection, without its words.
_ERASE_OBJECTIONS: Final = """
UPDATE register.behalf_notice AS notice SET reason = ''
WHERE notice.reason IS NOT NULL
    AND notice.id IN (SELECT notice_id FROM register.behalf_notice_sensor
        WHERE sensor_id = ANY(CAST(:ids AS uuid[])))
    AND NOT EXISTS (
        SELECT FROM register.behalf_notice_sensor AS told
        JOIN register.sensor_version AS version ON version.sensor_id = told.sensor_id AND NOT version.erased
        WHERE told.notice_id = notice.id)
"""


def erase_texts_about(session: Session, sensor_ids: Sequence[UUID]) -> None:
    """Erase what drafts, refused offers and objections say about the erased versions of these sensors."""
    for statement in (_DELETE_DRAFTS, _ERASE_REFUSALS, _ERASE_OBJECTIONS):
        session.execute(text(statement), {"ids": list(sensor_ids)})
