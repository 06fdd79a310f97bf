"""The actions of an organisation, or of the whole register, for its auditors and administrators."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from starlette.responses import Response

from app.access.erasure import show_name
from app.access.permissions import may_audit
from app.access.team import list_team
from app.core.errors import NotPermitted
from app.core.formatting import format_datetime, format_number
from app.core.i18n import Language, LocalizedText
from app.core.query_string import split_query_string
from app.core.templates import render_page
from app.files.writers.csv import write_lines
from app.organisations.queries import name_organisation
from app.sensors.registration.action_log import LoggedAction, LogSearch, list_actions
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.log.action_words import ACTION_NAMES, name_action
from app.website.log.actor_names import COMMAND_LINE

LOG: Final = f"{HOME}/logboek"
MAX_DOWNLOADED: Final = 50_000

router = AccountRouter()

_FIELDS: Final = ("persoon", "handeling", "van", "tot", "voor")
_NOT_FOR_YOU: Final = LocalizedText(
    "Het logboek is voor controleurs en beheerders. Vraag een beheerder van uw organisatie om die rol.",
    "The log is for auditors and administrators. Ask an administrator of your organisation for that role.",
)
_NO_DAY: Final = LocalizedText(
    "Dit is geen datum. Kies een dag, of schrijf bijvoorbeeld 2026-11-29.",
    "This is no date. Choose a day, or write for instance 2026-11-29.",
)
_ORDER: Final = LocalizedText("Deze dag ligt vóór de eerste.", "This day is before the first one.")
_COLUMNS: Final = (
    *("moment", "person", "action", "description", "subjectKind", "subjects", "registrationNumbers"),
    *("reason", "request"),
)


@router.own(LOG)
def show_log(own: OwnVisit) -> Response:
    """One page of the actions, with its filters."""
    organisation_id = _require_log(own)
    given = _read_query(own)
    search, problems = _read_search(given, organisation_id, own.visit.language)
    found = [] if problems else list(list_actions(own.session, search))
    page = found[: search.limit]
    following = {**given, "voor": str(page[-1].id)} if len(found) > search.limit else None
    language = own.visit.language
    return render_page(
        own.visit.request,
        "website/log/log.html",
        status=422 if problems else 200,
        organisation=name_organisation(own.session, organisation_id) if organisation_id else "",
        problems=problems,
        values={name: given.get(name, "") for name in _FIELDS},
        people=[(str(one.id), one.name) for one in list_team(own.session, organisation_id)],
        actions=[(code, label.render(language)) for code, label in ACTION_NAMES.items()],
        rows=[_describe(one, language) for one in page],
        following=following,
        chosen={name: value for name, value in given.items() if value and name != "voor"},
    )


@router.own(f"{LOG}/download")
def send_log(own: OwnVisit) -> Response:
    """The same actions as a file of CSV, up to fifty thousand."""
    search, problems = _read_search(_read_query(own), _require_log(own), own.visit.language)
    search = replace(search, before=None, limit=MAX_DOWNLOADED)
    found = [] if problems else list_actions(own.session, search)[:MAX_DOWNLOADED]
    rows = [
        [
            one.recorded_at.isoformat(timespec="seconds"),
            _name_actor(one, own.visit.language),
            one.action,
            name_action(one.action).render(own.visit.language),
            one.subject_kind,
            str(one.subjects),
            " ".join(one.codes),
            one.reason,
            one.request_id,
        ]
        for one in found
    ]
    name = LocalizedText("logboek", "log").render(own.visit.language)
    return Response(
        write_lines(_COLUMNS, rows, header=True),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _require_log(own: OwnVisit) -> UUID | None:
    """The chosen organisation, None for the whole register. Raises: NotPermitted."""
    organisation_id = own.signed_in.organisation_id
    if not may_audit(own.signed_in.principal, organisation_id):
        raise NotPermitted(_NOT_FOR_YOU)
    return organisation_id


def _read_query(own: OwnVisit) -> dict[str, str]:
    given = split_query_string(own.visit.request.scope["query_string"])
    return {name: value.strip() for name, value in given if name in _FIELDS and value.strip()}


def _read_search(
    given: Mapping[str, str], organisation_id: UUID | None, language: Language
) -> tuple[LogSearch, list[tuple[str, str]]]:
    problems: list[tuple[str, str]] = []
    days: dict[str, date | None] = {}
    for name in ("van", "tot"):
        try:
            days[name] = date.fromisoformat(given[name]) if name in given else None
        except ValueError:
            days[name] = None
            problems.append((name, _NO_DAY.render(language)))
    since, until = days["van"], days["tot"]
    if since and until and until < since:
        problems.append(("tot", _ORDER.render(language)))
    search = LogSearch(
        organisation_id,
        principal_id=_read_id(given.get("persoon")),
        action=given["handeling"] if given.get("handeling") in ACTION_NAMES else None,
        since=since,
        until=until,
        before=_read_id(given.get("voor")),
    )
    return search, problems


def _read_id(given: str | None) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None


def _name_actor(one: LoggedAction, language: Language) -> str:
    return show_name(one.actor, language) if one.actor else COMMAND_LINE.render(language)


def _describe(one: LoggedAction, language: Language) -> dict[str, Any]:
    return {
        "moment": format_datetime(one.recorded_at, language),
        "actor": _name_actor(one, language),
        "action": name_action(one.action).render(language),
        "codes": one.codes,
        "more": format_number(one.subjects - len(one.codes), language)
        if one.codes and one.subjects > len(one.codes)
        else None,
        "reason": one.reason,
    }
