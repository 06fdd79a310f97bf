"""The public page that verifies a receipt by its number: genuine or not, of which day, and of which public sensor."""

from typing import Final

from starlette.responses import Response

from app.core.database import transaction
from app.core.formatting import format_date
from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.sensors.receipts.numbers import format_number, is_receipt_number, tidy_number
from app.sensors.receipts.queries import Verification, verify_receipt
from app.sensors.receipts.schemas import is_digest
from app.sensors.receipts.words import read_day
from app.website.account.sign_in_page import read_query
from app.website.account.visits import AccountRouter, Visit
from app.website.registering.receipt import VERIFY

router = AccountRouter()

NUMBER: Final = "nummer"
DIGEST: Final = "controlegetal"

_EMPTY: Final = LocalizedText(
    "Vul het nummer in dat op de ontvangstbevestiging staat.", "Fill in the number on the receipt."
)
_MISTYPED: Final = LocalizedText(
    "Dit kan geen nummer van een ontvangstbevestiging zijn: er zit een tikfout in. Een nummer heeft twaalf tekens, "
    "zoals K7QX-29BH-TMPC.",
    "This cannot be the number of a receipt: it has a typing error. A number has twelve characters, such as "
    "K7QX-29BH-TMPC.",
)


@router.visit(VERIFY)
def show_verification(visit: Visit) -> Response:
    """Show the form, and with a number in the address its outcome."""
    given = read_query(visit, (NUMBER, DIGEST))
    typed, digest = given.get(NUMBER, "").strip(), given.get(DIGEST, "").strip()
    problems: list[tuple[str, str]] = []
    found: Verification | None = None
    is_asked = NUMBER in given
    if is_asked and not is_receipt_number(tidy_number(typed)):
        sentence = _MISTYPED if typed else _EMPTY
        problems.append((NUMBER, sentence.render(visit.language)))
    elif is_asked:
        visit.limit("verify_receipt")
        with transaction(visit.state.write_engine) as session:
            found = verify_receipt(session, typed)
    return render_page(
        visit.request,
        "website/registering/verification.html",
        status=422 if problems else 200,
        values={NUMBER: typed[:40], DIGEST: digest[:100]},
        problems=problems,
        is_asked=is_asked and not problems,
        number=format_number(found.number) if found else format_number(tidy_number(typed)),
        is_genuine=found is not None,
        day=format_date(read_day(found), visit.language) if found else "",
        code=found.public_code if found else None,
        digest_matches=is_digest(found, digest) if found and digest else None,
    )
