"""The organisation that runs the register, as the texts name it: settings, and what holds without them."""

from dataclasses import dataclass
from typing import Final

from app.core.settings import Settings

EXAMPLE_DOMAIN: Final = "example.org"


@dataclass(frozen=True, slots=True)
class Operator:
    """The operator's contact details and statements; None where the operator gave none.

    `privacy_email` and `security_email` are the general address where the operator named no other.
    """

    name: str
    email: str | None
    phone: str | None
    url: str | None
    privacy_email: str | None
    privacy_url: str | None
    accessibility_url: str | None
    security_email: str | None

    @classmethod
    def of_settings(cls, settings: Settings) -> "Operator":
        # The address of the examples reaches no one.
        email = None if settings.contact_email.endswith(EXAMPLE_DOMAIN) else settings.contact_email
        return cls(
            name=settings.contact_name,
            email=email,
            phone=settings.contact_phone,
            url=_text(settings.contact_url),
            privacy_email=settings.privacy_email or email,
            privacy_url=_text(settings.privacy_url),
            accessibility_url=_text(settings.accessibility_url),
            security_email=settings.security_email or email,
        )


def _text(url: object) -> str | None:
    return str(url) if url else None
