"""Handing one message to the mail server, and what its answer means."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from smtplib import SMTP, SMTP_SSL
from typing import Any, Final, Literal

from app.mail.server import MailServer

Outcome = Literal["sent", "refused", "postponed", "uncertain"]
"""`uncertain`: the text was handed over, and the server did not say whether it has it."""

_TEMPORARY: Final = 400
_PERMANENT: Final = 500
_MAX_ERROR_LENGTH: Final = 300


@dataclass(frozen=True, slots=True)
class Delivery:
    """How handing over ended; `error` is the server's answer in its own words, or what went wrong before."""

    outcome: Outcome
    error: str | None = None


class _Handover:
    """Says when the text is about to be handed over: before that, whatever fails, the receiver has nothing."""

    def __init__(self, note: Callable[[], None]) -> None:
        self._note = note
        self.is_begun = False

    def begin(self) -> None:
        self._note()
        self.is_begun = True


class _Client(SMTP):
    """The library's client, which notes that the text is about to be sent."""

    handover: _Handover | None = None

    def send(self, s: Any) -> None:
        # The text alone, of all that is sent, ends with a line of one period. Source: RFC 5321, 4.1.1.4.
        if self.handover is not None and isinstance(s, bytes) and s.endswith(b"\r\n.\r\n"):
            self.handover.begin()
        super().send(s)


class _TlsClient(_Client, SMTP_SSL):
    """The same over a connection that is encrypted from its start."""


def deliver(server: MailServer, message: EmailMessage, receiver: str, note: Callable[[], None]) -> Delivery:
    """Hand over the message; `note` is called just before its text is sent, and may raise."""
    handover = _Handover(note)
    client: _Client | None = None
    try:
        client = _connect(server)
        client.handover = handover
        client.send_message(message, server.sender, [receiver])
    except OSError as error:  # Those of the library are too.
        return _explain(error, text_was_sent=handover.is_begun)
    finally:
        if client is not None:
            _leave(client)
    return Delivery("sent")


def _explain(error: OSError, *, text_was_sent: bool) -> Delivery:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, answer),) = error.recipients.values()
        return _judge(code, answer)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        # An address with letters outside ASCII, which this server cannot write to.
        return Delivery("refused", str(error)[:_MAX_ERROR_LENGTH])
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= _TEMPORARY:
        return _judge(error.smtp_code, error.smtp_error)
    # Before the text, what fails is a matter of the server or of our settings: an administrator corrects it meanwhile.
    return Delivery("uncertain" if text_was_sent else "postponed", _describe(error))


def _connect(server: MailServer) -> _Client:
    """A connection that is encrypted and signed in as the settings say, never less. Raises: OSError; SMTPException."""
    client: _Client
    if server.security == "tls":
        context = ssl.create_default_context()
        client = _TlsClient(server.host, server.port, timeout=server.timeout_seconds, context=context)
    else:
        client = _Client(server.host, server.port, timeout=server.timeout_seconds)
    try:
        if server.security == "starttls":
            client.starttls(context=ssl.create_default_context())
        client.ehlo_or_helo_if_needed()
        if server.user is not None and server.password is not None:
            client.login(server.user, server.password)
    except smtplib.SMTPException as error:
        client.close()
        # Nothing was said of this message: an answer to EHLO, STARTTLS or AUTH does not end it.
        raise ConnectionError(_describe(error)) from error
    except BaseException:
        client.close()
        raise
    return client


def _leave(client: SMTP) -> None:
    """Say goodbye; whatever goes wrong then changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        client.quit()
    client.close()


def _judge(code: int, answer: bytes | str) -> Delivery:
    """4xx is for now, 5xx for good. Source: RFC 5321, 4.2.1."""
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    outcome: Outcome = "refused" if code >= _PERMANENT else "postponed"
    return Delivery(outcome, f"{code} {' '.join(words.split())}"[:_MAX_ERROR_LENGTH])


def _describe(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _judge(error.smtp_code, error.smtp_error).error or ""
    return (str(error) or type(error).__name__)[:_MAX_ERROR_LENGTH]
