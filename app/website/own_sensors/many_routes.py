"""Something done with many sensors at once: chosen in the table, checked on a page, and then done as a set."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from starlette.responses import Response

from app.core.errors import RegisterError
from app.core.observability import current_request_id
from app.core.templates import render_page
from app.files.writers.csv import write_lines
from app.imports.actions import Submission, choose_options, require_room, submit_import
from app.imports.pipeline import ImportOptions
from app.imports.uploads import Upload
from app.records.cell_parsers import parse_date
from app.sensors.bulk.many import Outcome, Refusal, confirm_sensors, count_under_review, remove_sensors
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.field_parsers import read_value
from app.sensors.registration.owner_list import (
    find_owner_ids,
    list_owner_ids,
    list_owner_references,
)
from app.sensors.registration.queries import load_full_validation_context
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.account.workplace import Workplace, open_workplace
from app.website.importing.own_imports import IMPORTS
from app.website.own_sensors.list_form import SEARCH_FIELDS, read_list_form
from app.website.own_sensors.list_routes import SENSORS, render_list
from app.website.own_sensors.words import NO_ANSWER, NOTHING_CHOSEN, REFUSALS
from app.website.registering.questions import find_problems_by_field, make_questions
from app.website.registering.receipt_mail import post_removal_receipts
from app.website.registering.steps import STEPS
from app.website.registering.typed_answers import read_answers, take_answers

router = AccountRouter()

CONFIRM: Final = "bevestigen"
REMOVE: Final = "verwijderen"
CHANGE: Final = "wijzigen"
ACTIONS: Final = (CONFIRM, REMOVE, CHANGE)

_NAMED: Final = 50
"""Sensors that the check page names; the others are counted."""

_ONE_BY_ONE: Final = frozenset({"reference", "location", "owner", "observedArea"})
"""Fields that many sensors do not share."""

_LIST_MARK: Final = " | "


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sensors that were chosen, and the hidden fields with which the next form says so again."""

    ids: Sequence[UUID]
    hidden: tuple[tuple[str, str], ...]


@router.own(SENSORS, "POST")
def choose(own: OwnVisit) -> Response:
    """The check page of an action on the sensors that are ticked, or on all that the search finds."""
    workplace = open_workplace(own)
    chosen, action = _read_chosen(workplace), own.visit.form.get("actie", "")
    if not chosen.ids or action not in ACTIONS:
        return _render_nothing(workplace)
    return _render_check(workplace, chosen, action)


@router.own(f"{SENSORS}/{CONFIRM}", "POST")
def confirm(own: OwnVisit) -> Response:
    workplace = open_workplace(own)
    chosen = _read_chosen(workplace)
    if not chosen.ids:
        return _render_nothing(workplace)
    return _render_outcome(workplace, CONFIRM, confirm_sensors(own.session, workplace.action, chosen.ids))


@router.own(f"{SENSORS}/{REMOVE}", "POST")
def remove(own: OwnVisit) -> Response:
    workplace = open_workplace(own)
    chosen = _read_chosen(workplace)
    if not chosen.ids:
        return _render_nothing(workplace)
    typed = own.visit.form.get("dag", "").strip()
    context = load_full_validation_context(own.session, workplace.action.today)
    day = read_value(context, FIELD_BY_NAME["removedOn"], parse_date(typed)) if typed else context.today
    if day is None:
        problem = workplace.labels.render(context.problems[0].detail)
        return _render_check(workplace, chosen, REMOVE, problem=problem, typed=typed)
    outcome = remove_sensors(own.session, workplace.action, chosen.ids, day)
    under_review = count_under_review(own.session, outcome.changed)
    post_removal_receipts(workplace, outcome.changed, under_review)
    return _render_outcome(workplace, REMOVE, outcome, under_review)


@router.own(f"{SENSORS}/{CHANGE}", "POST")
def change(own: OwnVisit) -> Response:
    """One answer for all of them: first the question, then an import of that answer, checked before it is applied."""
    workplace = open_workplace(own)
    chosen, name = _read_chosen(workplace), own.visit.form.get("gegeven", "")
    if not chosen.ids:
        return _render_nothing(workplace)
    if name not in _list_shared():
        return _render_check(workplace, chosen, CHANGE)
    if "antwoord" not in own.visit.form:
        return _render_check(workplace, chosen, CHANGE, name=name)
    typed = take_answers(own.visit.form, (name,), {})
    problems = _find_problems(workplace, name, typed[name])
    if problems:
        return _render_check(workplace, chosen, CHANGE, name=name, answer=typed[name], problems=problems)
    try:
        return own.visit.go_to(f"{IMPORTS}/{_submit(workplace, chosen, name, typed[name])}")
    except RegisterError as refused:
        problem = workplace.labels.render(refused.detail or refused.title)
        return _render_check(workplace, chosen, CHANGE, name=name, answer=typed[name], problem=problem)


