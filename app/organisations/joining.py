"""Organisations that ask to join: asked, confirmed by mail, and verified or refused by someone who may."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from app.access.actions import check_name
from app.access.invitations import invite_person
from app.access.permissions import may_verify
from app.access.principal import Principal
from app.access.secrets import hash_secret, make_secret
from app.audit.actions import record_action
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.mail.mail_address import normalise_address
from app.organisations.actions import register_organisation
from app.organisations.queries import list_organisation_types
from app.organisations.tables import JoinRequest, OrganisationContact, PublicOrganisation
from app.organisations.validation import check_organisation

LIFETIME: Final = timedelta(days=2)
"""How long the link in the mail works that confirms a request."""

_KEPT: Final = timedelta(days=30)
"""How long a request is stored after its decision; what was decided stays in the audit trail."""

GOVERNMENT: Final = frozenset(
    {"municipality", "province", "water_authority", "national_government", "other_public"}
)
IDENTIFIERS: Final = ("kvkNumber", "oin", "tooiCode")
"""Fields of which an organisation gives one, by their names on the wire."""


@dataclass(frozen=True, slots=True)
class RequestToJoin:
    """A confirmed request; `organisation` has its fields by their names on the wire."""

    id: UUID
    organisation: Mapping[str, Any]
    municipality_code: str | None
    person_name: str
    person_email: str
    language: Language
    confirmed_at: datetime


def ask_to_join(  # noqa: PLR0913 - which organisation, and who asks
    session: Session,
    organisation: Mapping[str, object],
    *,
    municipality_code: str | None,
    person_name: str,
    person_email: str,
    language: Language,
    now: datetime,
) -> str:
    """Store a request, and return the secret of the link that confirms it. Raises: InvalidRequest with all problems.

    Nothing tells whether the organisation or the person is known already.
    """
    problems = check_request(session, organisation, person_name=person_name, person_email=person_email)
    if problems:
        raise InvalidRequest(problems=problems)
    secret = make_secret()
    session.add(
        JoinRequest(
            token_hash=hash_secret(secret),
            organisation=dict(organisation),
            municipality_code=municipality_code,
            person_name=person_name.strip(),
            person_email=normalise_address(person_email),
            language=language,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    session.flush()
    return secret


def check_request(
    session: Session, organisation: Mapping[str, object], *, person_name: str, person_email: str
) -> list[Problem]:
    """Everything that is wrong with a request; may be empty. Problems of the person are at `/person…`."""
    problems: list[Problem] = []
    try:
        check_organisation(organisation, _list_types(session))
    except InvalidRequest as refused:
        problems += refused.problems
    if not any(organisation.get(name) for name in IDENTIFIERS) and not any(
        problem.location[1:] in IDENTIFIERS for problem in problems
    ):
        sentence = LocalizedText("Vul het nummer of de code in.", "Fill in the number or the code.")
        problems.append(Problem(ProblemCode.REQUIRED, "/identifier", sentence))
    problems += [
        Problem(problem.code, "/personName", problem.detail) for problem in check_name(person_name.strip())
    ]
    if normalise_address(person_email) is None:
        sentence = LocalizedText(
            "Vul een e-mailadres in, zoals naam@bedrijf.nl.",
            "Fill in an e-mail address, such as name@company.nl.",
        )
        problems.append(Problem(ProblemCode.INVALID_EMAIL, "/personEmail", sentence, person_email[:254]))
    return problems


def find_unconfirmed(session: Session, secret: str, now: datetime) -> str | None:
    """The name of the organisation in the request with this secret that can be confirmed; None where there is none."""
    row = _find(session, secret, now)
    return None if row is None else str(row.organisation["name"])


def confirm_request(session: Session, secret: str, now: datetime) -> RequestToJoin:
    """Note that the person reads mail at the address; the link serves once. Raises: NotFound."""
    row = _find(session, secret, now)
    if row is None:
        raise NotFound(
            LocalizedText(
                "Deze link is gebruikt of verlopen. Meld uw organisatie opnieuw aan.",
                "This link was used or has expired. Ask again to join.",
            )
        )
    row.confirmed_at = now
    session.flush()
    return _read(row)


def list_requests(session: Session, principal: Principal) -> Sequence[RequestToJoin]:
    """The confirmed requests on which this principal decides, oldest first; may be empty."""
    rows = session.scalars(
        select(JoinRequest)
        .where(JoinRequest.confirmed_at.is_not(None), JoinRequest.decided_at.is_(None))
        .order_by(JoinRequest.confirmed_at, JoinRequest.id)
    )
    return [_read(row) for row in rows if _may_decide(principal, row)]


def list_namesakes(session: Session, request: RequestToJoin) -> Sequence[UUID]:
    """The organisations that have the number, code or name of a request already."""
    given = request.organisation
    same = [
        PublicOrganisation.name == given["name"],
        *(
            column == given[name]
            for name, column in (
                ("kvkNumber", PublicOrganisation.kvk_number),
                ("kvkNumber", OrganisationContact.private_kvk_number),
                ("oin", PublicOrganisation.oin),
                ("tooiCode", PublicOrganisation.tooi_code),
            )
            if given.get(name)
        ),
    ]
    return session.scalars(
        select(PublicOrganisation.id)
        .join(OrganisationContact, OrganisationContact.organisation_id == PublicOrganisation.id)
        .where(or_(*same))
        .order_by(PublicOrganisation.id)
    ).all()


def verify_request(session: Session, principal: Principal, request_id: UUID, now: datetime) -> str:
    """Register the organisation with the request's language, and invite its first person as editor and administrator.

    Returns the secret of the invitation. Raises: NotFound; Conflict where another has decided, or where an organisation
    has its number, code or name already; InvalidRequest where the fields are not valid any more.
    """
    row = _lock(session, principal, request_id)
    request = _read(row)
    if list_namesakes(session, request):
        raise Conflict(_KNOWN)
    given = {**request.organisation, "language": request.language}
    organisation_id = register_organisation(session, given, principal_id=principal.id)
    row.decided_at, row.decided_by, row.organisation_id = now, principal.id, organisation_id
    session.flush()
    _record(session, principal, "verify_organisation", request_id)
    return invite_person(
        session,
        invited_by=principal.id,
        name=request.person_name,
        email=request.person_email,
        role="editor",
        organisation_id=organisation_id,
        now=now,
        by_link=True,
        also_administrator=True,
        language=request.language,
    )


def refuse_request(
    session: Session, principal: Principal, request_id: UUID, *, reason: str, now: datetime
) -> RequestToJoin:
    """Refuse a request; the reason is for its person. Raises: NotFound; Conflict where another has decided."""
    row = _lock(session, principal, request_id)
    row.decided_at, row.decided_by = now, principal.id
    session.flush()
    _record(session, principal, "refuse_organisation", request_id, reason)
    return _read(row)


def delete_old_requests(session: Session, now: datetime) -> None:
    """Forget requests that no one confirmed in time, and those that were decided a month ago."""
    session.execute(
        delete(JoinRequest).where(
            (JoinRequest.confirmed_at.is_(None) & (JoinRequest.expires_at <= now))
            | (JoinRequest.decided_at <= now - _KEPT)
        )
    )


def delete_requests_of(session: Session, addresses: Collection[str]) -> None:
    """Delete the requests that persons with these addresses made, whatever became of them."""
    asked = func.lower(JoinRequest.person_email)
    session.execute(delete(JoinRequest).where(asked.in_([one.lower() for one in addresses])))


def _find(session: Session, secret: str, now: datetime) -> JoinRequest | None:
    return session.scalars(
        select(JoinRequest)
        .where(
            JoinRequest.token_hash == hash_secret(secret),
            JoinRequest.confirmed_at.is_(None),
            JoinRequest.expires_at > now,
        )
        .with_for_update()
    ).one_or_none()


def _lock(session: Session, principal: Principal, request_id: UUID) -> JoinRequest:
    row = session.get(JoinRequest, request_id, with_for_update=True)
    if row is None or row.confirmed_at is None or not _may_decide(principal, row):
        raise NotFound(
            LocalizedText("Dit verzoek is er niet (meer).", "There is no such request (any more).")
        )
    if row.decided_at is not None:
        raise Conflict(
            LocalizedText(
                "Een collega heeft hierover al beslist.", "A colleague has decided on this already."
            )
        )
    return row


def _may_decide(principal: Principal, row: JoinRequest) -> bool:
    is_government = row.organisation.get("organisationType") in GOVERNMENT
    return may_verify(principal, row.municipality_code, is_government=is_government)


def _list_types(session: Session) -> list[str]:
    # A resident does not join: their sensors are registered for them.
    return [one for one in list_organisation_types(session) if one != "private_person"]


def _read(row: JoinRequest) -> RequestToJoin:
    if row.confirmed_at is None:
        raise ValueError("the request is not confirmed")
    return RequestToJoin(
        row.id,
        row.organisation,
        row.municipality_code,
        row.person_name,
        row.person_email,
        cast(Language, row.language),
        row.confirmed_at,
    )


def _record(
    session: Session, principal: Principal, action: str, request_id: UUID, reason: str | None = None
) -> None:
    record_action(
        session,
        principal_id=principal.id,
        action=action,
        subject_kind="join_request",
        subject_ids=[request_id],
        details={},
        reason=reason,
    )


_KNOWN: Final = LocalizedText(
    "Er is al een organisatie met deze naam of dit nummer. Weiger het verzoek, en laat de persoon uitnodigen door die"
    " organisatie of een beheerder van het register.",
    "There is an organisation with this name or number already. Refuse the request, and let that organisation or an"
    " administrator of the register invite the person.",
)
