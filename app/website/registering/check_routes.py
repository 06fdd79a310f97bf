"""The last step: all answers with what is wrong or doubtful, sending them, and a change that another was ahead of."""

from collections.abc import Sequence

from starlette.responses import Response

from app.core.errors import InvalidRequest, PreconditionFailed
from app.core.problems import Problem
from app.core.templates import render_page
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.presentation import Labels
from app.sensors.registration.drafts import Draft, delete_draft, get_draft, move_to_version, save_step
from app.sensors.registration.permissions import require_changeable
from app.sensors.registration.queries import get_version
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.account.workplace import Workplace, open_workplace
from app.website.registering.check import (
    check_answers,
    merge_answers,
    read_former,
    send_answers,
)
from app.website.registering.draft_list import name_answers
from app.website.registering.hints import find_label
from app.website.registering.place_duty import find_duties_of
from app.website.registering.place_preview import preview_place
from app.website.registering.questions import find_problems_by_field
from app.website.registering.receipt import write_receipt_path
from app.website.registering.receipt_mail import post_receipt
from app.website.registering.requests import WHOLE, find_requested, list_replies, take_replies
from app.website.registering.step_routes import START, read_draft_id, write_step_path
from app.website.registering.steps import CHECK, STEP_OF, STEPS
from app.website.registering.summary import summarise, word_answer
from app.website.registering.typed_answers import write_answers

router = AccountRouter()


@router.own(f"{START}/{{concept}}/{CHECK}")
def show_check(own: OwnVisit) -> Response:
    """All answers by step; of a change what differs, old beside new."""
    workplace = open_workplace(own)
    draft = get_draft(own.session, own.signed_in.principal, read_draft_id(own))
    checked = check_answers(workplace, draft)
    warnings = checked.trial.warnings if checked.trial else ()
    return _render(
        workplace,
        draft,
        checked.problems,
        warnings,
        status=checked.trial.status if checked.trial else "",
        is_late=checked.trial is not None and checked.trial.is_late,
    )


@router.own(f"{START}/{{concept}}/{CHECK}", "POST")
def send(own: OwnVisit) -> Response:
    """Send the answers: the draft becomes a registration or a new version, with a receipt."""
    workplace = open_workplace(own)
    principal = own.signed_in.principal
    draft = get_draft(own.session, principal, read_draft_id(own))
    replies = take_replies(own.visit.form, (WHOLE,))
    if replies:
        saved = save_step(
            own.session, principal, draft.id, CHECK, replies, seen=draft.revision, now=own.visit.now
        )
        draft = saved if isinstance(saved, Draft) else draft
    checked = check_answers(workplace, draft)
    if checked.problems:
        return _render(workplace, draft, checked.problems, (), http_status=422)
    try:
        version = send_answers(workplace, draft, list_replies(draft))
    except PreconditionFailed:
        return _show_conflict(workplace, draft)
    delete_draft(own.session, own.signed_in.principal, draft.id)
    post_receipt(workplace, version)
    return own.visit.go_to(write_receipt_path(version.public_code))


@router.own(f"{START}/{{concept}}/overnemen", "POST")
def take_over(own: OwnVisit) -> Response:
    """Make the same changes to the version that another made meanwhile, and check again."""
    workplace = open_workplace(own)
    principal = own.signed_in.principal
    draft = get_draft(own.session, principal, read_draft_id(own))
    if draft.sensor_id is None:
        raise InvalidRequest
    newest = get_version(own.session, draft.sensor_id)
    require_changeable(principal, newest)
    merged = merge_answers(
        read_former(workplace, draft), draft.answers, write_answers(newest, workplace.reading)
    )
    move_to_version(own.session, principal, draft.id, merged, version_number=newest.number, now=own.visit.now)
    return own.visit.go_to(write_step_path(draft.id, CHECK))


def _show_conflict(workplace: Workplace, draft: Draft) -> Response:
    """The changes of another beside one's own, for each answer that one of the two changed."""
    assert draft.sensor_id is not None  # noqa: S101 - only a change names a version
    labels = workplace.labels
    former = read_former(workplace, draft)
    theirs = write_answers(get_version(workplace.own.session, draft.sensor_id), workplace.reading)
    rows = [
        (
            labels.render(find_label(FIELD_BY_NAME[name])),
            *(
                word_answer(FIELD_BY_NAME[name], one.get(name), labels)
                for one in (former, theirs, draft.answers)
            ),
            theirs.get(name) != former.get(name) != draft.answers.get(name) != theirs.get(name),
        )
        for name in STEP_OF
        if not former.get(name) == theirs.get(name) == draft.answers.get(name)
    ]
    return render_page(
        workplace.own.visit.request,
        "website/registering/conflict.html",
        status=409,
        draft=str(draft.id),
        title=name_answers(draft.answers, labels),
        rows=rows,
    )


def _render(  # noqa: PLR0913 - the states that the check has
    workplace: Workplace,
    draft: Draft,
    problems: Sequence[Problem],
    warnings: Sequence[Problem],
    *,
    status: str = "",
    is_late: bool = False,
    http_status: int = 200,
) -> Response:
    labels = workplace.labels
    wrong = find_problems_by_field(problems, labels)
    former = read_former(workplace, draft)
    steps = summarise(draft.answers, former, wrong, labels, is_change=draft.sensor_id is not None)
    requested = find_requested(workplace, draft)
    return render_page(
        workplace.own.visit.request,
        "website/registering/check.html",
        status=http_status,
        draft=str(draft.id),
        title=name_answers(draft.answers, labels),
        is_change=draft.sensor_id is not None,
        steps=[(one.path, labels.render(one.title)) for one in STEPS],
        summary=steps,
        problems=_link(wrong, labels),
        warnings=_link(find_problems_by_field(warnings, labels), labels),
        outcome=status,
        is_late=is_late,
        duties=find_duties_of(workplace, draft.answers, preview_place(workplace.own.session, draft.answers)),
        has_changes=any(one.answers for one in steps) or bool(requested),
        requested=requested,
    )


def _link(found: dict[str, tuple[str, ...]], labels: Labels) -> list[tuple[str, str, str, str]]:
    """Each sentence with the path of its step, the name of its field and the label of that."""
    return [
        (
            STEP_OF[name].path if name in STEP_OF else STEPS[0].path,
            name,
            labels.render(find_label(FIELD_BY_NAME[name])) if name in FIELD_BY_NAME else "",
            sentence,
        )
        for name, sentences in found.items()
        for sentence in sentences
    ]
