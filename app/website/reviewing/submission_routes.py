"""One submission at `/mijn/beoordelen/{nummer}`: shown beside what is published, decided about, and commented on."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from app.core.errors import Conflict, InvalidRequest, PreconditionFailed
from app.core.expected_version import ExpectedVersion
from app.core.i18n import LocalizedText
from app.core.problems import Problem
from app.core.site_path import site_path
from app.core.templates import localise_path, render_page
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.review import publish_submission, reject_submission, request_changes
from app.sensors.registration.review_mail import QUEUE_PATH, MailSite, read_mail_site
from app.sensors.registration.review_queue import list_submissions
from app.sensors.registration.review_thread import comment_on_submission
from app.sensors.registration.submission import Submission
from app.website.account.forms import FormFields, parse_number
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.reviewing.queue_form import join_query, read_queue_form
from app.website.reviewing.review_words import Decision, word_done
from app.website.reviewing.review_workplace import ReviewWorkplace, open_review_workplace
from app.website.reviewing.submission_page import find_submission, make_page

ONE: Final = f"{QUEUE_PATH}/{{nummer}}"
REASON: Final = "reden-"
NOTE: Final = "toelichting"

_MAX_VERSION: Final = 999_999_999

_CHANGED: Final = LocalizedText(
    "De indiener heeft de inzending intussen aangepast. Hieronder staat hoe zij nu is; wat u typte, staat er nog.",
    "The submitter has changed the submission meanwhile. Below is how it is now; what you typed is still there.",
)
_NOT_SENT: Final = LocalizedText(
    "U vulde een vraag in, maar wie publiceert, vraagt niets. Haal de vraag weg, of kies Vraag om wijzigingen.",
    "You filled in a request, but publishing asks for nothing. Remove the request, or choose Request changes.",
)
_NO_DECISION: Final = LocalizedText(
    "Kies wat u met de inzending doet.", "Choose what to do with the submission."
)
_NOTE_LABEL: Final = LocalizedText("Toelichting", "Explanation")

router = AccountRouter()


@router.own(ONE)
def show_submission(own: OwnVisit) -> Response:
    """Show what is new or changed, with the ways to decide that the person has."""
    workplace = open_review_workplace(own)
    one = find_submission(workplace, own.visit.request.path_params["nummer"])
    sends_mail = own.visit.state.settings.sends_mail
    done = word_done(own.visit.request.query_params, workplace.labels, sends_mail=sends_mail)
    return _render(workplace, one, done=done)


@router.own(ONE, "POST")
def decide(own: OwnVisit) -> Response:
    """Decide or comment, and lead to the next submission; the first of two colleagues decides."""
    workplace = open_review_workplace(own)
    named = own.visit.request.path_params["nummer"]
    one = find_submission(workplace, named)
    typed = _read_typed(own.visit.form)
    try:
        decision = _read_decision(own.visit.form, typed, one)
        # A refusal leaves nothing behind, such as the comment that goes before it.
        with own.session.begin_nested():
            _do(workplace, one, decision, typed)
    except InvalidRequest as refused:
        return _render(
            workplace, one, typed=typed, problems=_find_fields(refused, typed, workplace), status=422
        )
    except Conflict as refused:
        conflict = workplace.labels.render(refused.detail or refused.title)
        return _render(
            workplace, find_submission(workplace, named), typed=typed, conflict=conflict, status=409
        )
    except PreconditionFailed:
        conflict = workplace.labels.render(_CHANGED)
        return _render(
            workplace, find_submission(workplace, named), typed=typed, conflict=conflict, status=409
        )
    return _go_on(workplace, one, decision)


def find_mail_site(own: OwnVisit) -> MailSite | None:
    """The site as mails name it; None where no mail is sent."""
    return read_mail_site(own.visit.state, own.visit.now)


def _do(workplace: ReviewWorkplace, one: Submission, decision: Decision, typed: Mapping[str, str]) -> None:
    """Raises: InvalidRequest, Conflict and PreconditionFailed, as the actions do."""
    session, context, mail = workplace.own.session, workplace.action, find_mail_site(workplace.own)
    sensor_id, note = one.version.sensor_id, typed.get(NOTE, "")
    number = parse_number(workplace.own.visit.form.get("versie", ""), _MAX_VERSION)
    expected = ExpectedVersion.exactly(number or 0)
    remarks = [FieldRemark(text, name.removeprefix(REASON)) for name, text in typed.items() if name != NOTE]
    match decision:
        case Decision.PUBLISH:
            if note:
                # The mail that it is published follows.
                comment_on_submission(session, context, sensor_id, [FieldRemark(note)], mail=None)
            publish_submission(session, context, sensor_id, expected=expected, mail=mail)
        case Decision.REQUEST_CHANGES:
            request_changes(
                session, context, sensor_id, remarks=remarks, reason=note, expected=expected, mail=mail
            )
        case Decision.REJECT:
            reject_submission(
                session, context, sensor_id, reason=note, remarks=remarks, expected=expected, mail=mail
            )
        case Decision.COMMENT:
            whole = [] if remarks and not note else [FieldRemark(note)]
            comment_on_submission(session, context, sensor_id, [*whole, *remarks], mail=mail)


def _read_typed(form: FormFields) -> dict[str, str]:
    """The texts that were typed, by the names of their fields; empty ones are left out."""
    names = (NOTE, *(f"{REASON}{name}" for name in FIELD_BY_NAME))
    return {name: text for name in names if (text := form.get(name, "").strip())}


def _read_decision(form: FormFields, typed: Mapping[str, str], one: Submission) -> Decision:
    """Raises: InvalidRequest for none, and for publishing with requests at fields.

    Where nothing is left to decide, the page has no fields to point at: the decision itself is refused then.
    """
    given = form.get("besluit", "")
    if given not in {one.value for one in Decision}:
        raise InvalidRequest(_NO_DECISION)
    if given == Decision.PUBLISH and one.may_decide and any(name != NOTE for name in typed):
        raise InvalidRequest(_NOT_SENT)
    return Decision(given)


def _find_fields(
    refused: InvalidRequest, typed: Mapping[str, str], workplace: ReviewWorkplace
) -> list[tuple[str, str]]:
    """The id of the field and the sentence of each problem."""
    reasons = [name for name in typed if name != NOTE]
    if not refused.problems:
        return [(reasons[0] if reasons else NOTE, workplace.labels.render(refused.detail or refused.title))]
    return [(_find_field(one, reasons), workplace.labels.render(one.detail)) for one in refused.problems]


def _find_field(problem: Problem, reasons: list[str]) -> str:
    parts = problem.location.strip("/").split("/")
    if parts[0] == "remarks" and len(parts) > 1 and int(parts[1]) < len(reasons):
        return reasons[int(parts[1])]
    return NOTE


def _go_on(workplace: ReviewWorkplace, decided: Submission, decision: Decision) -> Response:
    """Lead to the next submission of the queue, or to the queue where that was the last one."""
    own, form = workplace.own, read_queue_form(workplace.own.visit.request.query_params)
    code = decided.version.public_code
    said = urlencode({"gedaan": decision.value, "inzending": code})
    if decision is Decision.COMMENT:
        return own.visit.go_to(join_query(f"{QUEUE_PATH}/{code}", form.write_query(), said))
    following = _find_following(workplace, decided)
    path = f"{QUEUE_PATH}/{following}" if following else QUEUE_PATH
    return own.visit.go_to(join_query(path, form.write_query(), said))


def _find_following(workplace: ReviewWorkplace, one: Submission) -> str | None:
    """The registration number of the submission that follows in the queue; the first one after the last."""
    form = read_queue_form(workplace.own.visit.request.query_params)
    principal, today = workplace.action.principal, workplace.action.today
    for after in (one.version.id, None):
        rows, _ = list_submissions(
            workplace.own.session, principal, form.search, today, order=form.order, after=after, limit=1
        )
        if rows and rows[0].sensor_id != one.version.sensor_id:
            return rows[0].public_code
    return None


def _render(  # noqa: PLR0913 - the states that the page has
    workplace: ReviewWorkplace,
    one: Submission,
    *,
    typed: Mapping[str, str] | None = None,
    problems: list[tuple[str, str]] | None = None,
    conflict: str | None = None,
    done: str | None = None,
    status: int = 200,
) -> Response:
    request, labels = workplace.own.visit.request, workplace.labels
    query = read_queue_form(request.query_params).write_query()
    following = _find_following(workplace, one) if one.is_under_review else None
    texts = typed or {}
    page = make_page(workplace, one)
    next_path = localise_path(join_query(f"{QUEUE_PATH}/{following}", query), labels.language)
    return render_page(
        request,
        "website/reviewing/submission.html",
        status=status,
        **page,
        typed=texts,
        typed_names=[name.removeprefix(REASON) for name in texts],
        typed_labels=[
            (NOTE, labels.render(_NOTE_LABEL)),
            *((f"{REASON}{name}", labels.render(field.label)) for name, field in FIELD_BY_NAME.items()),
        ],
        problems=problems or [],
        conflict=conflict,
        done=done,
        query=query,
        next_path=site_path(next_path) if following else None,
    )
