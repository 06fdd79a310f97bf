"""A real mail server, which takes mail or misbehaves on demand."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from functools import partial
from threading import Event
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from app.mail.server import MailServer
from tests.support.processes import find_free_port

USER, PASSWORD = "register", "geheim-wachtwoord"


@dataclass
class Post:
    """Behaviour of a server, and what it took."""

    answers: dict[str, str] = field(default_factory=dict)
    """Answers to `RCPT`, `DATA` (after the text) and `MAIL`, instead of 250."""
    drops: int = 0
    """How many times it takes the text and breaks off without an answer."""
    slow: dict[str, float] = field(default_factory=dict)
    """Seconds that it waits before its answer to `RCPT` or `DATA`."""
    taken: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    has_text: Event = field(default_factory=Event)
    """A text has come, whatever the answer to it."""
    has_receiver: Event = field(default_factory=Event)
    """A receiver was named."""
    release: Event = field(default_factory=Event)
    """Ends the waiting of `slow` when it is set."""
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    async def _wait(self, step: str) -> None:
        for _ in range(int(self.slow.get(step, 0) * 20)):
            if self.release.is_set():
                return
            await asyncio.sleep(0.05)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.has_receiver.set()
        await self._wait("RCPT")
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = cast(bytes, envelope.content)
        self.taken.append(message_from_bytes(content, policy=SMTPUTF8))
        self.receivers += envelope.rcpt_tos
        transport = cast(asyncio.Transport, server.transport)
        self.encrypted.append(transport.get_extra_info("ssl_object") is not None)
        self.has_text.set()
        await self._wait("DATA")
        if self.drops > 0:
            self.drops -= 1
            transport.abort()
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        self.users.append(data.login.decode())
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=is_right)


class _Controller(Controller):
    def __init__(self, post: Post, port: int, **options: Any) -> None:
        encryption = options.pop("ssl_context", None)
        self._make = partial(SMTP, post, enable_SMTPUTF8=options.pop("takes_utf8", True), **options)
        super().__init__(post, hostname="127.0.0.1", port=port, ssl_context=encryption)

    def factory(self) -> SMTP:
        return self._make()


@contextmanager
def serving_mail(post: Post, **options: Any) -> Iterator[MailServer]:
    """The server on a port of its own; gives the settings by which the register reaches it, without encryption.

    `options` are those of aiosmtpd's SMTP; `ssl_context` encrypts connections from their start.
    """
    controller = _Controller(post, find_free_port(), **options)
    controller.start()
    try:
        yield make_server(controller.port)
    finally:
        post.release.set()
        controller.stop()


def make_server(port: int, **changed: Any) -> MailServer:
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": None,
        "password": None,
        "timeout_seconds": 5,
        "sender": "sensoren@register.example",
        "sender_name": "Sensorregister",
        "reply_to": None,
    }
    return MailServer(**(values | changed))
