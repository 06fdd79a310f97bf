"""The receipt of a registration, as a page and as PDF."""

from dataclasses import asdict
from typing import Final

from anyio import from_thread
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.pdf import PdfRenderer
from app.core.templates import render_page
from app.sensors.registration.permissions import require_visible
from app.sensors.registration.queries import SENSOR_UNKNOWN, find_sensor, get_version
from app.website.account.visits import HOME, AccountRouter, OwnVisit
from app.website.account.workplace import Workplace, open_workplace
from app.website.registering.receipt import Receipt, make_receipt

router = AccountRouter()

_RECEIPT: Final = f"{HOME}/ontvangst/{{nummer}}"


@router.own(f"{_RECEIPT}.pdf")
def send_receipt(own: OwnVisit) -> Response:
    workplace = open_workplace(own)
    receipt = _read_receipt(workplace)
    renderer = own.visit.state.get_cache(PdfRenderer, PdfRenderer)
    # Time stands still for a receipt: it is dated as its version is, so that it is made once.
    content = from_thread.run(renderer.render, "receipt.typ", asdict(receipt), workplace.action.today)
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="ontvangst-{receipt.code}.pdf"'},
    )


@router.own(_RECEIPT)
def show_receipt(own: OwnVisit) -> Response:
    receipt = _read_receipt(open_workplace(own))
    return render_page(own.visit.request, "website/registering/receipt.html", receipt=receipt)


def _read_receipt(workplace: Workplace) -> Receipt:
    """The receipt of the current version. Raises: NotFound."""
    own = workplace.own
    found = find_sensor(own.session, own.visit.request.path_params["nummer"])
    if found is None:
        raise NotFound(SENSOR_UNKNOWN)
    version = get_version(own.session, found)
    require_visible(own.signed_in.principal, version)
    return make_receipt(workplace, version)
