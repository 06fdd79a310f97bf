"""Receipts for those concerned: one as a page and as PDF, and the list of those of an organisation."""

from dataclasses import asdict
from typing import Any, Final

from anyio import from_thread
from starlette.responses import Response

from app.access.permissions import may_see_private
from app.core.clock import dutch_date
from app.core.errors import NotPermitted
from app.core.formatting import format_datetime
from app.core.i18n import LocalizedText
from app.core.pdf import PdfRenderer
from app.core.templates import render_page
from app.files.writers.csv import write_lines
from app.sensors.receipts.numbers import format_number
from app.sensors.receipts.queries import PAGE_RECEIPTS, ListedReceipt, list_receipts
from app.sensors.receipts.words import KIND_NAMES, count_days
from app.website.account.forms import parse_page
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.account.workplace import CHOOSE_FIRST
from app.website.registering.receipt import RECEIPTS, TITLE, ReceiptText, find_receipt

router = AccountRouter()

MAX_DOWNLOADED: Final = 100_000

_RECEIPT: Final = f"{RECEIPTS}/{{nummer}}"
_DOCUMENT_WORDS: Final = {
    "owner": LocalizedText("Eigenaar", "Owner"),
    "submitted_by": LocalizedText("Ingediend door", "Submitted by"),
    "number": LocalizedText("Nummer van deze bevestiging", "Number of this receipt"),
    "registration": LocalizedText("Registratienummer", "Registration number"),
    "received": LocalizedText("Ontvangen op", "Received on"),
    "what": LocalizedText("Wat er is gemeld", "What was submitted"),
    "now": LocalizedText("Wat er nu gebeurt", "What happens now"),
    "rule": LocalizedText("De regel", "The rule"),
    "objection": LocalizedText("Niet mee eens?", "Do you disagree?"),
    "verify": LocalizedText("Echtheid controleren", "Verify this receipt"),
    "verify_at": LocalizedText(
        "Scan de code, of vul het nummer in op {address}.",
        "Scan the code, or fill in the number at {address}.",
    ),
    "digest": LocalizedText(
        "Controlegetal (SHA-256) van wat is gemeld", "Digest (SHA-256) of what was submitted"
    ),
    "qr": LocalizedText("QR-code met het adres {address}", "QR code of the address {address}"),
}
_TRANSFERRED_BY: Final = LocalizedText("Overgedragen door", "Transferred by")
_COLUMNS: Final = (
    LocalizedText("nummer", "number"),
    LocalizedText("ontvangen", "received"),
    LocalizedText("soort", "kind"),
    LocalizedText("registratienummer", "registration number"),
    LocalizedText("sensor", "sensor"),
    LocalizedText("dagen te laat", "days late"),
    LocalizedText("beoordeling uiterlijk", "review by"),
)


@router.own(RECEIPTS)
def show_receipts(own: OwnVisit) -> Response:
    """The receipts of the organisation that the person acts for, newest first."""
    page = parse_page(own.visit.request.query_params.get("bladzijde", ""))
    found, total = list_receipts(own.session, _read_organisation(own), page=page)
    return render_page(
        own.visit.request,
        "website/registering/receipts.html",
        rows=[_describe(one, own) for one in found],
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_RECEIPTS)),
    )


@router.own(f"{RECEIPTS}/download")
def send_receipts(own: OwnVisit) -> Response:
    """The same list as a file of CSV, up to a hundred thousand."""
    found, _total = list_receipts(own.session, _read_organisation(own), limit=MAX_DOWNLOADED)
    language = own.visit.language
    rows = [
        [
            format_number(one.number),
            one.received_at.isoformat(timespec="seconds"),
            KIND_NAMES[one.kind].render(language) if one.kind in KIND_NAMES else one.kind,
            one.public_code,
            one.subject,
            None if one.days_late is None else str(one.days_late),
            one.review_until.isoformat() if one.review_until else None,
        ]
        for one in found
    ]
    name = LocalizedText("ontvangstbevestigingen", "receipts").render(language)
    return Response(
        write_lines([one.render(language) for one in _COLUMNS], rows, header=True),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


@router.own(f"{_RECEIPT}.pdf")
def send_receipt(own: OwnVisit) -> Response:
    receipt = find_receipt(own, own.visit.request.path_params["nummer"])
    renderer = own.visit.state.get_cache(PdfRenderer, PdfRenderer)
    content = from_thread.run(
        renderer.render, "receipt.typ", _write_document(receipt), dutch_date(own.visit.now), receipt.qr
    )
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="ontvangst-{receipt.name}.pdf"'},
    )


@router.own(_RECEIPT)
def show_receipt(own: OwnVisit) -> Response:
    receipt = find_receipt(own, own.visit.request.path_params["nummer"])
    return render_page(own.visit.request, "website/registering/receipt.html", receipt=receipt)


def _write_document(receipt: ReceiptText) -> dict[str, Any]:
    """The values of the PDF: the texts of the receipt and the headings in its language."""
    words = {name: one.render(receipt.language) for name, one in _DOCUMENT_WORDS.items()}
    if receipt.is_transfer:
        words["submitted_by"] = _TRANSFERRED_BY.render(receipt.language)
    address = receipt.verification or ""
    words |= {name: words[name].format(address=address) for name in ("verify_at", "qr")}
    return {**asdict(receipt), "qr": bool(receipt.qr), "words": words}


def _read_organisation(own: OwnVisit) -> Any:
    """The organisation whose receipts are listed: the chosen one. Raises: NotPermitted."""
    organisation_id = own.signed_in.organisation_id
    if organisation_id is None or not may_see_private(own.signed_in.principal, organisation_id):
        raise NotPermitted(CHOOSE_FIRST)
    return organisation_id


def _describe(one: ListedReceipt, own: OwnVisit) -> dict[str, Any]:
    language = own.visit.language
    return {
        "number": one.number,
        "shown": format_number(one.number),
        "kind": KIND_NAMES.get(one.kind, TITLE).render(language),
        "received": format_datetime(one.received_at, language),
        "code": one.public_code,
        "subject": one.subject,
        "is_on_time": one.days_late == 0,
        "late": count_days(one.days_late).render(language) if one.days_late else None,
        "review_until": one.review_until,
    }
