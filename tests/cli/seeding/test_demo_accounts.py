"""The persons of the demo."""

import pytest
from sqlalchemy.orm import Session

from app.access.demo import DEMO_DOMAIN, find_demo_account, list_demo_accounts
from app.access.queries import get_principal
from app.cli.seeding.demo_accounts import ACCOUNTS, ensure_demo_accounts
from app.cli.seeding.seed_files import read_organisations
from app.core.errors import NotPermitted
from app.core.settings import Settings
from app.organisations.actions import register_organisation
from tests.support.sensors import load_cities


def test_there_is_one_person_of_each_role_however_often_it_starts(session: Session) -> None:
    load_cities(session)
    for heading in ("GM0363", "charging_company"):
        register_organisation(session, read_organisations()[heading], principal_id=None)
    for _ in range(2):
        ensure_demo_accounts(session, Settings(environment="development"))
    found = list_demo_accounts(session)
    assert [name for _, name in found] == [one.name for one in ACCOUNTS]
    roles = {
        grant.role
        for handle, _ in found
        if (person := find_demo_account(session, handle))
        for grant in get_principal(session, person).grants
    }
    assert roles == {"editor", "reviewer", "auditor", "administrator"}


def test_person_of_a_missing_organisation_is_left_out(session: Session) -> None:
    ensure_demo_accounts(session, Settings(environment="development"))
    assert {handle for handle, _ in list_demo_accounts(session)} == {
        f"auditor{DEMO_DOMAIN}",
        f"administrator{DEMO_DOMAIN}",
    }


def test_production_gets_no_persons_of_the_demo(session: Session) -> None:
    with pytest.raises(NotPermitted):
        ensure_demo_accounts(session, Settings(environment="production"))
