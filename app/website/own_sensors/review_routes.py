"""One registration as its owner follows it: its review, with what was asked and answered; and its end and return."""

from typing import Final

from starlette.responses import Response

from app.core.errors import Conflict, InvalidRequest, NotFound, PreconditionFailed, RegisterError
from app.core.expected_version import ExpectedVersion
from app.core.formatting import format_date, format_datetime
from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.sensors.registration.permissions import may_change, require_changeable
from app.sensors.registration.queries import SENSOR_UNKNOWN, find_sensor
from app.sensors.registration.review_mail import SUBMITTED_PATH
from app.sensors.registration.submission import Submission, get_submission
from app.sensors.registration.withdrawal import restore_sensor, withdraw_sensor
from app.sensors.registration_status import LIVE_STATUSES, RegistrationStatus
from app.website.account.forms import parse_number
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.account.workplace import Workplace, open_workplace
from app.website.own_sensors.list_routes import SENSORS
from app.website.registering.requests import list_requests
from app.website.registering.thread import word_remarks

WITHDRAW: Final = f"{SENSORS}/{{nummer}}/intrekken"
RESTORE: Final = f"{SENSORS}/{{nummer}}/terugzetten"

_MAX_VERSION: Final = 999_999_999

_WAITS: Final = LocalizedText(
    "De gemeente beoordeelt deze inzending. Wat openbaar was, blijft zo lang openbaar.",
    "The municipality reviews this submission. What was public stays public meanwhile.",
)
_WAITS_NEW: Final = LocalizedText(
    "De gemeente beoordeelt deze inzending. Tot die tijd zien alleen u en de gemeente haar.",
    "The municipality reviews this submission. Until then only you and the municipality see it.",
)
_OUTCOMES: Final = {
    RegistrationStatus.SUBMITTED: _WAITS,
    RegistrationStatus.PUBLISHED: LocalizedText(
        "Deze registratie is gepubliceerd.", "This registration is published."
    ),
    RegistrationStatus.REJECTED: LocalizedText(
        "De gemeente heeft deze inzending afgewezen. Hieronder staat waarom. U kunt de sensor opnieuw registreren.",
        "The municipality rejected this submission. Below is why. You can register the sensor again.",
    ),
    RegistrationStatus.WITHDRAWN: LocalizedText(
        "Deze registratie is ingetrokken, en staat niet meer in het register.",
        "This registration was withdrawn, and is no longer in the register.",
    ),
}
_DONE: Final = {
    "ingetrokken": LocalizedText("De registratie is ingetrokken.", "The registration was withdrawn."),
    "teruggezet": LocalizedText("De registratie is teruggezet.", "The registration was restored."),
}
_STATUS: Final = LocalizedText("Status", "Status")
_SUBMITTED: Final = LocalizedText("Ingediend op", "Submitted on")
_DUE: Final = LocalizedText("De gemeente beoordeelt uiterlijk op", "The municipality reviews by")
_OVERDUE: Final = LocalizedText("{day}: die dag is voorbij", "{day}: that day has passed")
_REVIEWER: Final = LocalizedText("Beoordelende gemeente", "Reviewing municipality")
_COMMENTS: Final = LocalizedText("Kan reageren tot en met {day}", "May comment until {day}")
_CHANGED: Final = LocalizedText(
    "De registratie is intussen gewijzigd. Kijk of u dit nog wilt.",
    "The registration has changed meanwhile. See whether you still want this.",
)
_NO_REASON: Final = LocalizedText(
    "Vul in waarom u de registratie intrekt.", "Fill in why you withdraw the registration."
)
_NO_RESTORING_REASON: Final = LocalizedText(
    "Vul in waarom u de registratie terugzet.", "Fill in why you restore the registration."
)

router = AccountRouter()


@router.own(f"{SUBMITTED_PATH}/{{nummer}}")
def show_review(own: OwnVisit) -> Response:
    """Where a submission is, until when it is reviewed, and what was asked and answered."""
    workplace = open_workplace(own)
    one = _find(workplace)
    labels, principal, version = workplace.labels, workplace.action.principal, one.version
    done = _DONE.get(own.visit.request.query_params.get("gedaan", ""))
    status, outcome = version.registration_status, _OUTCOMES.get(version.registration_status)
    if outcome is _WAITS and one.published is None:
        outcome = _WAITS_NEW
    changes = may_change(principal, version.owner_id, version.municipality_code, version.municipality_codes)
    public = version if status is RegistrationStatus.PUBLISHED else one.published
    return render_page(
        own.visit.request,
        "website/own_sensors/one.html",
        code=version.public_code,
        title=version.name or version.reference,
        kind=labels.name_term("sensorType", version.sensor_type),
        sentence=labels.render(outcome) if outcome else "",
        facts=_list_facts(workplace, one),
        requested=len(list_requests(workplace, version)),
        remarks=word_remarks(one.remarks, labels),
        earlier_remarks=word_remarks(one.earlier_remarks, labels),
        done=labels.render(done) if done else None,
        public_path=f"/s/{version.public_code}" if public and public.visibility != "internal" else None,
        may_change=changes and status in LIVE_STATUSES,
        may_withdraw=changes and status in LIVE_STATUSES,
        may_restore=changes and status is RegistrationStatus.WITHDRAWN and version.redacted_at is None,
    )


