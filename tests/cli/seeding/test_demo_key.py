"""The key that a first start shows."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.access.actions import KEY_LIFETIME
from app.access.authentication import authenticate
from app.access.context import ActionContext
from app.access.endings import revoke_key
from app.access.keys import parse_prefix
from app.access.principal import Grant
from app.cli.seeding.demo_key import ensure_demo_key
from app.cli.seeding.seed_files import FOLDER, read_organisations
from app.core.errors import NotPermitted
from app.core.settings import Settings
from app.organisations.actions import register_organisation
from app.sensors.registration.actions import register_sensor
from tests.support.sensors import load_cities

NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)
DEVELOPMENT = Settings(environment="development")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "local" / "demo-key"


@pytest.fixture
def amsterdam(session: Session) -> Grant:
    """Actions that an editor of the example municipality may take."""
    given = read_organisations()["GM0363"]
    return Grant("editor", register_organisation(session, given, principal_id=None), "GM0363")


def ask_key(session: Session, kept: Path, now: datetime = NOW) -> str:
    token = ensure_demo_key(session, DEVELOPMENT, now, kept=kept)
    assert token is not None
    return token


def test_demo_key_is_of_editor_and_reused(session: Session, kept: Path, amsterdam: Grant) -> None:
    token = ask_key(session, kept)
    assert authenticate(session, token, NOW).grants == {amsterdam}
    assert ask_key(session, kept, NOW + timedelta(days=30)) == token
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_demo_key_that_is_refused_is_replaced(session: Session, kept: Path, amsterdam: Grant) -> None:
    first = ask_key(session, kept)
    after_expiry = ask_key(session, kept, NOW + KEY_LIFETIME)
    assert after_expiry != first
    prefix = parse_prefix(after_expiry)
    assert prefix is not None
    revoke_key(session, revoked_by=None, prefix=prefix, now=NOW)
    after_revocation = ask_key(session, kept)
    assert after_revocation != after_expiry
    kept.write_text("srk_of_another_database\n")
    last = ask_key(session, kept)
    assert last != after_revocation
    assert authenticate(session, last, NOW).grants == {amsterdam}


def test_demo_key_without_example_municipality_is_none(session: Session, kept: Path) -> None:
    assert ensure_demo_key(session, DEVELOPMENT, NOW, kept=kept) is None
    assert not kept.exists()


def test_demo_key_in_production_is_refused(session: Session, kept: Path, amsterdam: Grant) -> None:
    with pytest.raises(NotPermitted):
        ensure_demo_key(session, Settings(environment="production"), NOW, kept=kept)
    assert not kept.exists()


def test_example_sensor_registered_with_demo_key_is_published(
    session: Session, kept: Path, amsterdam: Grant
) -> None:
    load_cities(session)
    principal = authenticate(session, ask_key(session, kept), NOW)
    record = json.loads((FOLDER / "example-sensor.json").read_text(encoding="utf-8"))
    version = register_sensor(session, ActionContext(principal, NOW.date()), record)
    assert version.registration_status == "published"
    assert version.municipality_code == "GM0363"
    assert version.observed_area_derived
    assert version.warnings == []
