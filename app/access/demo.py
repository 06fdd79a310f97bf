"""The persons of the demo, as whom anybody signs in on the machine that runs it; never in production."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.tables import PrincipalRow

DEMO_DOMAIN: Final = "@demo.invalid"
"""End of the handles of the persons of the demo. No mail can go there (RFC 6761, 6.4)."""


def list_demo_accounts(session: Session) -> Sequence[tuple[str, str]]:
    """Handle and name of each person of the demo, in the order in which they were made; may be empty."""
    statement = (
        select(PrincipalRow.handle, PrincipalRow.name)
        .where(PrincipalRow.handle.endswith(DEMO_DOMAIN), PrincipalRow.ended_at.is_(None))
        .order_by(PrincipalRow.created_at, PrincipalRow.id)
    )
    return [(handle, name) for handle, name in session.execute(statement) if handle]


def find_demo_account(session: Session, handle: str) -> UUID | None:
    """The person of the demo with this handle, and no one else."""
    if not handle.endswith(DEMO_DOMAIN):
        return None
    return session.scalars(
        select(PrincipalRow.id).where(PrincipalRow.handle == handle, PrincipalRow.ended_at.is_(None))
    ).one_or_none()
