"""The settings of this server, each with its value and what it does: `/mijn/beheer/instellingen`."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr
from starlette.responses import Response

from app.core.settings import Settings
from app.core.templates import render_page
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.administration.access import ADMINISTRATION, require_register_administrator

SETTINGS: Final = f"{ADMINISTRATION}/instellingen"

router = AccountRouter()


class ShownSetting(NamedTuple):
    """A setting as a page shows it; `value` is None for a secret, and empty where nothing was chosen."""

    name: str
    description: str
    value: str | None
    is_set: bool
    """Whether the environment names it; else it is the default."""


@router.own(SETTINGS)
def show_settings(own: OwnVisit) -> Response:
    """Show every setting; of a secret only whether it is set."""
    require_register_administrator(own)
    return render_page(
        own.visit.request,
        "website/administration/settings.html",
        settings=list_settings(own.visit.state.settings),
    )


def list_settings(settings: Settings) -> list[ShownSetting]:
    """The settings in their order. A value that holds a password is a secret, whatever its type."""
    found = []
    for name, described in Settings.model_fields.items():
        value = getattr(settings, name)
        is_secret = (
            isinstance(value, SecretStr) or "SecretStr" in str(described.annotation) or _has_password(value)
        )
        found.append(
            ShownSetting(
                f"REGISTER_{name.upper()}",
                described.description or "",
                None if is_secret else _write(value),
                name in settings.model_fields_set and value is not None,
            )
        )
    return found


def _has_password(value: Any) -> bool:
    """Whether the value is an address of a server with a user or parameters, as that of a database."""
    text = str(value or "")
    if "password" in text.lower():
        return True
    return "://" in text and "@" in urlsplit(text).netloc


def _write(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
