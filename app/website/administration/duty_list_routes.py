"""The duty of every municipality in one list, for who administers the register: `/mijn/beheer/meldplicht`."""

from typing import Final

from starlette.responses import Response

from app.core.clock import dutch_date
from app.core.templates import render_page
from app.duties.queries import find_duties
from app.municipalities.queries import load_directory
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.administration.access import ADMINISTRATION, require_register_administrator

DUTIES: Final = f"{ADMINISTRATION}/meldplicht"

router = AccountRouter()


@router.own(DUTIES)
def show_duties(own: OwnVisit) -> Response:
    """Show each municipality with its duty of today; those with a profile first."""
    require_register_administrator(own)
    today = dutch_date(own.visit.now)
    municipalities = sorted(
        (one for one in load_directory(own.session).municipalities if one.in_force),
        key=lambda one: one.name,
    )
    duties = find_duties(
        own.session,
        [one.code for one in municipalities],
        today,
        default_days=own.visit.state.settings.notification_term_days,
    )
    rows = list(zip(municipalities, duties, strict=True))
    return render_page(
        own.visit.request,
        "website/administration/duties.html",
        with_profile=[row for row in rows if row[1].valid_from is not None],
        without_profile=[one for one, duty in rows if duty.valid_from is None],
    )
