"""A key to try the register with: that of an editor of the example municipality of Amsterdam."""

import os
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.access.actions import ensure_system_principal, grant_role, issue_key
from app.access.queries import find_key
from app.bootstrap.paths import LOCAL
from app.cli.seeding.seed_files import read_organisations
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText
from app.core.settings import Settings
from app.organisations.queries import find_organisation

HOLDER: Final = "Demo"
MUNICIPALITY: Final = "GM0363"
KEY_FILE: Final = LOCAL / "demo-key"
"""The register keeps a hash alone, and this key is shown at every start."""


def ensure_demo_key(
    session: Session, settings: Settings, now: datetime, *, kept: Path = KEY_FILE
) -> str | None:
    """The key kept in the file, or a new one where that opens nothing; None without the example municipality.

    Raises: NotPermitted in production.
    """
    if settings.environment == "production":
        raise NotPermitted(
            LocalizedText("In productie is er geen demosleutel.", "There is no demo key in production.")
        )
    if (token := _read(kept)) and _opens(session, token, now):
        return token
    organisation_id = find_organisation(session, read_organisations()[MUNICIPALITY]["name"])
    if organisation_id is None:
        return None
    principal_id = ensure_system_principal(session, HOLDER)
    grant_id = grant_role(
        session, granted_by=None, principal_id=principal_id, role="editor", organisation_id=organisation_id
    )
    token = issue_key(session, issued_by=None, principal_id=principal_id, now=now, grant_id=grant_id).token
    _write(kept, token)
    return token


def _read(path: Path) -> str | None:
    return path.read_text(encoding="ascii").strip() if path.exists() else None


def _opens(session: Session, token: str, now: datetime) -> bool:
    key = find_key(session, token)
    return key is not None and key.revoked_at is None and now < key.expires_at


def _write(path: Path, token: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    # For the owner alone from its first moment.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token + "\n")
