"""A sentence about a mail on a page."""

import pytest

from app.core.i18n import LocalizedText
from app.core.mail_notice import add_mail_notice
from app.core.settings import Settings

OWNER = LocalizedText("de eigenaar", "the owner")


@pytest.mark.parametrize(
    ("host", "nl", "en"),
    [
        (
            "mail.example",
            "Gedaan. Er gaat een mail naar de eigenaar.",
            "Done. A mail goes to the owner.",
        ),
        (
            "",
            "Gedaan. Dit register verstuurt geen mail. Laat het de eigenaar zelf weten.",
            "Done. This register sends no mail. Tell the owner yourself.",
        ),
    ],
)
def test_mail_is_promised_only_by_a_register_that_sends_mail(host: str, nl: str, en: str) -> None:
    settings = Settings(mail_host=host)
    notice = add_mail_notice(LocalizedText("Gedaan.", "Done."), OWNER, sends_mail=settings.sends_mail)
    assert notice == (nl, en)
