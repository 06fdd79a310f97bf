"""Many submissions decided about at once: chosen in the queue, checked on a page, and then decided about as a set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from starlette.responses import Response

from app.core.errors import InvalidRequest
from app.core.formatting import format_number
from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.sensors.bulk.many import Outcome, Refusal
from app.sensors.bulk.many_reviews import publish_many, reject_many, request_changes_of_many
from app.sensors.registration.owner_list import list_owner_references
from app.sensors.registration.review_mail import QUEUE_PATH
from app.sensors.registration.review_queue import find_submission_ids, list_submission_ids
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.reviewing.queue_form import SEARCH_FIELDS, SEEN, read_queue_form
from app.website.reviewing.queue_routes import render_queue
from app.website.reviewing.review_words import NOTHING_CHOSEN, Decision
from app.website.reviewing.review_workplace import ReviewWorkplace, open_review_workplace
from app.website.reviewing.submission_routes import find_mail_site

DECIDE: Final = f"{QUEUE_PATH}/besluiten"

_DECISIONS: Final = (Decision.PUBLISH, Decision.REQUEST_CHANGES, Decision.REJECT)

_NAMED: Final = 50
"""Submissions that the check page names; the others are counted."""

_DONE: Final[Mapping[Decision, tuple[LocalizedText, LocalizedText]]] = {
    Decision.PUBLISH: (
        LocalizedText("1 inzending gepubliceerd", "1 submission published"),
        LocalizedText("{number} inzendingen gepubliceerd", "{number} submissions published"),
    ),
    Decision.REQUEST_CHANGES: (
        LocalizedText("Wijzigingen gevraagd bij 1 inzending", "Changes requested of 1 submission"),
        LocalizedText(
            "Wijzigingen gevraagd bij {number} inzendingen", "Changes requested of {number} submissions"
        ),
    ),
    Decision.REJECT: (
        LocalizedText("1 inzending afgewezen", "1 submission rejected"),
        LocalizedText("{number} inzendingen afgewezen", "{number} submissions rejected"),
    ),
}
_NOTHING_DONE: Final = LocalizedText("Er is niets veranderd", "Nothing has changed")
_REFUSALS: Final[Mapping[Refusal, LocalizedText]] = {
    Refusal.OWN_SUBMISSION: LocalizedText(
        "U stuurde de inzending zelf, of registreert voor de eigenaar: een andere beoordelaar beslist",
        "You sent the submission, or register for its owner: another reviewer decides",
    ),
    Refusal.NOT_SUBMITTED: LocalizedText(
        "Een ander was u voor: ligt niet meer ter beoordeling",
        "Someone else was before you: no longer submitted for review",
    ),
    Refusal.CHANGED: LocalizedText(
        "De indiener heeft de inzending intussen aangepast",
        "The submitter has changed the submission meanwhile",
    ),
}

router = AccountRouter()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sensors of the submissions that were chosen, and the hidden fields with which the next form says so again."""

    ids: Sequence[UUID]
    hidden: tuple[tuple[str, str], ...]


@router.own(QUEUE_PATH, "POST")
def choose(own: OwnVisit) -> Response:
    """The check page of a decision about the submissions that are ticked, or about all that the search finds."""
    workplace = open_review_workplace(own)
    chosen, decision = _read_chosen(workplace), _read_decision(own)
    if not chosen.ids or decision is None:
        return render_queue(workplace, problem=workplace.labels.render(NOTHING_CHOSEN), status=422)
    return _render_check(workplace, chosen, decision)


@router.own(DECIDE, "POST")
def decide_many(own: OwnVisit) -> Response:
    """Decide about them as a set. Those that changed or were decided about since they were seen stay as they are."""
    workplace = open_review_workplace(own)
    chosen, decision = _read_chosen(workplace), _read_decision(own)
    if not chosen.ids or decision is None:
        return render_queue(workplace, problem=workplace.labels.render(NOTHING_CHOSEN), status=422)
    try:
        outcome = _decide(workplace, chosen, decision)
    except InvalidRequest as refused:
        problems = [("reden", workplace.labels.render(one.detail)) for one in refused.problems]
        return _render_check(workplace, chosen, decision, problems=problems)
    return _render_outcome(workplace, decision, outcome)


