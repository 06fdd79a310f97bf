"""The roles as people read them."""

from collections.abc import Mapping
from typing import Final

from app.access.principal import Role
from app.core.i18n import LocalizedText

ROLE_NAMES: Final[Mapping[Role, LocalizedText]] = {
    "editor": LocalizedText("redacteur", "editor"),
    "reviewer": LocalizedText("beoordelaar", "reviewer"),
    "auditor": LocalizedText("controleur", "auditor"),
    "administrator": LocalizedText("beheerder", "administrator"),
}
