"""The queue of a reviewer: `/mijn/beoordelen`."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.organisations.queries import find_faces
from app.sensors.registration.earlier_attempts import find_restored
from app.sensors.registration.queue_order import QueueOrder
from app.sensors.registration.review_mail import QUEUE_PATH
from app.sensors.registration.review_queue import (
    PAGE_ROWS,
    QueueCounts,
    QueuePart,
    SubmissionKind,
    SubmissionRow,
    count_submissions,
    list_submissions,
)
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.reviewing.queue_form import IN_TIME, OVERDUE, SEARCH_FIELDS, QueueForm, read_queue_form
from app.website.reviewing.review_words import (
    KIND_NAMES,
    RESTORED_NAME,
    UNKNOWN_NAME,
    word_age,
    word_done,
    word_term,
)
from app.website.reviewing.review_workplace import ReviewWorkplace, open_review_workplace

router = AccountRouter()

_TERMS: Final = (
    (OVERDUE, LocalizedText("te laat", "overdue")),
    (IN_TIME, LocalizedText("nog op tijd", "still in time")),
)

_ORDERS: Final = (
    (QueueOrder.OLDEST, LocalizedText("wat het langst wacht", "what waits longest")),
    (QueueOrder.DUE, LocalizedText("de termijn die het eerst eindigt", "the term that ends first")),
)


@router.own(QUEUE_PATH)
def show_queue(own: OwnVisit) -> Response:
    """One page of the queue, what waits longest or is due first on top; after a decision with what was done."""
    workplace = open_review_workplace(own)
    sends_mail = own.visit.state.settings.sends_mail
    done = word_done(own.visit.request.query_params, workplace.labels, sends_mail=sends_mail)
    return render_queue(workplace, done=done)


def render_queue(
    workplace: ReviewWorkplace, *, done: str | None = None, problem: str | None = None, status: int = 200
) -> Response:
    """The queue of the address; `problem` says why nothing was done with what was chosen."""
    own, labels, today = workplace.own, workplace.labels, workplace.action.today
    form = read_queue_form(own.visit.request.query_params)
    principal = own.signed_in.principal
    rows, total = list_submissions(
        own.session, principal, form.search, today, order=form.order, page=form.page
    )
    pages = max(1, -(-total // PAGE_ROWS))
    types = labels.vocabularies.by_name["sensorType"].terms
    return render_page(
        own.visit.request,
        "website/reviewing/queue.html",
        status=status,
        done=done,
        problem=problem,
        values={name: form.values.get(name, "") for name in SEARCH_FIELDS},
        part=form.search.part.value,
        seen_at=own.visit.now.isoformat(),
        parts_of_queue=_list_parts(count_submissions(own.session, principal, today), form, workplace),
        rows=_list_rows(rows, form, workplace),
        total=total,
        page=form.page,
        pages=pages,
        query=form.write_query(),
        previous=form.write_query(bladzijde=form.page - 1) if form.page > 1 else None,
        following=form.write_query(bladzijde=form.page + 1) if form.page < pages else None,
        kinds=[(one.value, labels.render(KIND_NAMES[one])) for one in SubmissionKind],
        orders=[(one.value, labels.render(name)) for one, name in _ORDERS],
        terms=[(code, labels.render(name)) for code, name in _TERMS],
        types=[(code, labels.name_term("sensorType", code)) for code in types],
        municipalities=[(code, labels.name_municipality(code)) for code in workplace.municipality_codes],
        owner=_name_owner(form, workplace),
    )


def _list_parts(
    counts: QueueCounts, form: QueueForm, workplace: ReviewWorkplace
) -> list[tuple[str, int, str, bool]]:
    """Name, number, address and whether shown, of each part of the queue, and of what is overdue."""
    render, part, term = workplace.labels.render, form.search.part, form.values.get("termijn")
    return [
        (
            render(LocalizedText("Te beoordelen", "To review")),
            counts.review,
            "",
            part is QueuePart.REVIEW and term != OVERDUE,
        ),
        (
            render(LocalizedText("Daarvan is de termijn voorbij", "Of these past their term")),
            counts.overdue,
            f"?termijn={OVERDUE}",
            part is QueuePart.REVIEW and term == OVERDUE,
        ),
        (
            render(LocalizedText("Reactie gevraagd door een andere gemeente", "Comment asked by another")),
            counts.comment,
            f"?deel={QueuePart.COMMENT}",
            part is QueuePart.COMMENT,
        ),
        (
            render(LocalizedText("Wacht op de indiener", "Waits for the submitter")),
            counts.waiting,
            f"?deel={QueuePart.WAITING}",
            part is QueuePart.WAITING,
        ),
    ]


def _list_rows(
    rows: Sequence[SubmissionRow], form: QueueForm, workplace: ReviewWorkplace
) -> list[dict[str, Any]]:
    new = [row.sensor_id for row in rows if row.kind is SubmissionKind.NEW]
    restored, name = find_restored(workplace.own.session, new), workplace.labels.render(RESTORED_NAME)
    return [
        _describe(row, form, workplace) | ({"kind": name} if row.sensor_id in restored else {})
        for row in rows
    ]


def _describe(row: SubmissionRow, form: QueueForm, workplace: ReviewWorkplace) -> dict[str, Any]:
    labels, today = workplace.labels, workplace.action.today
    due_on = row.comment_due_on if form.search.part is QueuePart.COMMENT else row.due_on
    return {
        "code": row.public_code,
        "title": row.name or row.reference,
        "type": labels.name_term("sensorType", row.sensor_type),
        "kind": labels.render(KIND_NAMES[row.kind]),
        "is_late": row.is_late,
        "owner": row.owner,
        "owner_query": form.write_query(eigenaar=str(row.owner_id), bladzijde=1),
        "place": labels.name_municipality(row.municipality_code),
        "touches": [
            labels.name_municipality(code) for code in row.municipality_codes if code != row.municipality_code
        ],
        "age": word_age(row.age_days, labels.language),
        # A submission that waits for its submitter has no term.
        "term": None if form.search.part is QueuePart.WAITING else word_term(due_on, today, labels.language),
        "warnings": row.warnings,
        "is_own": row.is_own,
    }


def _name_owner(form: QueueForm, workplace: ReviewWorkplace) -> str | None:
    """The name of the owner that the search is narrowed to; None without one."""
    owner_id = form.search.owner_id
    if owner_id is None:
        return None
    face = find_faces(workplace.own.session, [owner_id]).get(owner_id)
    return (face.name if face else None) or workplace.labels.render(UNKNOWN_NAME)
