"""One report for who handles it: read, forwarded, answered, rejected, noted on; and a registration begun from it."""

from typing import Any, Final
from uuid import UUID

from starlette.responses import Response

from app.access.permissions import may_edit
from app.core.clock import dutch_date
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.mail_notice import add_mail_notice
from app.core.problems import Problem, ProblemCode
from app.core.templates import render_page
from app.organisations.queries import find_by_name, find_organisation, name_organisation
from app.reports.actions import (
    Handling,
    PublicText,
    answer_report,
    forward_report,
    note_on_report,
    reject_report,
    take_back_answer,
)
from app.reports.handlers import Handler, require_handler
from app.reports.queries import find_position, find_published_answer, get_report, list_notes
from app.reports.report_checks import tidy_text
from app.reports.report_kinds import KIND_NAMES, MAX_TEXT, STATUS_NAMES, ReportKind, ReportStatus
from app.reports.report_mail import INBOX_PATH
from app.reports.report_subject import find_sensor, find_sensor_by_id
from app.sensors.registration.drafts import start_draft
from app.website.account.form_problems import list_field_problems, say_for_form
from app.website.account.forms import parse_id, parse_number
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.registering.step_routes import write_step_path
from app.website.registering.steps import STEPS
from app.website.reporting.report_mailer import make_report_mailer
from app.website.reporting.report_words import open_report_labels

ONE: Final = f"{INBOX_PATH}/{{melding}}"

_MAX_REVISION: Final = 999_999
_MAX_ALIKE: Final = 10
"""Organisations that are named to choose from."""

_FIELDS: Final = {
    "/answer": "antwoord",
    "/public": "openbaar",
    "/publicQuestion": "vraag",
    "/publicAnswer": "openbaar-antwoord",
    "/sensor": "nummer",
    "/organisation": "organisatie",
    "/reason": "reden",
    "/note": "notitie",
}
_SENTENCES: Final = {
    (location, ProblemCode.REQUIRED): sentence
    for location, sentence in {
        "/answer": LocalizedText("Schrijf uw antwoord aan de bewoner.", "Write your answer to the resident."),
        "/publicQuestion": LocalizedText(
            "Schrijf de vraag in uw woorden.", "Write the question in your words."
        ),
        "/publicAnswer": LocalizedText("Schrijf het openbare antwoord.", "Write the public answer."),
        "/reason": LocalizedText("Schrijf de reden voor de bewoner.", "Write the reason for the resident."),
        "/note": LocalizedText("Schrijf uw notitie.", "Write your note."),
    }.items()
}
_UNKNOWN_ORGANISATION: Final = LocalizedText(
    "Deze organisatie vinden wij niet. Schrijf de hele naam, of het nummer (TOOI of id).",
    "We cannot find this organisation. Write the whole name, or the number (TOOI or id).",
)
_UNKNOWN_SENSOR: Final = LocalizedText(
    "Deze sensor is niet openbaar in het register. Laat dit leeg, of verbeter het nummer.",
    "This sensor is not public in the register. Leave this empty, or correct the number.",
)
_DONE: Final = {
    "doorgestuurd": LocalizedText("De melding is doorgestuurd.", "The report was forwarded."),
    "beantwoord": LocalizedText("De melding is beantwoord.", "The report was answered."),
    "afgewezen": LocalizedText("De melding is afgewezen.", "The report was rejected."),
    "ingetrokken": LocalizedText(
        "Het antwoord staat niet meer op de pagina van de sensor.",
        "The answer is no longer on the page of the sensor.",
    ),
    "genoteerd": LocalizedText("De notitie is bewaard.", "The note was stored."),
}
_FORWARDED_TO: Final = LocalizedText("de organisatie", "the organisation")

router = AccountRouter()


@router.own(ONE)
def show_one(own: OwnVisit) -> Response:
    given = own.visit.request.query_params.get("gedaan", "")
    done = _DONE.get(given)
    if done and given == "doorgestuurd":
        done = add_mail_notice(done, _FORWARDED_TO, sends_mail=own.visit.state.settings.sends_mail)
    return _show(own, done=done)


@router.own(f"{ONE}/doorsturen", "POST")
def forward(own: OwnVisit) -> Response:
    """Let the owner of the sensor, or another organisation, answer."""
    named = own.visit.form.get("organisatie", "").strip()
    organisation_id = find_organisation(own.session, named) if named else None
    if organisation_id is None:
        sentence = _name_alike(own, named) or _UNKNOWN_ORGANISATION
        return _show(own, [Problem(ProblemCode.UNKNOWN_ORGANISATION, "/organisation", sentence)])
    try:
        forward_report(own.session, _open(own), organisation_id)
    except (Conflict, InvalidRequest) as refused:
        return _refuse(own, refused)
    return _go_back(own, "doorgestuurd")


@router.own(f"{ONE}/beantwoorden", "POST")
def answer(own: OwnVisit) -> Response:
    """Answer the report; on the page of a sensor too where both want that."""
    form, public = own.visit.form, None
    text = tidy_text(form.get("antwoord", ""))
    if form.get("openbaar") == "ja":
        code = form.get("nummer", "").strip()
        sensor = find_sensor(own.session, code) if code else None
        if code and sensor is None:
            return _show(own, [Problem(ProblemCode.UNKNOWN_VALUE, "/sensor", _UNKNOWN_SENSOR)])
        public = PublicText(
            tidy_text(form.get("vraag", "")), tidy_text(form.get("openbaar-antwoord", "")), sensor
        )
    try:
        answer_report(own.session, _open(own), text, public)
    except (Conflict, InvalidRequest) as refused:
        return _refuse(own, refused)
    return _go_back(own, "beantwoord")


