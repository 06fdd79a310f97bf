from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.queries import list_entries
from app.core.database import sqlalchemy_url
from app.core.database_errors import translate_database_error
from app.core.errors import Conflict, InvalidRequest, NotFound, PreconditionFailed
from app.core.expected_version import ExpectedVersion
from app.organisations.actions import amend_organisation
from app.organisations.queries import (
    find_faces,
    find_organisation,
    get_face,
    get_organisation,
    list_organisation_types,
    list_organisations,
)
from app.organisations.record import OrganisationFace
from tests.support.organisations import make_municipality, make_organisation, make_principal

PRIVATE = {
    "contactPerson": "Marleen Geheim",
    "personalEmail": "marleen.geheim@example.org",
    "phone": "06 99999999",
    "notifier": "Nico Verborgen",
    "address": "Stillesteeg 7",
}
SOLE_TRADER = {"name": "Karel Verstopt", "soleTrader": True, "kvkNumber": "87654321"}


def amend(session: Session, organisation_id: UUID, **changes: object) -> list[UUID]:
    """Amend it, and return whose sensors were to be projected again."""
    shown: list[UUID] = []
    amend_organisation(
        session,
        organisation_id,
        changes,
        principal_id=None,
        republish=lambda _, changed: shown.append(changed),
    )
    return shown


def read_publication(session: Session) -> str:
    return "\n".join(session.scalars(text("SELECT o::text FROM publication.organisation AS o")))


def test_public_and_private_fields_are_stored_separately(session: Session) -> None:
    organisation_id = make_organisation(session, kvkNumber="12345678", **PRIVATE)
    assert get_face(session, organisation_id) == OrganisationFace(
        id=organisation_id,
        name="Meetbedrijf BV",
        organisation_type="company",
        kvk_number="12345678",
        public_email="info@example.org",
    )
    assert not any(value in read_publication(session) for value in PRIVATE.values())
    kept = get_organisation(session, organisation_id).organisation
    assert {name: kept.model_dump(by_alias=True)[name] for name in PRIVATE} == PRIVATE


@pytest.mark.parametrize(
    "fields", [SOLE_TRADER, {"name": "Karel Verstopt", "organisationType": "private_person"}]
)
def test_nameless_organisations_have_no_name_or_number_in_public(
    session: Session, fields: dict[str, object]
) -> None:
    organisation_id = make_organisation(session, **fields)
    face = get_face(session, organisation_id)
    assert (face.name, face.kvk_number) == (None, None)
    assert "Verstopt" not in read_publication(session)
    assert "87654321" not in read_publication(session)
    kept = get_organisation(session, organisation_id).organisation
    assert kept.name == "Karel Verstopt"
    assert kept.kvk_number == fields.get("kvkNumber")


def test_database_refuses_a_public_name_of_a_private_person(session: Session) -> None:
    organisation_id = make_organisation(session, **SOLE_TRADER | {"kvkNumber": None, "soleTrader": False})
    for change in ("organisation_type = 'private_person'", "name = NULL, kvk_number = '12345678'"):
        with pytest.raises(IntegrityError, match="ck_organisation_"), session.begin_nested():
            session.execute(
                text(f"UPDATE publication.organisation SET {change} WHERE id = :id"), {"id": organisation_id}
            )


def test_name_of_a_new_sole_trader_becomes_private(session: Session) -> None:
    organisation_id = make_organisation(session, name="Karel Verstopt", kvkNumber="87654321")
    assert "Verstopt" in read_publication(session)
    assert amend(session, organisation_id, soleTrader=True) == [organisation_id]
    assert "Verstopt" not in read_publication(session)
    amend(session, organisation_id, soleTrader=False)
    session.expire_all()
    assert get_face(session, organisation_id).name == "Karel Verstopt"
    assert get_face(session, organisation_id).kvk_number == "87654321"


def test_amendment_changes_named_fields_and_empties_by_none(session: Session) -> None:
    organisation_id = make_organisation(session, website="https://example.org", **PRIVATE)
    shown = amend(session, organisation_id, name="Meetwerk BV", website=None, phone="06 11111111")
    kept = get_organisation(session, organisation_id)
    assert shown == [organisation_id]
    assert kept.organisation.name == "Meetwerk BV"
    assert kept.organisation.website is None
    assert kept.organisation.phone == "06 11111111"
    assert kept.organisation.contact_person == PRIVATE["contactPerson"]
    assert kept.revision == 2


