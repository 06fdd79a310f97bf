"""One import: how far it is, what was found, and what can be done with it."""

from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from app.access.sessions import PersonSession
from app.core.templates import render_page
from app.imports.actions import apply_import, cancel_import, undo_import
from app.imports.annotation_routes import answer_remarks
from app.imports.problem_routes import name_download
from app.imports.queries import find_import, list_all_problems
from app.imports.report import COUNT_LABELS
from app.imports.schemas import write_problem_table
from app.sensors.fields import FIELD_LABELS
from app.sensors.receipts.queries import find_import_number
from app.website.account.visits import AccountRouter, OwnVisit, Visit
from app.website.importing.own_imports import IMPORTS, describe_import, parse_import_id

router = AccountRouter()

ONE_IMPORT: Final = f"{IMPORTS}/{{import_id}}"

_RUNNING: Final = frozenset({"waiting", "checking", "applying", "undoing"})
_UNKNOWN_HEADINGS: Final = "unknown_headings"


@router.own(ONE_IMPORT)
def show_import(own: OwnVisit) -> Response:
    """The import; one whose headings are not known leads to the page on which they are said."""
    found = describe_import(own)
    if found.get("failureCode") == _UNKNOWN_HEADINGS and "mapping" not in found:
        return own.visit.go_to(f"{IMPORTS}/{found['id']}/kolommen")
    counts = found.get("counts", {})
    language = own.visit.language
    return render_page(
        own.visit.request,
        "website/importing/import.html",
        found=found,
        receipt=_find_receipt(own),
        is_running=found["status"] in _RUNNING,
        rels={link["rel"] for link in found["links"]},
        written=sum(counts.get(name, 0) for name in ("new", "changed", "ended")),
        counts=[(label.render(language), counts.get(_wire(name), 0)) for name, label in COUNT_LABELS.items()],
        problems=_list_totals(found, is_warning=False),
        warnings=_list_totals(found, is_warning=True),
        labels={name: label.render(language) for name, label in FIELD_LABELS.items()},
    )


def _find_receipt(own: OwnVisit) -> str | None:
    """The number of the receipt of the import, once it was applied."""
    owner = own.signed_in.organisation_id
    return find_import_number(own.session, owner, parse_import_id(own.visit)) if owner else None


def _wire(name: str) -> str:
    return "awaitingReview" if name == "awaiting_review" else name


def _list_totals(found: dict[str, Any], *, is_warning: bool) -> list[dict[str, Any]]:
    return [total for total in found.get("problemTotals", ()) if total["isWarning"] is is_warning]


@router.own(f"{ONE_IMPORT}/toepassen", "POST")
def apply(own: OwnVisit) -> Response:
    only_valid_rows = own.visit.form.get("rijen") == "goede"
    import_id = parse_import_id(own.visit)
    apply_import(own.session, own.signed_in.principal, import_id, only_valid_rows=only_valid_rows)
    return _go_back(own)


@router.own(f"{ONE_IMPORT}/stoppen", "POST")
def cancel(own: OwnVisit) -> Response:
    cancel_import(own.session, own.signed_in.principal, parse_import_id(own.visit))
    return _go_back(own)


@router.own(f"{ONE_IMPORT}/terugdraaien", "POST")
def undo(own: OwnVisit) -> Response:
    undo_import(own.session, own.signed_in.principal, parse_import_id(own.visit))
    return _go_back(own)


def _go_back(own: OwnVisit) -> RedirectResponse:
    return own.visit.go_to(f"{IMPORTS}/{parse_import_id(own.visit)}")


@router.own(f"{ONE_IMPORT}/problemen.csv")
def send_problems(own: OwnVisit) -> Response:
    """Every stored problem as a table."""
    found = find_import(own.session, own.signed_in.principal, parse_import_id(own.visit))
    language = own.visit.language
    table = write_problem_table(list_all_problems(own.session, found.id), language)
    headers = name_download(found, language, "csv")
    return Response(table, headers=headers, media_type="text/csv; charset=utf-8")


@router.own_file(f"{ONE_IMPORT}/opmerkingen")
async def send_remarks(visit: Visit, signed_in: PersonSession) -> Response:
    """The file with remarks beside its rows."""
    return await answer_remarks(visit.request, signed_in.principal, parse_import_id(visit), visit.language)