@router.own(f"{ONE}/intrekken", "POST")
def take_back(own: OwnVisit) -> Response:
    """Take the published answer from the page of the sensor."""
    take_back_answer(own.session, require_handler(own.signed_in.principal), _read_id(own))
    return _go_back(own, "ingetrokken")


@router.own(f"{ONE}/afwijzen", "POST")
def reject(own: OwnVisit) -> Response:
    """End the report with a reason."""
    try:
        reject_report(own.session, _open(own), tidy_text(own.visit.form.get("reden", "")))
    except (Conflict, InvalidRequest) as refused:
        return _refuse(own, refused)
    return _go_back(own, "afgewezen")


@router.own(f"{ONE}/notitie", "POST")
def note(own: OwnVisit) -> Response:
    """Write a note for colleagues."""
    handler = require_handler(own.signed_in.principal)
    try:
        note_on_report(
            own.session, handler, _read_id(own), tidy_text(own.visit.form.get("notitie", "")), own.visit.now
        )
    except InvalidRequest as refused:
        return _refuse(own, refused)
    return _go_back(own, "genoteerd")


@router.own(f"{ONE}/registreren", "POST")
def register(own: OwnVisit) -> Response:
    """Begin the registration of a missing sensor, at the place of the report."""
    report = get_report(own.session, require_handler(own.signed_in.principal), _read_id(own))
    position, organisation_id = find_position(own.session, report), own.signed_in.organisation_id
    if position is None or organisation_id is None:
        raise NotFound
    answers = {"mobility": "fixed", "location": f"{position[1]}, {position[0]}"}
    draft_id = start_draft(own.session, own.signed_in.principal, organisation_id, answers)
    return own.visit.go_to(write_step_path(draft_id, STEPS[0].path))


def _name_alike(own: OwnVisit, named: str) -> LocalizedText | None:
    """The names that have what was typed in them, to choose one from; None where there is no such name."""
    alike = find_by_name(own.session, named, limit=_MAX_ALIKE) if named else []
    names = "; ".join(one.name for one in alike if one.name)
    if not names:
        return None
    return LocalizedText(
        f"Schrijf de hele naam. Bedoelt u een van deze? {names}",
        f"Write the whole name. Is it one of these? {names}",
    )


def _read_id(own: OwnVisit) -> UUID:
    return parse_id(own.visit.request.path_params["melding"])


def _open(own: OwnVisit) -> Handling:
    return Handling(
        handler=require_handler(own.signed_in.principal),
        mailer=make_report_mailer(own.visit),
        report_id=_read_id(own),
        seen=parse_number(own.visit.form.get("versie", ""), _MAX_REVISION) or 0,
        now=own.visit.now,
    )


def _go_back(own: OwnVisit, done: str) -> Response:
    return own.visit.go_to(f"{INBOX_PATH}/{_read_id(own)}?gedaan={done}")


def _refuse(own: OwnVisit, refused: Conflict | InvalidRequest) -> Response:
    if isinstance(refused, InvalidRequest):
        return _show(own, list(refused.problems))
    return _show(own, conflict=refused.detail or refused.title)


def _show(
    own: OwnVisit,
    problems: list[Problem] | None = None,
    *,
    conflict: LocalizedText | None = None,
    done: LocalizedText | None = None,
) -> Response:
    handler, language = require_handler(own.signed_in.principal), own.visit.language
    report = get_report(own.session, handler, _read_id(own))
    said = say_for_form(problems or [], _SENTENCES)
    return render_page(
        own.visit.request,
        "website/reporting/report.html",
        status=409 if conflict else 422 if problems else 200,
        problems=list_field_problems(said, _FIELDS, language),
        conflict=conflict.render(language) if conflict else None,
        done=done.render(language) if done else None,
        values=own.visit.form,
        max_text=MAX_TEXT,
        notes=list_notes(own.session, handler, report),
        **_describe(own, handler, report),
    )


def _describe(own: OwnVisit, handler: Handler, report: Any) -> dict[str, Any]:
    session, language = own.session, own.visit.language
    kind, status = ReportKind(report.kind), ReportStatus(report.status)
    sensor = find_sensor_by_id(session, report.sensor_id) if report.sensor_id else None
    labels = open_report_labels(session, language)
    forwarded_to = name_organisation(session, report.forwarded_to) if report.forwarded_to else None
    organisation_id = own.signed_in.organisation_id
    return {
        "report": report,
        "kind": KIND_NAMES[kind].render(language),
        "is_missing": kind is ReportKind.MISSING,
        "status_name": STATUS_NAMES[status].render(language),
        "is_open": report.ended_at is None,
        "is_overdue": report.ended_at is None and report.due_on < dutch_date(own.visit.now),
        "sensor": sensor,
        "sensor_type": labels.name_term("sensorType", sensor.sensor_type) if sensor else None,
        "owner": name_organisation(session, sensor.owner_id) if sensor else "",
        "is_own_sensor": sensor is not None and sensor.owner_id in handler.organisation_ids,
        "position": find_position(session, report),
        "municipality": labels.name_municipality(report.municipality_code)
        if report.municipality_code
        else None,
        "forwarded_to": forwarded_to,
        "answered_for": name_organisation(session, report.answered_for) if report.answered_for else None,
        "has_address": report.email_encrypted is not None,
        "published": find_published_answer(session, report.id),
        "may_forward": handler.acts_for_place(report),
        "may_register": organisation_id is not None and may_edit(own.signed_in.principal, organisation_id),
    }
