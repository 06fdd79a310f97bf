"""The mail server of the settings."""

from dataclasses import dataclass
from typing import Literal, Self

from app.bootstrap.cannot_start import CannotStart
from app.core.settings import Settings
from app.mail.mail_address import normalise_address
from app.mail.texts import make_one_line

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and in whose name."""

    host: str
    port: int
    security: Security
    user: str | None
    password: str | None
    timeout_seconds: float
    sender: str
    sender_name: str
    reply_to: str | None

    @classmethod
    def of_settings(cls, settings: Settings) -> Self | None:
        """None where no mail server is set up. Raises: CannotStart where its settings cannot be used."""
        if not settings.mail_host:
            return None
        sender = normalise_address(settings.mail_from or "")
        if sender is None:
            raise CannotStart(
                "REGISTER_MAIL_HOST needs REGISTER_MAIL_FROM: the address that mail comes from, such as "
                "sensoren@gemeente.nl.",
                "REGISTER_MAIL_HOST vraagt REGISTER_MAIL_FROM: het adres waar mail vandaan komt, zoals "
                "sensoren@gemeente.nl.",
            )
        reply_to = None
        if settings.mail_reply_to and (reply_to := normalise_address(settings.mail_reply_to)) is None:
            raise CannotStart(
                "REGISTER_MAIL_REPLY_TO is no address of mail.", "REGISTER_MAIL_REPLY_TO is geen mailadres."
            )
        if (settings.mail_user is None) != (settings.mail_password is None):
            raise CannotStart(
                "REGISTER_MAIL_USER and REGISTER_MAIL_PASSWORD need each other.",
                "REGISTER_MAIL_USER en REGISTER_MAIL_PASSWORD horen bij elkaar: stel beide in.",
            )
        if settings.mail_password is not None and settings.mail_security == "none":
            raise CannotStart(
                "REGISTER_MAIL_PASSWORD would be readable on the network: set REGISTER_MAIL_SECURITY to starttls or "
                "tls.",
                "REGISTER_MAIL_PASSWORD zou op het netwerk te lezen zijn: zet REGISTER_MAIL_SECURITY op "
                "starttls of tls.",
            )
        return cls(
            settings.mail_host,
            settings.mail_port,
            settings.mail_security,
            settings.mail_user,
            settings.mail_password.get_secret_value() if settings.mail_password else None,
            settings.mail_timeout_seconds,
            sender,
            make_one_line(settings.contact_name),
            reply_to,
        )
