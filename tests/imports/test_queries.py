"""Visibility of imports: to the editors of the owner, and to the sender for as long as that is their work."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.actions import grant_role
from app.access.endings import end_access_for
from app.access.principal import Principal
from app.access.queries import get_principal
from app.access.tables import AccessGrant
from app.core.errors import NotFound
from app.imports.page_parameters import ImportPage
from app.imports.queries import find_import, list_imports
from app.imports.tables import SensorImport
from tests.support.organisations import make_municipality, make_organisation, make_principal


def store_import(session: Session, by: Principal, owner: UUID | None) -> UUID:
    row = SensorImport(
        principal_id=by.id, owner_id=owner, file_name="lijst.csv", size_bytes=1, sha256="-", language="nl"
    )
    session.add(row)
    session.flush()
    return row.id


def sees(session: Session, principal: Principal, import_id: UUID) -> bool:
    now = get_principal(session, principal.id)
    listed = {one.id for one in list_imports(session, now, ImportPage())[0]}
    try:
        find_import(session, now, import_id)
    except NotFound:
        assert import_id not in listed
        return False
    assert import_id in listed
    return True


def join(session: Session, principal: Principal, organisation: UUID) -> None:
    grant_role(
        session, granted_by=None, principal_id=principal.id, role="editor", organisation_id=organisation
    )


def leave(session: Session, organisation: UUID) -> None:
    end_access_for(session, ended_by=None, organisation_id=organisation, now=datetime.now(UTC))


def test_editors_of_the_owner_see_an_import_of_a_colleague(session: Session) -> None:
    company = make_organisation(session)
    sender, colleague = make_principal(session, company), make_principal(session, company)
    found = store_import(session, sender, company)
    assert sees(session, sender, found)
    assert sees(session, colleague, found)
    for role in ("reviewer", "auditor", "administrator"):
        assert not sees(session, make_principal(session, company, role), found)
    assert not sees(session, make_principal(session, make_organisation(session)), found)


def test_municipality_sees_its_own_import_for_a_company(session: Session, amsterdam: UUID) -> None:
    officer = make_principal(session, amsterdam)
    assert sees(session, officer, store_import(session, officer, make_organisation(session)))
    assert sees(session, officer, store_import(session, officer, None))


@pytest.mark.parametrize("has_other_role", ["before", "after", "never"])
def test_sender_who_left_the_owner_sees_its_imports_no_more(
    session: Session, amsterdam: UUID, has_other_role: str
) -> None:
    company = make_organisation(session)
    sender = make_principal(session, company)
    if has_other_role == "before":
        join(session, sender, amsterdam)
    found = store_import(session, sender, company)
    leave(session, company)
    if has_other_role == "after":
        join(session, sender, amsterdam)
    assert not sees(session, sender, found)


def test_sender_who_went_to_another_municipality_sees_no_import_of_the_former(
    session: Session, amsterdam: UUID
) -> None:
    sender = make_principal(session, amsterdam)
    imports = [store_import(session, sender, owner) for owner in (make_organisation(session), None)]
    # A transaction has one moment: this was all a year ago.
    for table in (AccessGrant, SensorImport):
        session.execute(update(table).values(created_at=datetime(2025, 11, 29, tzinfo=UTC)))
    assert all(sees(session, sender, one) for one in imports)
    leave(session, amsterdam)
    join(session, sender, make_municipality(session, "GM0344", "Gemeente Utrecht"))
    assert not any(sees(session, sender, one) for one in imports)
