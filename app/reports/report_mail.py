"""Mail about a report, posted in the transaction of what it tells: so none is sent twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import Language
from app.core.templates import localise_path
from app.mail.outbox import post_mail
from app.organisations.queries import find_mailbox
from app.reports.address_cipher import AddressCipher
from app.reports.report_kinds import KIND_NAMES, ReportKind
from app.reports.tables import Report

STATUS_PATH: Final = "/melding"
INBOX_PATH: Final = "/mijn/meldingen"
"""Dutch paths of the page of the private link, and of the inbox."""


@dataclass(frozen=True, slots=True)
class ReportMailer:
    """Settings of mail about reports: the address of the site, the cipher of addresses, and whether mail is sent."""

    site: str
    cipher: AddressCipher | None
    sends_mail: bool

    @property
    def takes_addresses(self) -> bool:
        """Whether an address is of use, and can be stored safely."""
        return self.sends_mail and self.cipher is not None


def write_status_address(site: str, secret: str, language: Language) -> str:
    """The private link of a report."""
    return f"{site}{localise_path(STATUS_PATH, language)}?sleutel={secret}"


def post_to_reporter(
    session: Session, mailer: ReportMailer, report: Report, kind: str, now: datetime, **context: Any
) -> bool:
    """Post a mail to who reported something; returns False where no address is known or no mail is sent."""
    if not mailer.sends_mail or mailer.cipher is None or report.email_encrypted is None:
        return False
    address = mailer.cipher.decrypt(report.email_encrypted)
    if address is None:
        return False
    language = cast(Language, report.language)
    post_mail(
        session,
        kind,
        receiver=address,
        language=language,
        now=now,
        subject_kind=KIND_NAMES[ReportKind(report.kind)].render(language),
        due_on=report.due_on,
        site=mailer.site,
        **context,
    )
    return True


def post_to_organisation(  # noqa: PLR0913 - which mail to whom, about what
    session: Session,
    mailer: ReportMailer,
    organisation_id: UUID,
    kind: str,
    *,
    now: datetime,
    path: str,
    **context: Any,
) -> bool:
    """Post a mail to an organisation with the address of a page of its workplace; returns whether it has a mailbox.

    Values of `context` that are kinds are rendered in its language.
    """
    mailbox = find_mailbox(session, organisation_id) if mailer.sends_mail else None
    if mailbox is None:
        return False
    rendered: dict[str, Any] = {
        name: KIND_NAMES[value].render(mailbox.language) if isinstance(value, ReportKind) else value
        for name, value in context.items()
    }
    post_mail(
        session,
        kind,
        receiver=mailbox.address,
        language=mailbox.language,
        now=now,
        organisation=mailbox.name,
        address=f"{mailer.site}{localise_path(path, mailbox.language)}",
        site=mailer.site,
        **rendered,
    )
    return True
