"""Data that the register stores about the person who is signed in, as a page and as a file: `/mijn/mijn-gegevens`."""

import json
from typing import Final

from starlette.responses import Response

from app.access.people import list_addresses
from app.core.templates import render_page
from app.privacy.export import export_person
from app.privacy.kinds import KINDS
from app.website.account.visits import HOME, AccountRouter, OwnVisit

OWN_DATA: Final = f"{HOME}/mijn-gegevens"

router = AccountRouter()


@router.own(OWN_DATA)
def show_own_data(own: OwnVisit) -> Response:
    """Show what is stored, why and how long, with the way to get it and to have it erased."""
    language = own.visit.language
    return render_page(
        own.visit.request,
        "website/account/own_data.html",
        person=own.signed_in.principal.name,
        addresses=list_addresses(own.session, own.signed_in.principal.id),
        kinds=[
            (one.what.render(language), one.why.render(language), one.kept.render(language).replace("`", ""))
            for one in KINDS
        ],
    )


@router.own(f"{OWN_DATA}.json")
def download(own: OwnVisit) -> Response:
    """Everything that is stored about this person, as JSON."""
    exported = export_person(own.session, own.signed_in.principal.id, own.visit.now)
    return Response(
        json.dumps(exported, ensure_ascii=False, indent=2),
        headers={"Content-Disposition": 'attachment; filename="mijn-gegevens.json"'},
        media_type="application/json",
    )
