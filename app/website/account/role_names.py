"""The roles as people read them."""

from collections.abc import Collection, Mapping
from typing import Final

from app.access.principal import ROLES, Role
from app.core.formatting import format_list
from app.core.i18n import Language, LocalizedText

ROLE_NAMES: Final[Mapping[Role, LocalizedText]] = {
    "editor": LocalizedText("redacteur", "editor"),
    "reviewer": LocalizedText("beoordelaar", "reviewer"),
    "auditor": LocalizedText("controleur", "auditor"),
    "administrator": LocalizedText("beheerder", "administrator"),
}


def name_member_roles(roles: Collection[Role], language: Language) -> str:
    """The names of several roles in a sentence, in their fixed order."""
    return format_list([ROLE_NAMES[role].render(language) for role in ROLES if role in roles], language)
