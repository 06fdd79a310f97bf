"""A real mail server, which takes mail or misbehaves on demand."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = cast(bytes, envelope.content)
        self.taken.append(message_from_bytes(content, policy=SMTPUTF8))
        self.receivers += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        self.has_text.set()
        await self._wait("DATA")
        if self.drops > 0:
            self.drops -= 1
            cast(asyncio.Transport, server.transport).abort()
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        self.users.append(data.login.decode())
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=is_right)


class _Controller(Controller):
    def __init__(self, post: Post, port: int, **options: Any) -> None:
        self._make = partial(SMTP, post, enable_SMTPUTF8=options.pop("takes_utf8", True), **options)
        super().__init__(post, hostname="127.0.0.1", port=port)

    def factory(self) -> SMTP:
        return self._make()


@contextmanager
def serving_mail(post: Post, **options: Any) -> Iterator[MailServer]:
    """The server on a port of its own; gives the settings by which the register reaches it, without encryption."""
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


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A context for a server on 127.0.0.1, and the file of the certificate that clients must trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return context, certificate_file
