"""A mail of the outbox as a message: its headers and its two forms, text and HTML."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import cast

from app.core.i18n import Language
from app.mail.server import MailServer
from app.mail.tables import OutgoingMail
from app.mail.texts import MailText, write_html


def make_message(mail: OutgoingMail, server: MailServer) -> EmailMessage:
    """The message, which is the same at each attempt. Raises: ValueError for a header that could be two."""
    if mail.body is None:
        raise ValueError(f"mail {mail.id} has no text any more")
    language = cast(Language, mail.language)
    is_plain = mail.receiver.isascii() and server.sender.isascii()
    message = EmailMessage(policy=SMTP if is_plain else SMTPUTF8)
    message["From"] = _make_address(server.sender, server.sender_name)
    message["To"] = _make_address(mail.receiver)
    if server.reply_to is not None:
        message["Reply-To"] = _make_address(server.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{server.sender.rpartition('@')[2]}>"
    # So that no one answers that they are on holiday. Sources: RFC 3834, 5; MS-OXCMAIL 2.1.3.1.7 (Exchange).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = language
    text = MailText(mail.subject, mail.body)
    message.set_content(mail.body + "\n", cte="quoted-printable")
    message.add_alternative(write_html(text, language), subtype="html", cte="quoted-printable")
    return message


def _make_address(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)
