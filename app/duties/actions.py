"""Actions on duties and on trusted organisations. Without a principal they are those of the command line."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.access.permissions import require_municipal_administrator
from app.access.principal import Principal
from app.audit.actions import record_action
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.expected_version import ANY_VERSION, ExpectedVersion, check_expected_version
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.duties.duty import TEXTS, Duty
from app.duties.profile_check import check_duty
from app.duties.queries import load_duties
from app.duties.tables import DutyProfile, TrustedOrganisation
from app.organisations.queries import list_kinds, list_organisation_types
from app.vocabularies.queries import load_vocabularies

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('duty of ' || :code, 0))"


def set_duty(  # noqa: PLR0913 - what is set, by whom, when, and over which revision
    session: Session,
    principal: Principal | None,
    municipality_code: str,
    given: Mapping[str, Any],
    *,
    today: date,
    expected: ExpectedVersion | None = ANY_VERSION,
    is_example: bool = False,
) -> Duty:
    """Set the rule of a municipality from the day `validFrom` on; rules of earlier days stay as they were.

    A rule for the same day takes the place of the one that was there. `expected` is `Duties.version_on` today.
    Raises: NotPermitted; InvalidRequest with all problems; PreconditionRequired and PreconditionFailed.
    """
    if principal is not None:
        require_municipal_administrator(principal, municipality_code)
    session.execute(text(_LOCK), {"code": municipality_code})
    before = load_duties(session, municipality_code)
    check_expected_version(expected, before.version_on(today))
    duty = check_duty(
        given,
        municipality_code,
        sensor_types=_list_sensor_types(session, today),
        owner_types=list_organisation_types(session),
        # Until a municipality has a rule, it may state since when it has had one.
        earliest=today if before.find(today).has_profile else None,
    )
    columns = asdict(duty) | {"is_example": is_example}
    for name in TEXTS:
        said: LocalizedText | None = getattr(duty, name)
        columns[name] = said._asdict() if said else None
    for name in ("sensor_types", "owner_types"):
        columns[name] = list(columns[name])
    session.execute(
        update(DutyProfile)
        .where(
            DutyProfile.municipality_code == municipality_code,
            DutyProfile.valid_from == duty.valid_from,
            DutyProfile.superseded_at.is_(None),
        )
        .values(superseded_at=func.clock_timestamp())
    )
    session.add(DutyProfile(**columns))
    session.flush()
    _record(
        session,
        principal,
        "set_duty",
        municipality_code,
        {"validFrom": str(duty.valid_from), "mandatory": duty.is_mandatory, "noticeDays": duty.notice_days},
    )
    return duty


def take_back_duty(
    session: Session, principal: Principal | None, municipality_code: str, valid_from: date, *, today: date
) -> None:
    """Take back a rule that has not begun. Raises: NotPermitted; NotFound; Conflict for one that has begun."""
    if principal is not None:
        require_municipal_administrator(principal, municipality_code)
    session.execute(text(_LOCK), {"code": municipality_code})
    row = session.scalars(
        select(DutyProfile).where(
            DutyProfile.municipality_code == municipality_code,
            DutyProfile.valid_from == valid_from,
            DutyProfile.superseded_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(
            LocalizedText("Op deze dag begint geen regel.", "There is no rule that begins on this day.")
        )
    if valid_from <= today:
        raise Conflict(
            LocalizedText(
                "Deze regel geldt al. Stel een nieuwe regel in die vandaag of later begint.",
                "This rule holds already. Set a new rule that begins today or later.",
            )
        )
    row.superseded_at = session.scalars(select(func.clock_timestamp())).one()
    session.flush()
    _record(session, principal, "take_back_duty", municipality_code, {"validFrom": str(valid_from)})


def trust_organisation(
    session: Session,
    principal: Principal | None,
    municipality_code: str,
    organisation_id: UUID,
    *,
    now: datetime,
) -> None:
    """Let an organisation's own registrations in a municipality be published at once, from now on.

    Raises: NotPermitted; InvalidRequest for an organisation that is not there; Conflict where it is trusted already.
    """
    if principal is not None:
        require_municipal_administrator(principal, municipality_code)
    kind = next(iter(list_kinds(session, [organisation_id])), None)
    if kind is None or kind.has_ended or kind.municipality_code == municipality_code:
        raise InvalidRequest(
            problems=[_explain_unusable(organisation_id, is_own=bool(kind and not kind.has_ended))]
        )
    session.execute(text(_LOCK), {"code": municipality_code})
    if _find_trust(session, municipality_code, organisation_id) is not None:
        raise Conflict(
            LocalizedText(
                "Uw gemeente vertrouwt deze organisatie al.",
                "Your municipality trusts this organisation already.",
            )
        )
    session.add(
        TrustedOrganisation(
            municipality_code=municipality_code,
            organisation_id=organisation_id,
            since=now,
            trusted_by=principal.id if principal else None,
        )
    )
    session.flush()
    _record(
        session,
        principal,
        "trust_organisation",
        municipality_code,
        {"organisation": str(organisation_id)},
    )


def end_trust(
    session: Session,
    principal: Principal | None,
    municipality_code: str,
    organisation_id: UUID,
    *,
    now: datetime,
) -> None:
    """End the trust in an organisation: its next registrations are reviewed. What is published stays.

    Raises: NotPermitted; NotFound where it is not trusted (any more).
    """
    if principal is not None:
        require_municipal_administrator(principal, municipality_code)
    session.execute(text(_LOCK), {"code": municipality_code})
    row = _find_trust(session, municipality_code, organisation_id)
    if row is None:
        raise NotFound(
            LocalizedText(
                "Uw gemeente vertrouwt deze organisatie niet (meer).",
                "Your municipality does not trust this organisation (any more).",
            )
        )
    row.ended_at = max(now, row.since)
    session.flush()
    _record(session, principal, "end_trust", municipality_code, {"organisation": str(organisation_id)})


def _find_trust(
    session: Session, municipality_code: str, organisation_id: UUID
) -> TrustedOrganisation | None:
    return session.scalars(
        select(TrustedOrganisation).where(
            TrustedOrganisation.municipality_code == municipality_code,
            TrustedOrganisation.organisation_id == organisation_id,
            TrustedOrganisation.ended_at.is_(None),
        )
    ).one_or_none()


def _explain_unusable(organisation_id: UUID, *, is_own: bool) -> Problem:
    if is_own:
        sentence = LocalizedText(
            "Dit is de gemeente zelf: zij publiceert in haar eigen gebied altijd meteen.",
            "This is the municipality itself, which always publishes at once inside its own boundary.",
        )
        return Problem(ProblemCode.INVALID_VALUE, "/organisation", sentence, str(organisation_id))
    sentence = LocalizedText(
        "Deze organisatie is er niet, of doet niet meer mee.",
        "There is no such organisation, or it does not take part any more.",
    )
    return Problem(ProblemCode.UNKNOWN_ORGANISATION, "/organisation", sentence, str(organisation_id))


def _list_sensor_types(session: Session, today: date) -> list[str]:
    terms = load_vocabularies(session).by_name["sensorType"].terms.values()
    return [term.code for term in terms if term.is_valid(today)]


def _record(
    session: Session,
    principal: Principal | None,
    action: str,
    municipality_code: str,
    details: Mapping[str, Any],
) -> None:
    record_action(
        session,
        principal_id=principal.id if principal else None,
        action=action,
        subject_kind="municipality",
        subject_ids=[municipality_code],
        details=details,
    )
