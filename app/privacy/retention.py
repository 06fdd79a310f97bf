"""Deleting personal data in time: once a day by the job worker, or by `sensor-register privacy clean`."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.access.idempotency import delete_old_answers
from app.access.invitations import delete_old_invitations
from app.access.people import find_mail_addresses, list_former_people
from app.access.queries import read_principal
from app.access.upkeep import delete_old_access
from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.errors import Conflict
from app.core.failed_jobs import delete_old_failures
from app.core.settings import Settings
from app.core.templates import localise_path
from app.imports.uploads import delete_old_files
from app.mail.outbox import delete_old_mail, post_mail
from app.organisations.joining import delete_old_requests
from app.organisations.queries import find_language, name_organisation
from app.privacy.erasure import erase_person
from app.reports.report_retention import (
    delete_answers_about_erased,
    delete_old_reports,
    delete_reporter_addresses,
)
from app.sensors.registration.old_drafts import (
    NOTICE,
    OldDrafts,
    delete_old_drafts,
    warn_of_old_drafts,
)

_log = logging.getLogger(__name__)

RETENTION_TASK: Final = "retention"
"""Name of the daily task."""

FORMER_KEPT: Final = timedelta(days=730)
"""How long the name of a person is stored after the last role ended: questions about what was done come late."""

_MAIL_LIFETIME: Final = timedelta(days=10)
_DRAFTS: Final = "/mijn/registreren"


def delete_what_is_due(engine: Engine, settings: Settings, now: datetime) -> None:
    """Delete what has been stored for its time, each kind in a transaction of its own. Repeating it is harmless."""
    steps: tuple[Callable[[Session], object], ...] = (
        lambda session: delete_old_access(session, now),
        lambda session: delete_old_mail(session, now),
        lambda session: delete_old_requests(session, now),
        lambda session: delete_old_files(session, settings.import_kept_days),
        lambda session: delete_old_invitations(session, now),
        lambda session: delete_reporter_addresses(session, now),
        lambda session: delete_old_reports(session, now),
        delete_answers_about_erased,
        delete_old_failures,
        lambda session: _warn_makers(session, settings, now),
        lambda session: delete_old_drafts(session, now),
    )
    for step in steps:
        with transaction(engine) as session:
            step(session)
    while _delete_answers(engine):
        pass
    erase_former_people(engine, now)


def erase_former_people(engine: Engine, now: datetime) -> int:
    """Erase the data of persons whose last role ended two years ago. Returns how many."""
    with transaction(engine) as session:
        former = list_former_people(session, now - FORMER_KEPT)
    erased = 0
    for principal_id in former:
        try:
            with transaction(engine) as session:
                erase_person(session, erased_by=None, principal_id=principal_id, now=now)
        except Conflict:
            # Another worker was first.
            continue
        erased += 1
    if erased:
        _log.info("the data of %s former persons were erased", erased)
    return erased


def _delete_answers(engine: Engine) -> int:
    with transaction(engine) as session:
        return delete_old_answers(session)


def _warn_makers(session: Session, settings: Settings, now: datetime) -> None:
    """Tell the makers of old drafts, where mail is sent and they have an address; the list of drafts shows it too."""
    found = warn_of_old_drafts(session, now)
    if not settings.sends_mail:
        return
    addresses = find_mail_addresses(session, [one.created_by for one in found])
    for one in found:
        if address := addresses.get(one.created_by):
            _post(session, one, address, settings.public_url.rstrip("/"), now)


def _post(session: Session, drafts: OldDrafts, address: str, site: str, now: datetime) -> None:
    language = find_language(session, [drafts.organisation_id]) or "nl"
    post_mail(
        session,
        "old_drafts",
        receiver=address,
        language=language,
        now=now,
        lifetime=_MAIL_LIFETIME,
        name=read_principal(session, drafts.created_by).name,
        organisation=name_organisation(session, drafts.organisation_id),
        number=drafts.number,
        last_day=dutch_date(now + NOTICE),
        address=f"{site}{localise_path(_DRAFTS, language)}",
        site=site,
    )
