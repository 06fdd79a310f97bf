"""Registering and amending organisations. Name and number of private persons and sole traders are stored privately."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.access.endings import end_access_for
from app.audit.actions import record_action
from app.core.database_errors import translate_constraint
from app.core.errors import Conflict
from app.core.expected_version import ANY_VERSION, ExpectedVersion, check_expected_version
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.organisations.queries import get_organisation, list_organisation_types
from app.organisations.record import Organisation
from app.organisations.tables import OrganisationContact, PublicOrganisation
from app.organisations.validation import check_organisation

Republish = Callable[[Session, UUID], object]
"""Republishes the sensors of an organisation, which show its name. Sensors belong to a higher tier."""

_PUBLIC: Final = (
    *("name", "organisation_type", "tooi_code", "municipality_code", "kvk_number", "oin"),
    *("website", "public_email", "public_phone", "contact_url", "dpo_contact"),
)
_PRIVATE: Final = (
    *("contact_person", "personal_email", "phone", "notifier", "address"),
    *("sole_trader", "email_confirmed_functional", "language"),
)


def _refuse_taken_code(name: str) -> Callable[[], Conflict]:
    sentence = LocalizedText(
        "Een andere organisatie heeft deze code al.", "Another organisation has this code already."
    )
    return lambda: Conflict(problems=[Problem(ProblemCode.TAKEN, f"/{name}", sentence)])


translate_constraint("uq_organisation_tooi_code", _refuse_taken_code("tooiCode"))
translate_constraint("uq_organisation_municipality_code", _refuse_taken_code("municipalityCode"))


def register_organisation(
    session: Session, given: Mapping[str, object], *, principal_id: UUID | None
) -> UUID:
    """Register an organisation from its fields by their names on the wire.

    Raises: InvalidRequest with all problems. The database refuses a code that another organisation has.
    """
    organisation = check_organisation(given, list_organisation_types(session))
    face, private = _split(organisation)
    organisation_id = session.execute(
        insert(PublicOrganisation).values(**face).returning(PublicOrganisation.id)
    ).scalar_one()
    session.execute(insert(OrganisationContact).values(organisation_id=organisation_id, **private))
    _record(
        session,
        principal_id,
        "register_organisation",
        organisation_id,
        [name for name, value in _wire(organisation).items() if value],
    )
    return organisation_id


def amend_organisation(  # noqa: PLR0913 - the record, the changes, the principal and the expected version
    session: Session,
    organisation_id: UUID,
    changes: Mapping[str, object],
    *,
    principal_id: UUID | None,
    republish: Republish,
    expected: ExpectedVersion | None = ANY_VERSION,
) -> None:
    """Change some fields, by merge patch: None empties a field. Unchanged values are not recorded.

    `republish` is called when the public name changes, which its sensors show.

    Raises: InvalidRequest with all problems; NotFound; PreconditionRequired and PreconditionFailed.
    """
    stored = get_organisation(session, organisation_id, to_change=True)
    check_expected_version(expected, stored.revision)
    before = _wire(stored.organisation)
    organisation = check_organisation({**before, **changes}, list_organisation_types(session))
    after = _wire(organisation)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return
    old_face, _ = _split(stored.organisation)
    face, private = _split(organisation)
    session.execute(
        update(PublicOrganisation)
        .where(PublicOrganisation.id == organisation_id)
        .values(**face, revision=PublicOrganisation.revision + 1, updated_at=func.now())
    )
    session.execute(
        update(OrganisationContact)
        .where(OrganisationContact.organisation_id == organisation_id)
        .values(**private)
    )
    _record(session, principal_id, "amend_organisation", organisation_id, changed)
    if face["name"] != old_face["name"]:
        republish(session, organisation_id)


def end_organisation(
    session: Session, organisation_id: UUID, *, principal_id: UUID | None, now: datetime, reason: str
) -> Sequence[str]:
    """End an organisation: every grant for it ends with its keys, and no one gets another. Its sensors stay.

    Returns the prefixes of the revoked keys. Repeating it is harmless. Raises: NotFound.
    """
    get_organisation(session, organisation_id)
    if _set_end(session, organisation_id, now):
        _record(session, principal_id, "end_organisation", organisation_id, ["endedAt"], reason=reason)
    return end_access_for(
        session, ended_by=principal_id, organisation_id=organisation_id, now=now, reason=reason
    )


def reopen_organisation(
    session: Session, organisation_id: UUID, *, principal_id: UUID | None, reason: str
) -> None:
    """Take back that an organisation ended. Its grants and keys stay ended. Raises: NotFound."""
    get_organisation(session, organisation_id)
    if _set_end(session, organisation_id, None):
        _record(session, principal_id, "reopen_organisation", organisation_id, ["endedAt"], reason=reason)


def forget_contact(session: Session, addresses: Collection[str], *, principal_id: UUID | None) -> None:
    """Empty contact person, personal address and telephone of organisations whose personal address is one of these."""
    personal = func.lower(OrganisationContact.personal_email)
    found = session.scalars(
        update(OrganisationContact)
        .where(personal.in_([one.lower() for one in addresses]))
        .values(contact_person=None, personal_email=None, phone=None, notifier=None)
        .returning(OrganisationContact.organisation_id)
        .execution_options(synchronize_session=False)
    ).all()
    for organisation_id in found:
        fields = ["contactPerson", "personalEmail", "phone", "notifier"]
        _record(session, principal_id, "amend_organisation", organisation_id, fields)


def _set_end(session: Session, organisation_id: UUID, moment: datetime | None) -> bool:
    """Whether the organisation had not ended, or had not been reopened, before."""
    # The lock makes a transaction wait that is giving a role for it.
    session.execute(
        select(PublicOrganisation.id).where(PublicOrganisation.id == organisation_id).with_for_update()
    )
    was_ended = (
        PublicOrganisation.ended_at.is_not(None) if moment is None else PublicOrganisation.ended_at.is_(None)
    )
    statement = (
        update(PublicOrganisation)
        .where(PublicOrganisation.id == organisation_id, was_ended)
        .values(ended_at=moment, revision=PublicOrganisation.revision + 1, updated_at=func.now())
        .returning(PublicOrganisation.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(statement) is not None


def _split(organisation: Organisation) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of the public face, and those of the private side."""
    face = {name: getattr(organisation, name) for name in _PUBLIC}
    private = {name: getattr(organisation, name) for name in _PRIVATE}
    private |= {"private_name": None, "private_kvk_number": None}
    if organisation.is_nameless:
        private |= {"private_name": face["name"], "private_kvk_number": face["kvk_number"]}
        face |= {"name": None, "kvk_number": None}
    return face, private


def _wire(organisation: Organisation) -> dict[str, Any]:
    return organisation.model_dump(by_alias=True)


def _record(  # noqa: PLR0913 - who, what, on what and why
    session: Session,
    principal_id: UUID | None,
    action: str,
    organisation_id: UUID,
    fields: Any,
    *,
    reason: str | None = None,
) -> None:
    # Names of fields, not values: the audit trail cannot be erased, and these are addresses of people.
    record_action(
        session,
        principal_id=principal_id,
        action=action,
        subject_kind="organisation",
        subject_ids=[organisation_id],
        details={"fields": list(fields)},
        reason=reason,
    )
