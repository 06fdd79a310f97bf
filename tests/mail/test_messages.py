"""Messages: their headers, which no name can add to, and their two forms."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTPUTF8
from typing import Any
from uuid import UUID

import pytest

from app.core.i18n import Language
from app.mail.messages import make_message
from app.mail.tables import OutgoingMail
from app.mail.texts import MailText, write_html, write_text
from tests.support.mail_server import make_server

ID = UUID("019ad000-0000-7000-8000-000000000001")
INVITATION: dict[str, Any] = {
    "name": "Noor de Vries",
    "role": "redacteur",
    "organisation": "Gemeente Leiden",
    "address": "https://register.example/uitnodiging?sleutel=x",
    "days": 14,
    "site": "https://register.example",
}


def make_mail(
    subject: str = "Onderwerp", body: str = "Tekst", receiver: str = "noor@leiden.nl"
) -> OutgoingMail:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    return OutgoingMail(
        id=ID, kind="invitation", receiver=receiver, language="nl", subject=subject, body=body, created_at=now
    )


def send(mail: OutgoingMail, **server: Any) -> Any:
    """The message as its receiver's program reads it."""
    return message_from_bytes(make_message(mail, make_server(25, **server)).as_bytes(), policy=SMTPUTF8)


def test_message_has_the_headers_of_an_automatic_one() -> None:
    message = send(make_mail(), reply_to="loket@leiden.nl")
    assert message["From"] == "Sensorregister <sensoren@register.example>"
    assert message["To"] == "noor@leiden.nl"
    assert message["Reply-To"] == "loket@leiden.nl"
    assert message["Message-ID"] == f"<{ID}@register.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_two_attempts_at_a_mail_are_one_message_to_programs() -> None:
    first, second = (make_message(make_mail(), make_server(25)) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_message_has_text_and_html_of_the_same_words(language: Language) -> None:
    text = write_text("invitation", language, **INVITATION)
    message = send(make_mail(text.subject, text.body))
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "Noor de Vries" in plain
    assert "Noor de Vries" in html
    assert '<a href="https://register.example/uitnodiging?sleutel=x">' in html
    assert ("Beste" in plain) == (language == "nl")
    assert not [line for line in plain.splitlines() if line != line.strip()]


def test_subject_and_name_outside_ascii_arrive_whole() -> None:
    message = send(
        make_mail("Zoë, crème brûlée 🙂 " + "lang " * 30 + "einde"), sender_name="Gemeente Súdwest-Fryslân"
    )
    assert message["Subject"] == ("Zoë, crème brûlée 🙂 " + "lang " * 30 + "einde")
    assert message["From"].addresses[0].display_name == "Gemeente Súdwest-Fryslân"


def test_receiver_outside_ascii_is_written_as_it_is() -> None:
    written = make_message(make_mail(receiver="jörg@xn--bcher-kva.example"), make_server(25)).as_bytes()
    assert "\r\nTo: jörg@xn--bcher-kva.example\r\n".encode() in written


ATTACKS = [
    "Noor\r\nBcc: eva@evil.example",
    "Noor\nBcc: eva@evil.example\n\nhttps://evil.example",
    "Noor\x0bBcc: eva@evil.example",
    "Noor\u2028Bcc: eva@evil.example",
    "Noor\x85Bcc: eva@evil.example",
    "Noor\x00\x1b[31m",
]


@pytest.mark.parametrize("name", ATTACKS)
def test_name_adds_no_header_and_no_paragraph(name: str) -> None:
    text = write_text("invitation", "nl", **(INVITATION | {"name": name, "organisation": name}))
    normal = write_text("invitation", "nl", **INVITATION)
    assert len(text.body.split("\n\n")) == len(normal.body.split("\n\n"))
    assert len(text.body.splitlines()) == len(normal.body.splitlines())
    message = send(make_mail(f"Van {text.subject}", text.body), sender_name=" ".join(name.split()))
    assert message["Bcc"] is None
    assert 'href="https://evil' not in message.get_body(("html",)).get_content()


@pytest.mark.parametrize("subject", ["a\r\nBcc: eva@evil.example", "a\nb"])
def test_stored_subject_of_two_lines_is_refused_and_not_sent(subject: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        make_message(make_mail(subject), make_server(25))


@pytest.mark.parametrize("name", ['Noor" <eva@evil.example>', "Noor, Eva", "Noor <b>", "=?utf-8?q?a?="])
def test_name_of_the_sender_is_quoted(name: str) -> None:
    (address,) = send(make_mail(), sender_name=name)["From"].addresses
    assert address.addr_spec == "sensoren@register.example"


def test_html_shows_marks_as_text() -> None:
    html = write_html(MailText("<b>", "Beste <script>alert(1)</script>"), "nl")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_template_whose_text_is_no_html_keeps_marks() -> None:
    text = write_text("invitation", "nl", **(INVITATION | {"name": "O'Brien & Co"}))
    assert "O'Brien & Co" in text.body
