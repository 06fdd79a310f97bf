"""The rule of who sees the administrator's pages, and the path that they start with."""

from typing import Final
from uuid import UUID

from app.access.permissions import is_administrator
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText
from app.website.account.visits import HOME, OwnVisit

ADMINISTRATION: Final = f"{HOME}/beheer"

_ONLY_ADMINISTRATORS: Final = LocalizedText(
    "Deze pagina’s zijn voor beheerders van het hele register. Werkt u ook voor het hele register? Kies dat dan eerst"
    " op Mijn werkplek.",
    "These pages are for administrators of the whole register. Do you work for the whole register too? Then choose that"
    " first on My workplace.",
)


def require_register_administrator(own: OwnVisit) -> UUID:
    """The id of the administrator. Raises: NotPermitted for everyone else."""
    principal = own.signed_in.principal
    if not is_administrator(principal):
        raise NotPermitted(_ONLY_ADMINISTRATORS)
    return principal.id
