"""Routes of reviews: the queue, decisions, comments, withdrawing and restoring."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.context import ActionContext
from app.core.app_state import get_app_state
from app.core.database import WriteSession
from app.core.errors import InvalidRequest
from app.core.expected_version import version_etag
from app.core.http.conditional import IfMatch
from app.core.http.json_body import JSON, Json
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.municipalities.queries import load_directory
from app.sensors.bulk.many import Outcome
from app.sensors.bulk.many_reviews import publish_many, reject_many, request_changes_of_many
from app.sensors.registration.permissions import require_visible
from app.sensors.registration.queries import get_version
from app.sensors.registration.review import publish_submission, reject_submission, request_changes
from app.sensors.registration.review_mail import MailSite, read_mail_site
from app.sensors.registration.review_permissions import may_comment
from app.sensors.registration.review_queue import list_submission_ids, list_submissions
from app.sensors.registration.review_thread import answer_remarks, comment_on_submission, resubmit_sensor
from app.sensors.registration.routes import (
    CHANGED,
    REGISTERED,
    SENSORS_PATH,
    AnswerLanguage,
    Context,
    answer_registration,
    find_receipt_member,
)
from app.sensors.registration.submission import get_submission
from app.sensors.registration.withdrawal import restore_sensor, withdraw_sensor
from app.sensors.reviews.queue_parameters import QUEUE_PARAMETERS, parse_queue_parameters
from app.sensors.reviews.schemas import (
    MAX_MANY,
    Decision,
    DecisionRequest,
    ManyRequest,
    OutcomeDocument,
    PageLink,
    QueueDocument,
    ReasonRequest,
    RemarksRequest,
    ResubmissionRequest,
    ReviewDocument,
    describe_body,
    describe_outcome,
    describe_row,
    describe_submission,
)

REVIEWS_PATH: Final = "/v1/reviews"

router = APIRouter(tags=["reviewing"])


def _find_mail_site(request: Request) -> MailSite | None:
    return read_mail_site(get_app_state(request), datetime.now(UTC))


@router.get(
    REVIEWS_PATH,
    responses={200: {"model": QueueDocument}},
    openapi_extra={"parameters": QUEUE_PARAMETERS},
)
def list_reviews(request: Request, session: WriteSession, context: Context) -> Response:
    """Submissions that wait for a reviewer of your municipality, oldest first or by their terms."""
    asked = parse_queue_parameters(request.scope["query_string"], load_directory(session))
    rows, total = list_submissions(
        session,
        context.principal,
        asked.search,
        context.today,
        order=asked.order,
        after=asked.after,
        limit=asked.limit + 1,
    )
    shown, links = rows[: asked.limit], []
    if len(rows) > asked.limit:
        following = urlencode({**asked.given, "after": shown[-1].version_id})
        address = f"{get_app_state(request).public_url}{REVIEWS_PATH}?{following}"
        links.append(PageLink(rel="next", href=address))
    return _send(QueueDocument(reviews=[describe_row(one) for one in shown], total=total, links=links))


@router.post(
    REVIEWS_PATH,
    name="decide_many",
    dependencies=NO_PARAMETERS,
    responses={200: {"model": OutcomeDocument}},
    openapi_extra=describe_body(ManyRequest),
)
def post_reviews(request: Request, session: WriteSession, context: Context, given: Json) -> Response:
    """Decide about many submissions at once: those that are named, or everything that a filter finds.

    Those that were decided about or changed meanwhile are left as they are, and named.
    """
    asked = validate_body(ManyRequest, given.value)
    sensor_ids = _choose(session, context, asked)
    return _send(
        describe_outcome(_decide_many(session, context, asked, sensor_ids, _find_mail_site(request)))
    )


def _choose(session: Session, context: ActionContext, asked: ManyRequest) -> list[UUID]:
    if (asked.sensors is None) == (asked.filter is None):
        detail = LocalizedText("Geef `sensors` of `filter`.", "Give `sensors` or `filter`.")
        raise InvalidRequest(problems=[Problem(ProblemCode.EXACTLY_ONE_OF, "/sensors", detail)])
    if asked.seen_at is not None and asked.seen_at.tzinfo is None:
        detail = LocalizedText(
            "Geef ook de tijdzone, bijvoorbeeld `Z`.", "Add the time zone, for example `Z`."
        )
        raise InvalidRequest(problems=[Problem(ProblemCode.MISSING_OFFSET, "/seenAt", detail)])
    if asked.filter is None:
        return asked.sensors or []
    search = asked.filter.read()
    if search.municipality_code is not None:
        directory, place = load_directory(session), "/filter/municipality"
        named = directory.get_municipality(search.municipality_code, where="body", location=place)
        search = replace(search, municipality_code=named.code)
    found = list_submission_ids(session, context.principal, search, context.today)
    if len(found) > MAX_MANY:
        detail = LocalizedText(
            f"Dit zijn er {len(found)}; hoogstens {MAX_MANY} kan. Kies een kleiner deel.",
            f"These are {len(found)}; at most {MAX_MANY} are possible. Choose a smaller part.",
        )
        raise InvalidRequest(problems=[Problem(ProblemCode.TOO_MANY, "/filter", detail)])
    return list(found)


def _decide_many(
    session: Session,
    context: ActionContext,
    asked: ManyRequest,
    sensor_ids: list[UUID],
    mail: MailSite | None,
) -> Outcome:
    remarks = [one.read() for one in asked.remarks]
    if asked.decision is Decision.PUBLISH:
        _require_no_texts(asked)
        return publish_many(session, context, sensor_ids, seen_at=asked.seen_at, mail=mail)
    act = reject_many if asked.decision is Decision.REJECT else request_changes_of_many
    return act(
        session,
        context,
        sensor_ids,
        reason=asked.reason,
        remarks=remarks,
        seen_at=asked.seen_at,
        mail=mail,
    )


@router.get(
    f"{SENSORS_PATH}/{{sensor_id}}/review",
    dependencies=NO_PARAMETERS,
    responses={200: {"model": ReviewDocument}},
)
def read_review(
    session: WriteSession, context: Context, sensor_id: UUID, language: AnswerLanguage
) -> Response:
    """Read what was submitted beside what is published, field by field, and what was said about it."""
    submission = get_submission(session, context.principal, sensor_id, context.today)
    headers = {"ETag": version_etag(submission.version.number)}
    return _send(describe_submission(submission, language, context.today), headers)


@router.post(
    f"{SENSORS_PATH}/{{sensor_id}}/review",
    name="decide_about_submission",
    dependencies=NO_PARAMETERS,
    responses=REGISTERED,
    openapi_extra=describe_body(DecisionRequest),
)
def post_review(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    given: Json,
    language: AnswerLanguage,
    expected: IfMatch,
) -> Response:
    """Publish, send back or reject what was submitted; for a reviewer of the municipality of the place.

    Where someone else decided first, the answer is 409 and says who, what and when.
    """
    asked = validate_body(DecisionRequest, given.value)
    mail = _find_mail_site(request)
    if asked.decision is Decision.PUBLISH:
        _require_no_texts(asked)
        version = publish_submission(session, context, sensor_id, expected=expected, mail=mail)
    else:
        act = reject_submission if asked.decision is Decision.REJECT else request_changes
        version = act(
            session,
            context,
            sensor_id,
            reason=asked.reason,
            remarks=[one.read() for one in asked.remarks],
            expected=expected,
            mail=mail,
        )
    return answer_registration(version, language, context.today)


def _require_no_texts(asked: DecisionRequest) -> None:
    if asked.reason.strip() or asked.remarks:
        detail = LocalizedText(
            "Bij publiceren hoort geen reden. Maak een opmerking om iets te laten weten.",
            "Publishing has no reason. Comment to let something be known.",
        )
        raise InvalidRequest(problems=[Problem(ProblemCode.UNKNOWN_FIELD, "/reason", detail)])


@router.post(
    f"{SENSORS_PATH}/{{sensor_id}}/comments",
    name="comment_on_submission",
    dependencies=NO_PARAMETERS,
    responses={200: {"model": ReviewDocument}},
    openapi_extra=describe_body(RemarksRequest),
)
def post_comments(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    given: Json,
    language: AnswerLanguage,
) -> Response:
    """Comment on a submission, as a reviewer of a municipality that it touches, or answer as its owner."""
    remarks = [one.read() for one in validate_body(RemarksRequest, given.value).remarks]
    version = get_version(session, sensor_id)
    require_visible(context.principal, version)
    if may_comment(context.principal, version):
        comment_on_submission(session, context, sensor_id, remarks, mail=_find_mail_site(request))
    else:
        answer_remarks(session, context, sensor_id, remarks)
    submission = get_submission(session, context.principal, sensor_id, context.today)
    return _send(describe_submission(submission, language, context.today))


@router.post(
    f"{SENSORS_PATH}/{{sensor_id}}/resubmission",
    name="resubmit_sensor",
    dependencies=NO_PARAMETERS,
    responses=CHANGED,
    openapi_extra=describe_body(ResubmissionRequest, required=False),
)
def post_resubmission(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    given: Json,
    language: AnswerLanguage,
    expected: IfMatch,
) -> Response:
    """Submit again, as it is, what changes were asked of. To submit it with changes, amend it."""
    answers = [one.read() for one in validate_body(ResubmissionRequest, given.value).remarks]
    version = resubmit_sensor(session, context, sensor_id, answers=answers, expected=expected)
    return answer_registration(
        version, language, context.today, **find_receipt_member(request, session, version)
    )


@router.post(
    f"{SENSORS_PATH}/{{sensor_id}}/withdrawal",
    name="withdraw_sensor",
    dependencies=NO_PARAMETERS,
    responses=CHANGED,
    openapi_extra=describe_body(ReasonRequest, required=False),
)
def post_withdrawal(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    given: Json,
    language: AnswerLanguage,
    expected: IfMatch,
) -> Response:
    """Withdraw a registration that should not be there; report the removal of a sensor that stood there instead."""
    reason = validate_body(ReasonRequest, given.value).reason
    version = withdraw_sensor(session, context, sensor_id, reason=reason, expected=expected)
    return answer_registration(
        version, language, context.today, **find_receipt_member(request, session, version)
    )


@router.post(
    f"{SENSORS_PATH}/{{sensor_id}}/restoration",
    name="restore_sensor",
    dependencies=NO_PARAMETERS,
    responses=CHANGED,
    openapi_extra=describe_body(ReasonRequest, required=False),
)
def post_restoration(
    request: Request,
    session: WriteSession,
    context: Context,
    sensor_id: UUID,
    given: Json,
    language: AnswerLanguage,
    expected: IfMatch,
) -> Response:
    """Undo a withdrawal: published where no review is needed, else submitted."""
    reason = validate_body(ReasonRequest, given.value).reason
    version = restore_sensor(session, context, sensor_id, reason=reason, expected=expected)
    return answer_registration(
        version, language, context.today, **find_receipt_member(request, session, version)
    )


def _send(document: BaseModel, headers: dict[str, str] | None = None) -> Response:
    body = document.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, media_type=JSON, headers={"Cache-Control": "no-store", **(headers or {})})
