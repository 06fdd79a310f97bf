"""A step of the form: shown, and saved whatever was typed; only going on asks for right answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from anyio import from_thread
from starlette.responses import JSONResponse, Response

from app.core.errors import NotFound
from app.core.http.client_address import find_client_address
from app.core.templates import render_page
from app.places.place_search import search_places
from app.places.suggestion import KIND_LABELS, SuggestionKind
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.drafts import Answers, ChangedMeanwhile, Draft, get_draft, save_step
from app.website.account.forms import parse_id, parse_number
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.account.workplace import Workplace, open_workplace
from app.website.registering.check import check_answers
from app.website.registering.draft_list import name_answers
from app.website.registering.place_duty import find_duties_of
from app.website.registering.place_preview import preview_place
from app.website.registering.questions import find_problems_by_field, make_questions
from app.website.registering.requests import find_requested, take_replies
from app.website.registering.steps import CHECK, STEP_BY_PATH, STEPS, Step, find_next, find_previous
from app.website.registering.summary import word_answer
from app.website.registering.typed_answers import take_answers, write_place

START: Final = f"{HOME}/registreren"
PREVIEW: Final = f"{START}/plek"

_MAX_REVISION: Final = 999_999_999

_PLACES: Final = frozenset(
    {SuggestionKind.ADDRESS, SuggestionKind.STREET, SuggestionKind.PLACE, SuggestionKind.MUNICIPALITY}
)

router = AccountRouter()


@router.own(PREVIEW)
def show_place(own: OwnVisit) -> Response:
    """The place that is being typed, for the map of the form; an empty object where there is none."""
    given = own.visit.request.query_params
    found = preview_place(own.session, {name: given.get(name, "") for name in STEP_BY_PATH["waar"].names})
    if found is None:
        return JSONResponse({})
    return JSONResponse(
        {
            "position": found.position,
            "sentence": found.sentence.render(own.visit.language),
            "view": found.view,
        }
    )


@router.own(f"{START}/{{concept}}/{{stap}}")
def show_step(own: OwnVisit) -> Response:
    """The questions of a step, with what was saved; with what is wrong where the check leads to it."""
    workplace, step = open_workplace(own), _read_step(own)
    draft = get_draft(own.session, own.signed_in.principal, read_draft_id(own))
    problems = _find_problems(workplace, draft, step) if _follows_check(own) else {}
    return _render(workplace, draft, step, draft.answers, problems=problems)


@router.own(f"{START}/{{concept}}/{{stap}}", "POST")
def save(own: OwnVisit) -> Response:
    """Save the step. `naar` says where to go: on, back, away, to the map, or nowhere (saved by itself)."""
    step, form = _read_step(own), own.visit.form
    target = form.get("naar", "verder")
    draft_id, principal = read_draft_id(own), own.signed_in.principal
    typed = {
        **take_answers(form, step.names, get_draft(own.session, principal, draft_id).answers),
        **take_replies(form, step.names),
    }
    if place := form.get("plek"):
        typed, target = {**typed, "location": place}, "kaart"
    saved = save_step(
        own.session,
        principal,
        draft_id,
        step.path,
        typed,
        seen=_read_revision(form.get("versie", "")),
        now=own.visit.now,
    )
    if target == "bewaar":
        # Sent every few keys: it needs none of the data that a page is made from.
        if isinstance(saved, ChangedMeanwhile):
            return JSONResponse({}, 409)
        return JSONResponse({"versie": saved.revision})
    workplace = open_workplace(own)
    if isinstance(saved, ChangedMeanwhile):
        return _render(workplace, saved.draft, step, {**saved.draft.answers, **typed}, other=saved)
    if target == "zoek":
        return _render(workplace, saved, step, saved.answers, found=_search(workplace, form.get("adres", "")))
    if target == "verder" and (problems := _find_problems(workplace, saved, step)):
        return _render(workplace, saved, step, saved.answers, problems=problems, status=422)
    return own.visit.go_to(_find_target(draft_id, step, target, is_checked=_follows_check(own)))


def read_draft_id(own: OwnVisit) -> UUID:
    """The id of the draft that the address names. Raises: NotFound."""
    return parse_id(own.visit.request.path_params["concept"])


def write_step_path(draft_id: UUID, path: str) -> str:
    """The Dutch path of a step of a draft."""
    return f"{START}/{draft_id}/{path}"


def _find_target(draft_id: UUID, step: Step, target: str, *, is_checked: bool) -> str:
    if target == "sluiten":
        return START
    if target == "kaart":
        return f"{write_step_path(draft_id, step.path)}#plek"
    if target == "terug":
        return write_step_path(draft_id, find_previous(step) or step.path)
    return write_step_path(draft_id, CHECK if is_checked else find_next(step))


def _follows_check(own: OwnVisit) -> bool:
    """Whether the check led to this step, by the address of the page or the form that it sent."""
    return CHECK in (own.visit.request.query_params.get("na"), own.visit.form.get("na"))


def _read_step(own: OwnVisit) -> Step:
    step = STEP_BY_PATH.get(own.visit.request.path_params["stap"])
    if step is None:
        raise NotFound
    return step


def _read_revision(given: str) -> int:
    """The revision that the form was made from; 0, which is before every one, for anything else."""
    return parse_number(given, _MAX_REVISION) or 0


def _find_problems(workplace: Workplace, draft: Draft, step: Step) -> dict[str, tuple[str, ...]]:
    """The problems of the answers of this step; those of others are not judged yet."""
    problems = find_problems_by_field(check_answers(workplace, draft).problems, workplace.labels)
    return {name: found for name, found in problems.items() if name in step.names}


def _search(workplace: Workplace, text: str) -> dict[str, Any]:
    """Places by the name or address that was typed, each with the answer that choosing it gives."""
    visit = workplace.own.visit
    client = find_client_address(visit.request, visit.state.settings.trusted_proxies)
    found = from_thread.run(search_places, visit.state, text, client)
    render = workplace.labels.render
    return {
        "text": text,
        "places": [
            {
                "label": render(one.label),
                "kind": render(KIND_LABELS[one.kind]),
                "place": write_place(*one.position),
            }
            for one in found.suggestions
            if one.position is not None and one.kind in _PLACES
        ],
        "notices": [render(notice) for notice in found.notices],
    }


def _render(  # noqa: PLR0913 - the states that a step has
    workplace: Workplace,
    draft: Draft,
    step: Step,
    answers: Answers,
    *,
    problems: dict[str, tuple[str, ...]] | None = None,
    other: ChangedMeanwhile | None = None,
    found: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    labels, today = workplace.labels, workplace.action.today
    wrong = problems or {}

    def ask(names: Sequence[str]) -> list[Any]:
        return make_questions(names, answers, wrong, labels, today)

    place = preview_place(workplace.own.session, answers) if step.path == "waar" else None
    requested = {one.name: one for one in find_requested(workplace, replace(draft, answers=answers))}
    return render_page(
        workplace.own.visit.request,
        "website/registering/step.html",
        status=409 if other else status,
        draft=str(draft.id),
        title=name_answers(draft.answers, labels),
        is_change=draft.sensor_id is not None,
        revision=draft.revision,
        saved_at=draft.saved_at,
        step=step.path,
        step_title=labels.render(step.title),
        lead=labels.render(step.lead),
        number=STEPS.index(step) + 1,
        steps=[(one.path, labels.render(one.title)) for one in STEPS],
        questions=ask(step.fields),
        more=ask(step.more),
        more_title=labels.render(step.more_title),
        is_more_open=workplace.own.visit.request.query_params.get("veld") in step.more
        or any(answers.get(name) or name in wrong or name in requested for name in step.more),
        requested=requested,
        problems=[(name, sentence) for name in step.names for sentence in wrong.get(name, ())],
        previous=find_previous(step),
        after=CHECK if _follows_check(workplace.own) else "",
        other=_describe_other(other, step, answers, workplace) if other else None,
        found=found,
        place=place,
        duties=find_duties_of(workplace, answers, place) if step.path == "waar" else [],
        place_sentence=labels.render(place.sentence) if place else "",
        bounds=place.bounds if place else workplace.home_bounds,
        preview=PREVIEW,
    )


def _describe_other(
    other: ChangedMeanwhile, step: Step, mine: Answers, workplace: Workplace
) -> dict[str, Any]:
    """The person who saved this step meanwhile, and the answers that differ from mine: label, theirs, mine."""
    labels = workplace.labels
    return {
        "name": other.name,
        "answers": [
            (
                labels.render(FIELD_BY_NAME[name].label),
                word_answer(FIELD_BY_NAME[name], other.draft.answers.get(name), labels),
                word_answer(FIELD_BY_NAME[name], mine.get(name), labels),
            )
            for name in step.names
            if (other.draft.answers.get(name) or "") != (mine.get(name) or "")
        ],
    }
