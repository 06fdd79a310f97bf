"""The vocabularies, for who administers the register: `/mijn/beheer/woordenlijsten`."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from app.core.clock import dutch_date
from app.core.daily_tasks import find_done_at
from app.core.errors import Conflict, InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.templates import page_path, render_page
from app.sensors.publication.term_counts import COUNT_TASK, COUNTED_VOCABULARIES, TermCount, list_term_use
from app.vocabularies.actions import add_term, amend_term
from app.vocabularies.fixed_terms import BROADER, FIXED_LISTS, is_fixed
from app.vocabularies.queries import load_vocabularies
from app.vocabularies.term_fields import read_fields, write_version
from app.vocabularies.terms import Vocabularies
from app.website.account.form_problems import list_field_problems, say_for_form
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.administration.access import ADMINISTRATION, require_register_administrator
from app.website.administration.term_form import FIELDS, SENTENCES, count_places, read_term, write_values

VOCABULARIES: Final = f"{ADMINISTRATION}/woordenlijsten"
_ONE: Final = f"{VOCABULARIES}/{{lijst}}"
_NEW: Final = f"{_ONE}/nieuw"
_TERM: Final = f"{_ONE}/termen/{{code}}"

_DONE: Final = {
    "toegevoegd": LocalizedText(
        "De term is toegevoegd, en kan meteen worden gekozen.",
        "The term was added, and can be chosen at once.",
    ),
    "gewijzigd": LocalizedText(
        "De term is gewijzigd. Alle pagina’s tonen dat binnen vijf minuten.",
        "The term was changed. All pages show it within five minutes.",
    ),
}

router = AccountRouter()


@router.own(VOCABULARIES)
def show_vocabularies(own: OwnVisit) -> Response:
    """Show every list, with its number of terms."""
    require_register_administrator(own)
    language, today = own.visit.language, dutch_date(own.visit.now)
    lists = [
        (
            one.name,
            one.label.render(language),
            one.definition.render(language),
            sum(term.is_valid(today) for term in one.terms.values()),
            one.name in FIXED_LISTS,
        )
        for one in load_vocabularies(own.session).by_name.values()
    ]
    return render_page(own.visit.request, "website/administration/vocabularies.html", lists=lists)


@router.own(_ONE)
def show_vocabulary(own: OwnVisit) -> Response:
    """Show the terms of one list, and what uses each of them."""
    require_register_administrator(own)
    language, today = own.visit.language, dutch_date(own.visit.now)
    vocabularies = load_vocabularies(own.session)
    found = vocabularies.get_vocabulary(_read_name(own))
    is_counted = found.name in COUNTED_VOCABULARIES
    use = list_term_use(own.session, found.name) if is_counted else {}
    return render_page(
        own.visit.request,
        "website/administration/vocabulary.html",
        vocabulary=found,
        label=found.label.render(language),
        terms=[
            (term, term.is_valid(today), use.get(term.code, TermCount())) for term in found.terms.values()
        ],
        other_language="en" if language == "nl" else "nl",
        is_fixed=found.name in FIXED_LISTS,
        is_counted=is_counted,
        counted_at=find_done_at(own.session, COUNT_TASK) if is_counted else None,
        done=_find_done(own),
    )


@router.own(_NEW)
def ask_for_term(own: OwnVisit) -> Response:
    """Ask for the words of a new term."""
    require_register_administrator(own)
    vocabularies = load_vocabularies(own.session)
    found = vocabularies.get_vocabulary(_read_name(own))
    return _show_form(own, vocabularies, {"plaats": str(count_places(found))}, [])


@router.own(_NEW, "POST")
def add(own: OwnVisit) -> Response:
    """Add a term to a list."""
    administrator = require_register_administrator(own)
    name, form = _read_name(own), own.visit.form
    vocabularies = load_vocabularies(own.session)
    typed = read_term(form, count_places(vocabularies.get_vocabulary(name)))
    try:
        with own.session.begin_nested():
            add_term(
                own.session,
                principal_id=administrator,
                vocabulary=name,
                code=form.get("code", "").strip(),
                fields=typed.fields,
                today=dutch_date(own.visit.now),
            )
            typed.require_readable()
    except InvalidRequest as refused:
        return _show_form(own, vocabularies, form, _join(typed.problems, refused.problems))
    except Conflict as refused:
        return _show_form(own, vocabularies, form, _say(refused, "/code"))
    return own.visit.go_to(f"{VOCABULARIES}/{name}?gedaan=toegevoegd")


@router.own(_TERM)
def show_term(own: OwnVisit) -> Response:
    """Show the words of a term, to correct or translate them, and what uses it."""
    require_register_administrator(own)
    vocabularies, name, code = load_vocabularies(own.session), _read_name(own), _read_code(own)
    values = write_values(read_fields(vocabularies, name, code))
    return _show_form(own, vocabularies, values, [], code=code)


@router.own(_TERM, "POST")
def change(own: OwnVisit) -> Response:
    """Change the words of a term, its place, or its end."""
    administrator = require_register_administrator(own)
    vocabularies, name, code, form = (
        load_vocabularies(own.session),
        _read_name(own),
        _read_code(own),
        own.visit.form,
    )
    before = read_fields(vocabularies, name, code)
    typed = read_term(form, before.place)
    try:
        with own.session.begin_nested():
            amend_term(
                own.session,
                principal_id=administrator,
                vocabulary=name,
                code=code,
                fields=typed.fields,
                today=dutch_date(own.visit.now),
                version=form.get("stand", ""),
            )
            typed.require_readable()
    except InvalidRequest as refused:
        return _show_form(own, vocabularies, form, _join(typed.problems, refused.problems), code=code)
    except Conflict as refused:
        # The page shows the colleague's text: the typed one was about another.
        vocabularies = load_vocabularies(own.session)
        values = write_values(read_fields(vocabularies, name, code))
        return _show_form(own, vocabularies, values, _say(refused, "/label/nl"), code=code, status=409)
    return own.visit.go_to(f"{VOCABULARIES}/{name}?gedaan=gewijzigd")


def _show_form(  # noqa: PLR0913 - the parts of the page
    own: OwnVisit,
    vocabularies: Vocabularies,
    values: Mapping[str, str],
    problems: list[Problem],
    *,
    code: str | None = None,
    status: int | None = None,
) -> Response:
    language, name = own.visit.language, _read_name(own)
    vocabulary = vocabularies.get_vocabulary(name)
    term = vocabularies.get_term(name, code) if code else None
    parent = BROADER.get(name)
    options = vocabularies.labels(parent) if parent else {}
    is_counted = name in COUNTED_VOCABULARIES
    return render_page(
        own.visit.request,
        "website/administration/term.html",
        status=status or (422 if problems else 200),
        vocabulary=vocabulary,
        label=vocabulary.label.render(language),
        term=term,
        version=write_version(term) if term else "",
        values=values,
        problems=list_field_problems(say_for_form(problems, SENTENCES), FIELDS, language),
        options=[(one, text.render(language)) for one, text in options.items()],
        belongs_to=vocabularies.get_vocabulary(parent).label.render(language) if parent else "",
        can_end=not is_fixed(name, code or ""),
        is_counted=is_counted and term is not None,
        use=list_term_use(own.session, name).get(code or "", TermCount()) if is_counted else TermCount(),
        counted_at=find_done_at(own.session, COUNT_TASK) if is_counted else None,
        list_link=page_path(f"{VOCABULARIES}/{name}", language),
    )


def _join(typed: list[Problem], refused: tuple[Problem, ...]) -> list[Problem]:
    """All problems, each place once: a value that cannot be read has no other problem."""
    unreadable = {one.location for one in typed}
    return typed + [one for one in refused if one.location not in unreadable]


def _say(refused: Conflict, location: str) -> list[Problem]:
    return [Problem(ProblemCode.TAKEN, location, refused.detail or refused.title)]


def _read_name(own: OwnVisit) -> str:
    return str(own.visit.request.path_params["lijst"])


def _read_code(own: OwnVisit) -> str:
    return str(own.visit.request.path_params["code"])


def _find_done(own: OwnVisit) -> str | None:
    done = _DONE.get(own.visit.request.query_params.get("gedaan", ""))
    return done.render(own.visit.language) if done else None