def test_unchanged_fields_are_not_recorded(session: Session) -> None:
    organisation_id = make_organisation(session)
    assert amend(session, organisation_id, name=" Meetbedrijf BV ") == []
    assert get_organisation(session, organisation_id).revision == 1
    assert len(list_entries(session, subject_kind="organisation")) == 1


def test_amended_organisation_is_validated_as_a_whole(session: Session) -> None:
    organisation_id = make_organisation(session)
    with pytest.raises(InvalidRequest) as caught:
        amend(session, organisation_id, publicEmail=None, oin="1")
    assert {problem.location for problem in caught.value.problems} == {"/publicEmail", "/oin"}


def test_change_of_an_outdated_version_is_refused(session: Session) -> None:
    organisation_id = make_organisation(session)
    seen = ExpectedVersion.exactly(1)
    amend(session, organisation_id, contactPerson="Iemand")
    with pytest.raises(PreconditionFailed):
        amend_organisation(
            session,
            organisation_id,
            {"name": "Te laat BV"},
            principal_id=None,
            republish=lambda *_: None,
            expected=seen,
        )


def test_organisation_can_change_while_a_referring_record_is_written(fresh_database: str) -> None:
    """Such as the trail of a sensor: the sensors themselves, which show its name, are waited for as a whole."""
    engine = create_engine(sqlalchemy_url(fresh_database), connect_args={"options": "-c lock_timeout=200"})
    with Session(engine) as writing, Session(engine) as amending:
        organisation_id = make_organisation(writing)
        writing.commit()
        make_principal(writing, organisation_id)
        assert amend(amending, organisation_id, name="Andere naam BV") == [organisation_id]
    engine.dispose()


def test_audit_trail_has_fields_without_values(session: Session) -> None:
    organisation_id = make_organisation(session, **SOLE_TRADER, **PRIVATE)
    amend(session, organisation_id, phone="06 22222222")
    amended, registered = list_entries(session, subject_kind="organisation", subject_id=organisation_id)
    assert amended.details == {"fields": ["phone"]}
    assert {"name", "contactPerson", "address"} <= set(registered.details["fields"])
    trail = "\n".join(session.scalars(text("SELECT a::text FROM audit.audit_entry AS a")))
    assert not any(value in trail for value in [*PRIVATE.values(), "Verstopt", "87654321", "06 22222222"])


@pytest.mark.parametrize(
    ("fields", "location"),
    [
        ({"tooiCode": "gm0363", "municipalityCode": None}, "/tooiCode"),
        ({"tooiCode": None, "municipalityCode": "GM0363"}, "/municipalityCode"),
    ],
)
def test_municipality_cannot_be_registered_twice(
    session: Session, fields: dict[str, object], location: str
) -> None:
    make_municipality(session)
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        make_organisation(session, name="Amsterdam", organisationType="municipality", **fields)
    error = translate_database_error(caught.value)
    assert isinstance(error, Conflict)
    assert [problem.location for problem in error.problems] == [location]


def test_organisation_is_found_by_code_name_or_id(session: Session) -> None:
    organisation_id = make_municipality(session)
    nameless = make_organisation(session, **SOLE_TRADER)
    for named in ("gm0363", "GM0363", "gemeente amsterdam", str(organisation_id)):
        assert find_organisation(session, named) == organisation_id
    assert find_organisation(session, "karel verstopt") == nameless
    assert find_organisation(session, "Rotterdam") is None


def test_unknown_organisation_is_not_found(session: Session) -> None:
    for find in (get_organisation, get_face):
        with pytest.raises(NotFound):
            find(session, uuid4())
    known = make_organisation(session)
    assert list(find_faces(session, [uuid4(), known])) == [known]


def test_organisations_are_listed_in_order_of_registration(session: Session) -> None:
    made = [make_organisation(session, name=f"Bedrijf {number}") for number in range(3)]
    listed = [kept.id for kept in list_organisations(session)]
    assert listed == sorted(made)


def test_types_are_those_of_the_vocabulary(session: Session) -> None:
    assert "water_authority" in list_organisation_types(session)
    session.execute(
        text("UPDATE publication.term SET valid_until = '2026-01-02' WHERE code = 'water_authority'")
    )
    assert "water_authority" not in list_organisation_types(session)
    with pytest.raises(InvalidRequest):
        make_organisation(session, organisationType="water_authority")


def test_grant_has_the_municipality_code_of_its_organisation(session: Session) -> None:
    (grant,) = make_principal(session, make_municipality(session)).grants
    assert grant.municipality_code == "GM0363"
