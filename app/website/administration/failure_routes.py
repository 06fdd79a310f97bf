"""Jobs and mail that failed, and the daily tasks: `/mijn/beheer/storingen`."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from starlette.responses import Response

from app.audit.actions import record_action
from app.core.daily_tasks import list_daily_tasks
from app.core.errors import NotFound
from app.core.failed_jobs import (
    FailedJob,
    count_failed_jobs,
    forget_failed_jobs,
    list_failed_jobs,
    retry_failed_jobs,
)
from app.core.i18n import LocalizedText
from app.core.templates import render_page
from app.mail.mail_names import name_mail
from app.mail.outbox import (
    MailSummary,
    count_failed_mail,
    forget_failed_mail,
    list_mail,
    retry_failed_mail,
)
from app.website.account.forms import parse_id, parse_number
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.administration.access import ADMINISTRATION, require_register_administrator

FAILURES: Final = f"{ADMINISTRATION}/storingen"
_SHOWN: Final = 100
_MAX_JOB: Final = 2**63 - 1
_ALL: Final = "alle"

MAIL_STATUSES: Final = {
    "waiting": LocalizedText("wordt vanzelf opnieuw geprobeerd", "is tried again by itself"),
    "refused": LocalizedText("geweigerd door de mailserver", "refused by the mail server"),
    "expired": LocalizedText(
        "te laat: de mail heeft geen zin meer", "too late: the mail is of no use any more"
    ),
    "uncertain": LocalizedText(
        "onzeker: de mailserver brak af, en heeft de mail misschien",
        "uncertain: the mail server broke off, and may have it",
    ),
}

JOB_NAMES: Final = {
    "import_sensors": LocalizedText("Import van sensoren", "Import of sensors"),
}
"""Jobs in words; another is shown by its own name."""

TASK_NAMES: Final = {
    "notices on behalf": LocalizedText(
        "Mail over wat namens een organisatie is geregistreerd",
        "Mail about what was registered on behalf of an organisation",
    ),
    "reminders": LocalizedText("Herinneringen aan eigenaren", "Reminders to owners"),
    "residents' reports": LocalizedText(
        "Mail over meldingen van bewoners", "Mail about reports of residents"
    ),
    "addresses of reporters": LocalizedText(
        "Wissen van adressen van bewoners die iets meldden", "Deletion of addresses of residents who reported"
    ),
    "use of terms": LocalizedText("Telling van het gebruik van termen", "Count of the use of terms"),
    "retention": LocalizedText("Opruimen van persoonsgegevens", "Deletion of personal data"),
    "handled submissions": LocalizedText(
        "Telling van de inzendingen waarover is beslist", "Count of the submissions that were decided about"
    ),
    "reviews": LocalizedText(
        "Mail aan gemeenten over wat zij moeten beoordelen",
        "Mail to municipalities about what they must review",
    ),
    "links": LocalizedText("Nakijken van links van sensoren", "Check of the links of sensors"),
}
"""Daily tasks in words; another is shown by its own name."""

_DONE: Final = {
    "opnieuw": LocalizedText("Dit wordt nu opnieuw geprobeerd.", "This is being tried again now."),
    "vergeten": LocalizedText("Dit is weggehaald uit de lijst.", "This was removed from the list."),
    "niets": LocalizedText(
        "Er was niets meer te doen: het is intussen gelukt, of een collega was u voor.",
        "There was nothing left to do: it succeeded meanwhile, or a colleague was first.",
    ),
}

router = AccountRouter()


@router.own(FAILURES)
def show_failures(own: OwnVisit) -> Response:
    """Show what failed, with the reason; never the text of a mail."""
    require_register_administrator(own)
    language, now = own.visit.language, own.visit.now
    jobs: Sequence[FailedJob] = list_failed_jobs(own.session, _SHOWN)
    mails: Sequence[MailSummary] = list_mail(own.session, now, limit=_SHOWN, only_failed=True)
    done = _DONE.get(own.visit.request.query_params.get("gedaan", ""))
    return render_page(
        own.visit.request,
        "website/administration/failures.html",
        job_count=count_failed_jobs(own.session),
        jobs=[
            (one, JOB_NAMES.get(one.task, LocalizedText(one.task, one.task)).render(language)) for one in jobs
        ],
        mails=[
            (one, name_mail(one.kind).render(language), MAIL_STATUSES[one.status].render(language))
            for one in mails
        ],
        mail_count=count_failed_mail(own.session),
        tasks=[
            (TASK_NAMES.get(name, LocalizedText(name, name)).render(language), done_at)
            for name, done_at in list_daily_tasks(own.session)
        ],
        done=done.render(language) if done else None,
    )


@router.own(f"{FAILURES}/taken", "POST")
def act_on_jobs(own: OwnVisit) -> Response:
    """Try a job or all of them again, or forget them."""
    administrator = require_register_administrator(own)
    action, named = _read_action(own)
    job_id = None if named == _ALL else parse_number(named, _MAX_JOB)
    if job_id is None and named != _ALL:
        raise NotFound
    act = retry_failed_jobs if action == "opnieuw" else forget_failed_jobs
    found = [str(one) for one in act(own.session, job_id)]
    return _end(own, administrator, action, "job", found)


@router.own(f"{FAILURES}/mail", "POST")
def act_on_mail(own: OwnVisit) -> Response:
    """Try a mail or all of them again, or forget them."""
    administrator = require_register_administrator(own)
    action, named = _read_action(own)
    mail_id: UUID | None = None if named == _ALL else parse_id(named)
    if action == "opnieuw":
        found = retry_failed_mail(own.session, own.visit.now, mail_id)
    else:
        found = forget_failed_mail(own.session, mail_id)
    return _end(own, administrator, action, "mail", [str(one) for one in found])


def _read_action(own: OwnVisit) -> tuple[str, str]:
    """Whether to try again or to forget, and which one, or all. Raises: NotFound."""
    for action in ("opnieuw", "vergeten"):
        if named := own.visit.form.get(action, ""):
            return action, named
    raise NotFound


def _end(own: OwnVisit, administrator: UUID, action: str, kind: str, found: list[str]) -> Response:
    if not found:
        return own.visit.go_to(f"{FAILURES}?gedaan=niets")
    record_action(
        own.session,
        principal_id=administrator,
        action=f"{'retry' if action == 'opnieuw' else 'forget'}_{kind}",
        subject_kind=kind,
        subject_ids=found,
    )
    return own.visit.go_to(f"{FAILURES}?gedaan={action}")