def _render_nothing(workplace: Workplace) -> Response:
    """The table again, where none of the sensors that were chosen is the organisation's."""
    return render_list(workplace, problem=workplace.labels.render(NOTHING_CHOSEN), status=422)


def _read_chosen(workplace: Workplace) -> Chosen:
    """The sensors of the organisation that the form names, by their numbers or by the search that found them."""
    own, form = workplace.own, workplace.own.visit.form
    owner, today = workplace.organisation_id, workplace.action.today
    if form.get("alle"):
        given = {name: form.get(name, "") for name in SEARCH_FIELDS}
        search = read_list_form(given, owner).search
        hidden = (("alle", "ja"), *((name, value) for name, value in given.items() if value))
        return Chosen(list_owner_ids(own.session, search, today), hidden)
    codes = form.list_values("kies")
    return Chosen(find_owner_ids(own.session, owner, codes), tuple(("kies", code) for code in codes))


def _list_shared() -> list[str]:
    """Names of the fields that many sensors can share, in the order of the form."""
    return [name for step in STEPS for name in step.names if name not in _ONE_BY_ONE]


def _find_problems(workplace: Workplace, name: str, answer: str | list[str]) -> tuple[str, ...]:
    """The problems of the answer by itself; those with other fields are found by the check of the import."""
    read = read_answers({name: answer}, workplace.reading)
    context = load_full_validation_context(workplace.own.session, workplace.action.today)
    if name in read.request:
        read_value(context, FIELD_BY_NAME[name], read.request[name])
    found = find_problems_by_field((*read.problems, *context.problems), workplace.labels)
    if not answer:
        return (workplace.labels.render(NO_ANSWER),)
    return found.get(name, ())


def _submit(workplace: Workplace, chosen: Chosen, name: str, answer: str | list[str]) -> UUID:
    """An import of a table with the references of the sensors and this answer. Raises: TooManyRequests."""
    own, principal = workplace.own, workplace.action.principal
    require_room(own.session, principal, workplace.organisation_id)
    text = answer if isinstance(answer, str) else _LIST_MARK.join(answer)
    rows = [(reference, text) for _, reference, _ in list_owner_references(own.session, chosen.ids)]
    content = write_lines(["reference", name], rows, header=True)
    label = workplace.labels.render(FIELD_BY_NAME[name].label)
    upload = Upload(f"{label}.csv", len(content), hashlib.sha256(content).hexdigest(), BytesIO(content))
    options = choose_options(
        own.session, principal, ImportOptions(workplace.organisation_id, language=own.visit.language)
    )
    submission = Submission(upload, options, request_id=current_request_id.get())
    return submit_import(own.session, principal, submission).id


def _render_check(  # noqa: PLR0913 - the states that the check has
    workplace: Workplace,
    chosen: Chosen,
    action: str,
    *,
    problem: str | None = None,
    typed: str = "",
    name: str = "",
    answer: str | list[str] = "",
    problems: tuple[str, ...] = (),
) -> Response:
    labels, today = workplace.labels, workplace.action.today
    sensors = list_owner_references(workplace.own.session, chosen.ids)
    questions: list[Any] = []
    if name:
        questions = make_questions((name,), {name: answer}, {name: problems}, labels, today)
    return render_page(
        workplace.own.visit.request,
        "website/own_sensors/check.html",
        status=422 if problem or problems else 200,
        action=action,
        hidden=chosen.hidden,
        sensors=sensors[:_NAMED],
        total=len(sensors),
        problem=problem,
        day=typed or today.isoformat(),
        fields=[(one, labels.render(FIELD_BY_NAME[one].label)) for one in _list_shared()],
        name=name,
        questions=questions,
    )


def _render_outcome(workplace: Workplace, action: str, outcome: Outcome, under_review: int = 0) -> Response:
    refused: dict[Refusal, list[str]] = {}
    for code, why in outcome.refused:
        refused.setdefault(why, []).append(code)
    return render_page(
        workplace.own.visit.request,
        "website/own_sensors/outcome.html",
        action=action,
        total=len(outcome.changed),
        under_review=under_review,
        refused=[
            (workplace.labels.render(REFUSALS[why]), len(codes), codes[:_NAMED])
            for why, codes in refused.items()
        ],
    )