def _decide(workplace: ReviewWorkplace, chosen: Chosen, decision: Decision) -> Outcome:
    """Raises: InvalidRequest for a reason that is missing or too long."""
    session, context, mail = workplace.own.session, workplace.action, find_mail_site(workplace.own)
    seen_at, reason = _read_moment(workplace.own), workplace.own.visit.form.get("reden", "").strip()
    match decision:
        case Decision.PUBLISH:
            return publish_many(session, context, chosen.ids, seen_at=seen_at, mail=mail)
        case Decision.REQUEST_CHANGES:
            return request_changes_of_many(
                session, context, chosen.ids, reason=reason, seen_at=seen_at, mail=mail
            )
        case _:
            return reject_many(session, context, chosen.ids, reason=reason, seen_at=seen_at, mail=mail)


def _read_decision(own: OwnVisit) -> Decision | None:
    given = own.visit.form.get("besluit", "")
    return next((one for one in _DECISIONS if one == given), None)


def _read_moment(own: OwnVisit) -> datetime:
    """The moment at which the queue was shown; now where the form has none."""
    try:
        seen_at = datetime.fromisoformat(own.visit.form.get(SEEN, ""))
    except ValueError:
        return own.visit.now
    return seen_at if seen_at.tzinfo is not None else own.visit.now


def _read_chosen(workplace: ReviewWorkplace) -> Chosen:
    """The submissions that the form names, by their numbers or by the search that found them."""
    own, form, principal = workplace.own, workplace.own.visit.form, workplace.action.principal
    seen = (SEEN, form.get(SEEN, ""))
    if form.get("alle"):
        given = {name: form.get(name, "") for name in SEARCH_FIELDS}
        search = read_queue_form(given).search
        hidden = (("alle", "ja"), seen, *((name, value) for name, value in given.items() if value))
        return Chosen(list_submission_ids(own.session, principal, search, workplace.action.today), hidden)
    codes = form.list_values("kies")
    ids = find_submission_ids(own.session, principal, codes)
    return Chosen(ids, (seen, *(("kies", code) for code in codes)))


def _render_check(
    workplace: ReviewWorkplace,
    chosen: Chosen,
    decision: Decision,
    *,
    problems: Sequence[tuple[str, str]] = (),
) -> Response:
    own = workplace.own
    return render_page(
        own.visit.request,
        "website/reviewing/check.html",
        status=422 if problems else 200,
        decision=decision.value,
        query=read_queue_form(own.visit.request.query_params).write_query(),
        hidden=chosen.hidden,
        rows=list_owner_references(own.session, chosen.ids[:_NAMED]),
        total=len(chosen.ids),
        problems=list(problems),
        reason=own.visit.form.get("reden", ""),
    )


def _render_outcome(workplace: ReviewWorkplace, decision: Decision, outcome: Outcome) -> Response:
    labels, total = workplace.labels, len(outcome.changed)
    one, many = _DONE[decision]
    title = one if total == 1 else many if total else _NOTHING_DONE
    refused: dict[Refusal, list[str]] = {}
    for code, why in outcome.refused:
        refused.setdefault(why, []).append(code)
    return render_page(
        workplace.own.visit.request,
        "website/reviewing/outcome.html",
        title=labels.render(title).format(number=format_number(total, labels.language)),
        refused=[
            (labels.render(_REFUSALS[why]), len(codes), codes[:_NAMED]) for why, codes in refused.items()
        ],
        query=read_queue_form(workplace.own.visit.request.query_params).write_query(),
    )
