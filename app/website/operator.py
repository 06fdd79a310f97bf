"""The organisation that runs the register, as the texts name it: settings, and what holds without them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.i18n import Language, LocalizedText
from app.core.settings import Settings

EXAMPLE_DOMAIN: Final = "example.org"
UNNAMED: Final = LocalizedText("de beheerder van dit sensorregister", "the operator of this sensor register")
"""Name of the operator where the setting has its default, which names no one."""
DEFAULT_NAME: Final = Settings.model_fields["contact_name"].default


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
    accessibility_status: str | None
    accessibility_date: date | None
    accessibility_report_url: str | None
    security_email: str | None

    @classmethod
    def of_settings(cls, settings: Settings, language: Language) -> "Operator":
        # The address of the examples reaches no one.
        email = None if settings.contact_email.endswith(EXAMPLE_DOMAIN) else settings.contact_email
        return cls(
            name=UNNAMED.render(language) if settings.contact_name == DEFAULT_NAME else settings.contact_name,
            email=email,
            phone=settings.contact_phone,
            url=_text(settings.contact_url),
            privacy_email=settings.privacy_email or email,
            privacy_url=_text(settings.privacy_url),
            accessibility_url=_text(settings.accessibility_url),
            accessibility_status=settings.accessibility_status,
            accessibility_date=settings.accessibility_date,
            accessibility_report_url=_text(settings.accessibility_report_url),
            security_email=settings.security_email or email,
        )


def _text(url: object) -> str | None:
    return str(url) if url else None
