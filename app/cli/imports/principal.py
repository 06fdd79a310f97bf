"""The principal of imports at the command line: without a key, with roles for one command."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actions import ensure_system_principal
from app.access.context import ActionContext
from app.access.principal import Grant, Principal
from app.core.clock import dutch_date
from app.core.settings import Settings
from app.organisations.queries import get_organisation

NAME: Final = "Command line"


def act_for(session: Session, settings: Settings, *organisation_ids: UUID) -> ActionContext:
    """An action context with the role editor for these organisations."""
    principal_id = ensure_system_principal(session, NAME)
    grants = frozenset(
        Grant("editor", one, get_organisation(session, one).organisation.municipality_code)
        for one in organisation_ids
    )
    return ActionContext(
        Principal(principal_id, NAME, grants),
        dutch_date(),
        notification_term_days=settings.notification_term_days,
    )
