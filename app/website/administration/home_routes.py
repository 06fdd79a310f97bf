"""The first page of an administrator: `/mijn/beheer`."""

from starlette.responses import Response

from app.core.failed_jobs import count_failed_jobs
from app.core.templates import render_page
from app.mail.outbox import count_failed_mail
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.administration.access import ADMINISTRATION, require_register_administrator

router = AccountRouter()


@router.own(ADMINISTRATION)
def show_administration(own: OwnVisit) -> Response:
    """Show what there is to administer, and how much failed."""
    require_register_administrator(own)
    return render_page(
        own.visit.request,
        "website/administration/home.html",
        failed_jobs=count_failed_jobs(own.session),
        failed_mails=count_failed_mail(own.session),
    )
