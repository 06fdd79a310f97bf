"""The rule of a municipality for owners of sensors: seen by its people, and set by its administrators."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from app.access.permissions import require_municipal_administrator
from app.core.clock import dutch_date
from app.core.errors import InvalidRequest, PreconditionFailed
from app.core.expected_version import ExpectedVersion
from app.core.i18n import LocalizedText
from app.core.parameter_values import InvalidParameter, parse_day
from app.core.problems import Problem
from app.core.templates import page_path, render_page
from app.duties.actions import set_duty, take_back_duty
from app.duties.queries import load_duties
from app.duties.wording import name_kinds
from app.vocabularies.queries import load_vocabularies
from app.website.account.form_problems import list_field_problems, say_for_form
from app.website.account.forms import parse_number
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.duties.chosen_municipality import FIELD, ChosenMunicipality, find_chosen, read_page
from app.website.duties.duty_form import FIELD_IDS, SENTENCES, read_request, write_answers

DUTY: Final = f"{HOME}/meldplicht"
_FORM: Final = f"{DUTY}/wijzigen"
_TAKE_BACK: Final = f"{DUTY}/terugnemen"
_MAX_VERSION: Final = 999_999

_DONE: Final = {
    "bewaard": LocalizedText("De regel is bewaard.", "The rule was saved."),
    "teruggenomen": LocalizedText("De regel is teruggenomen.", "The rule was taken back."),
}
_CHANGED: Final = LocalizedText(
    "Een collega heeft de regel intussen gewijzigd. Uw antwoorden staan hieronder en zijn nog niet bewaard. Bekijk"
    " eerst wat er nu geldt, en bewaar daarna.",
    "A colleague has changed the rule meanwhile. Your answers are below and not saved yet. First see what holds now,"
    " and then save.",
)

router = AccountRouter()


@router.own(DUTY)
def show_duty(own: OwnVisit) -> Response:
    """Show the rule of today, those of other days, and the page that changes it."""
    chosen, given = read_page(own, "gedaan")
    if chosen is None:
        return render_page(own.visit.request, "website/duties/choose.html", field=FIELD, action=DUTY)
    language, today = own.visit.language, dutch_date(own.visit.now)
    vocabularies = load_vocabularies(own.session)
    duties = load_duties(own.session, chosen.code)
    duty = duties.find(today, own.visit.state.settings.notification_term_days)
    done = _DONE.get(given.get("gedaan", ""))
    return render_page(
        own.visit.request,
        "website/duties/duty.html",
        chosen=chosen,
        duty=duty,
        kinds=name_kinds(duty, vocabularies),
        history=[
            (one, name_kinds(one, vocabularies), bool(one.valid_from and one.valid_from > today))
            for one in duties.profiles
        ],
        done=done.render(language) if done else None,
        form_link=page_path(chosen.write_link(_FORM), language),
        trust_link=page_path(chosen.write_link(f"{HOME}/vertrouwd"), language),
        take_back=_TAKE_BACK,
    )


@router.own(_FORM)
def ask_for_duty(own: OwnVisit) -> Response:
    """Ask for the rule, with the answers of the one that holds today."""
    chosen, _ = read_page(own)
    if chosen is None:
        return render_page(own.visit.request, "website/duties/choose.html", field=FIELD, action=_FORM)
    require_municipal_administrator(own.signed_in.principal, chosen.code)
    today = dutch_date(own.visit.now)
    duty = load_duties(own.session, chosen.code).find(today, own.visit.state.settings.notification_term_days)
    return _show_form(own, chosen, {"vanaf": today.isoformat(), **write_answers(duty)}, [])


@router.own(_FORM, "POST")
def save_duty(own: OwnVisit) -> Response:
    """Set the rule from a day on."""
    form, today = own.visit.form, dutch_date(own.visit.now)
    chosen = find_chosen(own, form.get(FIELD, ""))
    seen = parse_number(form.get("versie", ""), _MAX_VERSION) or 0
    given = read_request(form, {name: [code for code, _ in some] for name, some in _list_kinds(own).items()})
    try:
        set_duty(
            own.session,
            own.signed_in.principal,
            chosen.code,
            given,
            today=today,
            expected=ExpectedVersion.exactly(seen),
        )
    except InvalidRequest as refused:
        return _show_form(own, chosen, form, refused.problems)
    except PreconditionFailed:
        return _show_form(own, chosen, form, [], is_changed=True)
    return own.visit.go_to(chosen.write_link(DUTY, gedaan="bewaard"))


@router.own(_TAKE_BACK, "POST")
def take_back(own: OwnVisit) -> Response:
    """Take back a rule that has not begun."""
    form = own.visit.form
    chosen = find_chosen(own, form.get(FIELD, ""))
    try:
        day = parse_day(form.get("dag", ""))
    except InvalidParameter as error:
        raise InvalidRequest(error.detail) from error
    take_back_duty(own.session, own.signed_in.principal, chosen.code, day, today=dutch_date(own.visit.now))
    return own.visit.go_to(chosen.write_link(DUTY, gedaan="teruggenomen"))


def _list_kinds(own: OwnVisit) -> dict[str, list[tuple[str, str]]]:
    """The kinds of sensors and of owners to choose from: code and label, by the name of the field."""
    language, today = own.visit.language, dutch_date(own.visit.now)
    lists = load_vocabularies(own.session).by_name
    return {
        name: [
            (term.code, term.label.render(language))
            for term in lists[vocabulary].terms.values()
            if term.is_valid(today)
        ]
        for name, vocabulary in (("soorten", "sensorType"), ("eigenaren", "organisationType"))
    }


def _show_form(
    own: OwnVisit,
    chosen: ChosenMunicipality,
    values: Mapping[str, str],
    problems: Sequence[Problem],
    *,
    is_changed: bool = False,
) -> Response:
    language = own.visit.language
    kinds = _list_kinds(own)
    context: dict[str, Any] = {
        f"chosen_{name}": [code for code, _ in some if values.get(f"{name}-{code}") == "ja"]
        for name, some in kinds.items()
    }
    return render_page(
        own.visit.request,
        "website/duties/form.html",
        status=409 if is_changed else 422 if problems else 200,
        chosen=chosen,
        values=values,
        kinds=kinds,
        problems=list_field_problems(say_for_form(problems, SENTENCES), FIELD_IDS, language),
        changed=_CHANGED.render(language) if is_changed else None,
        version=load_duties(own.session, chosen.code).version_on(dutch_date(own.visit.now)),
        also=[name for name in ("verwijderen", "wijzigen") if values.get(f"ook-{name}") == "ja"],
        duty_link=page_path(chosen.write_link(DUTY), language),
        action=_FORM,
        **context,
    )
