"""The form of a report: what it is about, which kind it is, and then the questions of that kind.

What was chosen is in the address, so that nothing is stored before the report is sent, and no script is needed.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.access.form_stamps import is_late_enough, renew_stamp
from app.access.rate_limits import limit_subject
from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.http.client_address import find_client_address
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import render_page
from app.mail.mail_address import normalise_address
from app.municipalities.queries import load_directory
from app.reports.actions import GivenReport, file_report
from app.reports.report_checks import check_report, tidy_text
from app.reports.report_kinds import MAX_TEXT, ReportKind
from app.reports.report_terms import find_due_date
from app.reports.sightings import record_reported_sighting
from app.website.account.form_problems import list_field_problems
from app.website.account.visits import AccountRouter, Visit
from app.website.reporting.report_mailer import make_report_mailer
from app.website.reporting.report_subject_form import (
    REPORT,
    Subject,
    choose_kind,
    describe_kinds,
    read_subject,
)
from app.website.reporting.report_words import name_answerer, name_subject

AT_HOME: Final = "ja"
NOT_AT_HOME: Final = "nee"

_FIELDS: Final = {"/text": "tekst", "/email": "mail", "/kind": "tekst", "/form": "tekst"}
_TOO_FAST: Final = LocalizedText(
    "Dat ging wel erg snel, of de pagina stond lang open. Lees uw melding na, en verstuur hem opnieuw.",
    "That went very fast, or the page was open for long. Read your report again, and send it once more.",
)
_HIDDEN_FILLED: Final = LocalizedText(
    "Een verborgen veld is ingevuld, misschien door uw browser. Verstuur de melding opnieuw.",
    "A hidden field was filled in, perhaps by your browser. Send the report once more.",
)

router = AccountRouter()


@router.visit(REPORT)
def show_report(visit: Visit) -> Response:
    """The next question: about what, which kind, at someone's home or not, and the form itself."""
    given = {name: value[:200] for name, value in visit.request.query_params.items()}
    with transaction(visit.state.write_engine) as session:
        asked = _ask_what_is_open(visit, session, given)
        return asked if isinstance(asked, Response) else _show_form(visit, session, *asked, [])


@router.visit(REPORT, "POST")
def send_report(visit: Visit) -> Response:
    """Store the report, and lead to its private page. A camera at someone's home is stored nowhere."""
    form, mailer = visit.form, make_report_mailer(visit)
    with transaction(visit.state.write_engine) as session:
        asked = _ask_what_is_open(visit, session, form)
        if isinstance(asked, Response):
            return asked
        subject, kind = asked
        text, email = tidy_text(form.get("tekst", "")), form.get("mail", "").strip()
        problems = check_report(
            kind,
            text,
            email,
            kinds=subject.list_kinds(dutch_date(visit.now)),
            takes_addresses=mailer.takes_addresses,
        )
        if form.get("bijnaam"):
            problems.append(Problem(ProblemCode.UNKNOWN_FIELD, "/form", _HIDDEN_FILLED))
        elif not is_late_enough(session, REPORT, form.get("stempel", ""), visit.now):
            problems.append(Problem(ProblemCode.INVALID_TEXT, "/form", _TOO_FAST))
        if problems:
            return _show_form(visit, session, subject, kind, problems)
    _limit(visit, email)
    given = GivenReport(kind, subject.about, text, email, form.get("openbaar") == "ja", visit.language)
    with transaction(visit.state.write_engine) as session:
        _, secret = file_report(session, mailer, given, visit.now)
    client = find_client_address(visit.request, visit.state.settings.trusted_proxies)
    record_reported_sighting(visit.state.write_engine, subject.about, kind, client, visit.now)
    return _lead_to_status(visit, secret)


def _ask_what_is_open(
    visit: Visit, session: Session, given: Mapping[str, str]
) -> Response | tuple[Subject, ReportKind]:
    """The subject and kind of the report, or the page that asks for the first thing that is still missing."""
    subject = read_subject(session, given)
    if not isinstance(subject, Subject):
        return _ask_subject(visit, given, subject)
    kind = choose_kind(subject, given.get("soort", ""), dutch_date(visit.now))
    if kind is None:
        return _ask_kind(visit, session, subject)
    if kind is ReportKind.MISSING and given.get("thuis") != NOT_AT_HOME:
        return _ask_home(visit, session, subject, explained=given.get("thuis") == AT_HOME)
    return subject, kind


def _limit(visit: Visit, email: str) -> None:
    """Count the report for its client and for the mailbox that it names. Raises: TooManyRequests."""
    engine = visit.state.write_engine
    if find_client_address(visit.request, visit.state.settings.trusted_proxies) is None:
        limit_subject(engine, "report_unseen", "", visit.now)
    visit.limit("report")
    if address := normalise_address(email):
        limit_subject(engine, "receive_link", address, visit.now)


def _lead_to_status(visit: Visit, secret: str) -> RedirectResponse:
    return visit.go_to(f"/melding?sleutel={secret}&nieuw=ja")


def _ask_subject(visit: Visit, given: Any, problem: LocalizedText | None) -> Response:
    return render_page(
        visit.request,
        "website/reporting/subject.html",
        status=404 if problem else 200,
        code=given.get("sensor", ""),
        problem=problem.render(visit.language) if problem else None,
        is_place=bool(given.get("plek")) and not given.get("sensor"),
    )


def _ask_kind(visit: Visit, session: Session, subject: Subject) -> Response:
    return render_page(
        visit.request,
        "website/reporting/kinds.html",
        kinds=describe_kinds(subject, dutch_date(visit.now), visit.language),
        **_describe(visit, session, subject),
    )


def _ask_home(visit: Visit, session: Session, subject: Subject, *, explained: bool) -> Response:
    return render_page(
        visit.request,
        "website/reporting/doorbell.html" if explained else "website/reporting/home.html",
        at_home=subject.write_query(soort=ReportKind.MISSING.value, thuis=AT_HOME),
        elsewhere=subject.write_query(soort=ReportKind.MISSING.value, thuis=NOT_AT_HOME),
        **_describe(visit, session, subject),
    )


def _show_form(
    visit: Visit, session: Session, subject: Subject, kind: ReportKind, problems: list[Problem]
) -> Response:
    municipality_code = subject.about.municipality_code
    return render_page(
        visit.request,
        "website/reporting/form.html",
        status=422 if problems else 200,
        kind=kind.value,
        values=visit.form,
        problems=list_field_problems(problems, _FIELDS, visit.language),
        # A form that is shown again is sent again sooner than a person fills one in.
        stamp=renew_stamp(session, REPORT, visit.form.get("stempel", ""), visit.now),
        max_text=MAX_TEXT,
        takes_addresses=make_report_mailer(visit).takes_addresses,
        due_on=find_due_date(session, municipality_code, dutch_date(visit.now)),
        answerer=name_answerer(session, municipality_code, None, visit.language),
        change_query=subject.write_query(),
        **_describe(visit, session, subject),
    )


def _describe(visit: Visit, session: Session, subject: Subject) -> dict[str, Any]:
    code = subject.about.municipality_code
    found = load_directory(session).find_by_code(code) if code else None
    return {
        "subject": name_subject(session, subject.about, visit.language),
        "sensor_code": subject.sensor.public_code if subject.sensor else None,
        "field": subject.field,
        "value": subject.value,
        "municipality": found.name if found else None,
    }
