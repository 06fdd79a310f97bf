"""Call a registration so in the definitions of its statuses, and call what is asked of it changes in both languages.

Codes do not change, so code of the version before reads these rows as well.

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

serves_previous_version = True
"""Only the texts of terms change."""

REWORDED = {
    ("changes_requested", "label_nl"): ("Aanpassing gevraagd", "Wijzigingen gevraagd"),
    ("changes_requested", "definition_nl"): (
        "De gemeente heeft gevraagd de melding aan te passen.",
        "De gemeente heeft om wijzigingen van de registratie gevraagd.",
    ),
    ("changes_requested", "definition_en"): (
        "The municipality has asked for changes.",
        "The municipality has requested changes of the registration.",
    ),
    ("draft", "definition_nl"): (
        "De melding is nog niet ingediend.",
        "De registratie is nog niet ingediend.",
    ),
    ("submitted", "definition_nl"): (
        "De melding wacht op de gemeente.",
        "De registratie wacht op de gemeente.",
    ),
    ("published", "definition_nl"): (
        "De melding staat in het openbare register.",
        "De registratie staat in het openbare register.",
    ),
    ("published", "definition_en"): (
        "The registration stands in the public register.",
        "The registration is in the public register.",
    ),
    ("rejected", "definition_nl"): (
        "De gemeente heeft de melding afgewezen.",
        "De gemeente heeft de registratie afgewezen.",
    ),
    ("withdrawn", "definition_nl"): ("De melding is ingetrokken.", "De registratie is ingetrokken."),
}
"""The old and the new text, by code of the status and column."""


def upgrade() -> None:
    reword(old=0, new=1)


def downgrade() -> None:
    reword(old=1, new=0)


def reword(*, old: int, new: int) -> None:
    """Replace the texts that are still as the register came with them: an administrator's own texts stay."""
    connection = op.get_bind()
    for (code, column), texts in REWORDED.items():
        connection.execute(
            sa.text(
                f"UPDATE publication.term SET {column} = :new "
                f"WHERE vocabulary = 'registrationStatus' AND code = :code AND {column} = :old"
            ),
            {"code": code, "old": texts[old], "new": texts[new]},
        )