@router.own(WITHDRAW)
def ask_to_withdraw(own: OwnVisit) -> Response:
    workplace = open_workplace(own)
    return _render_ending(workplace, _find_changeable(workplace))


@router.own(WITHDRAW, "POST")
def withdraw(own: OwnVisit) -> Response:
    """Withdraw a registration, with a reason; it can be restored."""
    workplace = open_workplace(own)
    one, reason = _find_changeable(workplace), own.visit.form.get("reden", "").strip()
    if not reason:
        return _render_ending(workplace, one, refused=InvalidRequest(_NO_REASON))
    try:
        withdraw_sensor(
            own.session, workplace.action, one.version.sensor_id, reason=reason, expected=_read_expected(own)
        )
    except (InvalidRequest, Conflict, PreconditionFailed) as refused:
        return _render_ending(workplace, _find_changeable(workplace), refused=refused)
    return own.visit.go_to(f"{SUBMITTED_PATH}/{one.version.public_code}?gedaan=ingetrokken")


@router.own(RESTORE)
def ask_to_restore(own: OwnVisit) -> Response:
    workplace = open_workplace(own)
    return _render_ending(workplace, _find_changeable(workplace), is_restoring=True)


@router.own(RESTORE, "POST")
def restore(own: OwnVisit) -> Response:
    """Undo a withdrawal, with a reason."""
    workplace = open_workplace(own)
    one, reason = _find_changeable(workplace), own.visit.form.get("reden", "").strip()
    if not reason:
        refusal = InvalidRequest(_NO_RESTORING_REASON)
        return _render_ending(workplace, one, is_restoring=True, refused=refusal)
    try:
        restore_sensor(
            own.session, workplace.action, one.version.sensor_id, reason=reason, expected=_read_expected(own)
        )
    except (InvalidRequest, Conflict, PreconditionFailed) as refused:
        return _render_ending(workplace, _find_changeable(workplace), is_restoring=True, refused=refused)
    return own.visit.go_to(f"{SUBMITTED_PATH}/{one.version.public_code}?gedaan=teruggezet")


def _find(workplace: Workplace) -> Submission:
    """The registration that the address names. Raises: NotFound."""
    own = workplace.own
    sensor_id = find_sensor(own.session, own.visit.request.path_params["nummer"])
    if sensor_id is None:
        raise NotFound(SENSOR_UNKNOWN)
    return get_submission(own.session, workplace.action.principal, sensor_id, workplace.action.today)


def _find_changeable(workplace: Workplace) -> Submission:
    """Raises: NotFound; NotPermitted."""
    one = _find(workplace)
    require_changeable(workplace.action.principal, one.version)
    return one


def _read_expected(own: OwnVisit) -> ExpectedVersion:
    return ExpectedVersion.exactly(parse_number(own.visit.form.get("versie", ""), _MAX_VERSION) or 0)


def _list_facts(workplace: Workplace, one: Submission) -> list[tuple[str, str]]:
    labels, status = workplace.labels, one.version.registration_status
    render, language = labels.render, labels.language
    facts = [(render(_STATUS), labels.name_term("registrationStatus", status))]
    if one.municipality_code and one.is_under_review:
        facts.append((render(_REVIEWER), labels.name_municipality(one.municipality_code)))
    if status is RegistrationStatus.SUBMITTED:
        due = format_date(one.due_on, language)
        facts.append((render(_SUBMITTED), format_datetime(one.submitted_at, language)))
        facts.append((render(_DUE), render(_OVERDUE).format(day=due) if one.is_overdue else due))
        comments = render(_COMMENTS).format(day=format_date(one.comment_due_on, language))
        facts.extend((labels.name_municipality(code), comments) for code in one.commenting_codes)
    return facts


def _render_ending(
    workplace: Workplace,
    one: Submission,
    *,
    is_restoring: bool = False,
    refused: RegisterError | None = None,
) -> Response:
    labels, problems, status = workplace.labels, [], 200
    if refused is not None:
        detail = refused.problems[0].detail if refused.problems else refused.detail or refused.title
        detail = _CHANGED if isinstance(refused, PreconditionFailed) else detail
        problems = [("reden", labels.render(detail))]
        status = 422 if isinstance(refused, InvalidRequest) else 409
    return render_page(
        workplace.own.visit.request,
        "website/own_sensors/ending.html",
        status=status,
        code=one.version.public_code,
        title=one.version.name or one.version.reference,
        version=one.version.number,
        is_restoring=is_restoring,
        problems=problems,
        reason=workplace.own.visit.form.get("reden", ""),
    )
