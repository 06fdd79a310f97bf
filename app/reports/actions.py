"""Verbs of reports: filed by a resident; forwarded, answered, rejected or noted on by who handles them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.secrets import hash_secret, make_secret
from app.audit.actions import record_action
from app.core.clock import dutch_date
from app.core.errors import Conflict, InvalidRequest, NotPermitted
from app.core.formatting import format_datetime
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.mail.mail_address import normalise_address
from app.mail.texts import make_one_line
from app.organisations.queries import list_kinds, name_organisation
from app.reports.handlers import Handler
from app.reports.queries import get_report
from app.reports.report_checks import check_length
from app.reports.report_counts import count_report
from app.reports.report_kinds import ReportKind, ReportStatus
from app.reports.report_mail import (
    INBOX_PATH,
    ReportMailer,
    post_to_organisation,
    post_to_reporter,
    write_status_address,
)
from app.reports.report_subject import ReportedPlace, ReportedSensor, find_sensor_by_id
from app.reports.report_terms import find_due_date
from app.reports.tables import PublishedAnswer, Report, ReportNote

_OWN_REPORT: Final = LocalizedText(
    "Dat is uw eigen organisatie. Beantwoord de melding zelf, of kies een andere organisatie.",
    "That is your own organisation. Answer the report yourself, or choose another organisation.",
)
_CANNOT_PUBLISH: Final = LocalizedText(
    "Dit antwoord kan niet op een sensorpagina: de melder wil dat niet, of er is geen openbare sensor.",
    "This answer cannot be on a sensor's page: its reporter does not want it, or no public sensor is named.",
)
_OTHERS_SENSOR: Final = LocalizedText(
    "Deze sensor is niet van u, en ligt niet in uw gemeente. Noem een eigen sensor, of laat dit leeg.",
    "This sensor is not yours, and does not lie in your municipality. Name one of your own, or leave this empty.",
)
_UNSEEN: Final = LocalizedText(
    "Deze melding is niet zoals uw pagina hem had. Bekijk hem opnieuw.",
    "This report is not as your page had it. Look at it again.",
)
_REQUIRED: Final = LocalizedText("Vul dit in.", "Fill this in.")


@dataclass(frozen=True, slots=True)
class GivenReport:
    """A report as someone gave it, checked by `check_report`."""

    kind: ReportKind
    about: ReportedSensor | ReportedPlace
    text: str
    email: str
    may_publish: bool
    language: Language


@dataclass(frozen=True, slots=True)
class Handling:
    """A report that someone handles now; `seen` is the revision of the report that this person saw."""

    handler: Handler
    mailer: ReportMailer
    report_id: UUID
    seen: int
    now: datetime


@dataclass(frozen=True, slots=True)
class PublicText:
    """The question and the answer in the words that become public on the page of a sensor."""

    question: str
    answer: str
    sensor: ReportedSensor | None


def file_report(
    session: Session, mailer: ReportMailer, given: GivenReport, now: datetime
) -> tuple[Report, str]:
    """Store a report; returns it with the secret of its private link, which is not stored.

    Without a municipality it goes to the owner of its sensor at once.
    """
    secret, about = make_secret(), given.about
    address = normalise_address(given.email) if given.email else None
    report = Report(
        kind=given.kind,
        status=ReportStatus.RECEIVED,
        municipality_code=about.municipality_code,
        text=given.text,
        email_encrypted=mailer.cipher.encrypt(address) if address and mailer.cipher else None,
        token_hash=hash_secret(secret),
        language=given.language,
        may_publish=given.may_publish,
        due_on=find_due_date(session, about.municipality_code, dutch_date(now)),
        created_at=now,
    )
    if isinstance(about, ReportedSensor):
        report.sensor_id = about.id
    else:
        report.location = f"SRID=4258;POINT({about.lon} {about.lat})"
        report.location_rd = f"SRID=28992;POINT({about.x} {about.y})"
    session.add(report)
    session.flush()
    count_report(session, report, "received")
    post_to_reporter(
        session,
        mailer,
        report,
        "report_received",
        now,
        address=write_status_address(mailer.site, secret, given.language),
    )
    if isinstance(about, ReportedSensor) and about.municipality_code is None:
        _send_to_owner(session, mailer, report, about.owner_id, now)
    return report, secret


def forward_report(session: Session, handling: Handling, organisation_id: UUID) -> Report:
    """Let an organisation answer in stead of the municipality.

    Raises: NotFound; NotPermitted; Conflict; InvalidRequest.
    """
    report = _take(session, handling)
    if not handling.handler.acts_for_place(report):
        raise NotPermitted(
            LocalizedText(
                "Alleen de gemeente van de plek stuurt een melding door.",
                "Only the municipality of the place forwards a report.",
            )
        )
    if report.forwarded_to is None and organisation_id in handling.handler.organisation_ids:
        # Back to itself from another is of use; to itself alone changes nothing but the status that a resident sees.
        raise InvalidRequest(problems=[Problem(ProblemCode.INVALID_VALUE, "/organisation", _OWN_REPORT)])
    if all(kind.has_ended for kind in list_kinds(session, [organisation_id])):
        sentence = LocalizedText(
            "Kies een organisatie die meedoet.", "Choose an organisation that takes part."
        )
        raise InvalidRequest(problems=[Problem(ProblemCode.UNKNOWN_ORGANISATION, "/organisation", sentence)])
    _send_to_owner(session, handling.mailer, report, organisation_id, handling.now)
    _record(session, handling, report, "forward_report", to=str(organisation_id))
    return report


def answer_report(session: Session, handling: Handling, answer: str, public: PublicText | None) -> Report:
    """Answer a report, by mail where there is an address; publish it on the page of a sensor where both chose so.

    Raises: NotFound; Conflict; InvalidRequest.
    """
    report = _take(session, handling)
    problems = _check("/answer", answer)
    sensor = public.sensor if public else None
    if public is not None:
        problems += [*_check("/publicQuestion", public.question), *_check("/publicAnswer", public.answer)]
        sensor = sensor or (find_sensor_by_id(session, report.sensor_id) if report.sensor_id else None)
        if not report.may_publish or sensor is None:
            problems.append(Problem(ProblemCode.UNKNOWN_VALUE, "/public", _CANNOT_PUBLISH))
        elif not handling.handler.may_answer_at(report, sensor):
            problems.append(Problem(ProblemCode.UNKNOWN_VALUE, "/sensor", _OTHERS_SENSOR))
    if problems:
        raise InvalidRequest(problems=problems)
    _end(session, handling, report, ReportStatus.ANSWERED, answer)
    if public is not None and sensor is not None:
        session.add(
            PublishedAnswer(
                report_id=report.id,
                sensor_id=sensor.id,
                organisation_id=report.answered_for,
                kind=report.kind,
                question=public.question,
                answer=public.answer,
                answered_on=dutch_date(handling.now),
            )
        )
        session.flush()
    _record(session, handling, report, "answer_report", published=public is not None)
    return report


def reject_report(session: Session, handling: Handling, reason: str) -> Report:
    """End a report without taking it up, with a reason that its reporter reads.

    Raises: NotFound; Conflict; InvalidRequest.
    """
    report = _take(session, handling)
    if problems := _check("/reason", reason):
        raise InvalidRequest(problems=problems)
    _end(session, handling, report, ReportStatus.REJECTED, reason)
    _record(session, handling, report, "reject_report")
    return report


def take_back_answer(session: Session, handler: Handler, report_id: UUID) -> None:
    """Take a published answer from the page of its sensor; the answer to the reporter stays. Repeating it is harmless.

    The municipality of the place may, and the organisation that answered in its stead. Raises: NotFound.
    """
    report = get_report(session, handler, report_id, to_change=True)
    published = session.get(PublishedAnswer, report.id)
    if published is None:
        return
    session.delete(published)
    session.flush()
    record_action(
        session,
        principal_id=handler.principal_id,
        action="take_back_answer",
        subject_kind="report",
        subject_ids=[report.id],
    )


def note_on_report(session: Session, handler: Handler, report_id: UUID, text: str, now: datetime) -> None:
    """Write a note for colleagues. Raises: NotFound; InvalidRequest."""
    report = get_report(session, handler, report_id)
    if problems := _check("/note", text):
        raise InvalidRequest(problems=problems)
    session.add(
        ReportNote(
            report_id=report.id,
            principal_id=handler.principal_id,
            organisation_id=handler.choose_organisation(report),
            text=text,
            created_at=now,
        )
    )
    session.flush()


def _take(session: Session, handling: Handling) -> Report:
    """The report, locked, as the form had it: the first of two colleagues decides. Raises: NotFound; Conflict."""
    report = get_report(session, handling.handler, handling.report_id, to_change=True)
    if report.ended_at is not None:
        by = name_organisation(session, report.answered_for) if report.answered_for else None
        raise Conflict(
            LocalizedText(
                f"Deze melding is al afgehandeld door {by or 'de beheerder'}, op"
                f" {format_datetime(report.ended_at, 'nl')}.",
                f"This report was dealt with already by {by or 'the administrator'}, on"
                f" {format_datetime(report.ended_at, 'en')}.",
            )
        )
    if report.revision != handling.seen:
        if report.forwarded_to is None:
            raise Conflict(_UNSEEN)
        to = name_organisation(session, report.forwarded_to)
        raise Conflict(
            LocalizedText(
                f"Intussen is deze melding doorgestuurd naar {to}. Bekijk hem opnieuw.",
                f"This report was forwarded to {to} in the meantime. Look at it again.",
            )
        )
    return report


def _send_to_owner(
    session: Session, mailer: ReportMailer, report: Report, organisation_id: UUID, now: datetime
) -> None:
    report.status = ReportStatus.FORWARDED
    report.forwarded_to, report.forwarded_at = organisation_id, now
    report.reminded_at = None
    report.revision += 1
    session.flush()
    post_to_organisation(
        session,
        mailer,
        organisation_id,
        "report_forwarded",
        now=now,
        path=f"{INBOX_PATH}/{report.id}",
        subject_kind=ReportKind(report.kind),
        due_on=report.due_on,
    )


def _end(session: Session, handling: Handling, report: Report, status: ReportStatus, answer: str) -> None:
    """End a report, count it, and let its reporter know."""
    handler, now = handling.handler, handling.now
    report.status, report.answer, report.ended_at = status, answer, now
    report.answered_by, report.answered_for = handler.principal_id, handler.choose_organisation(report)
    report.revision += 1
    session.flush()
    is_rejected = status is ReportStatus.REJECTED
    in_time = dutch_date(now) <= report.due_on
    count_report(session, report, "rejected" if is_rejected else "answered", in_time=in_time)
    post_to_reporter(
        session,
        handling.mailer,
        report,
        "report_answered",
        now,
        answer=_list_paragraphs(answer),
        is_rejected=is_rejected,
    )


def _list_paragraphs(text: str) -> list[str]:
    """The lines of a text, each of which is a paragraph of the mail."""
    return [line for line in map(make_one_line, text.split("\n")) if line]


def _check(location: str, text: str) -> list[Problem]:
    if not text:
        return [Problem(ProblemCode.REQUIRED, location, _REQUIRED)]
    return list(check_length(location, text))


def _record(session: Session, handling: Handling, report: Report, action: str, **details: object) -> None:
    record_action(
        session,
        principal_id=handling.handler.principal_id,
        action=action,
        subject_kind="report",
        subject_ids=[report.id],
        details=details,
    )
