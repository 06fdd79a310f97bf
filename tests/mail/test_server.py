"""Settings of the mail server: those that are enough, and those that stop a start."""

import pytest

from app.bootstrap.cannot_start import CannotStart
from app.core.settings import Settings
from app.mail.server import MailServer

WHOLE = {"mail_host": "mail.example", "mail_from": "Sensoren@Leiden.nl"}


def choose(**settings: object) -> MailServer | None:
    return MailServer.of_settings(Settings(**settings))  # type: ignore[arg-type]


def test_mail_server_is_none_without_a_host() -> None:
    assert choose() is None
    assert choose(mail_host="", mail_from="sensoren@leiden.nl") is None


def test_mail_server_encrypts_unless_told_otherwise() -> None:
    found = choose(**WHOLE, contact_name="Gemeente\nLeiden", mail_reply_to="loket@leiden.nl")
    assert found is not None
    assert (found.port, found.security, found.sender) == (587, "starttls", "sensoren@leiden.nl")
    assert (found.sender_name, found.reply_to) == ("Gemeente Leiden", "loket@leiden.nl")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"mail_from": None}, "REGISTER_MAIL_FROM"),
        ({"mail_from": "Leiden"}, "REGISTER_MAIL_FROM"),
        ({"mail_reply_to": "Leiden"}, "REGISTER_MAIL_REPLY_TO"),
        ({"mail_user": "register"}, "REGISTER_MAIL_PASSWORD"),
        ({"mail_password": "x"}, "REGISTER_MAIL_USER"),
        ({"mail_user": "register", "mail_password": "x", "mail_security": "none"}, "readable"),
    ],
    ids=str,
)
def test_settings_by_which_no_mail_could_be_sent_stop_the_start(
    changed: dict[str, object], named: str
) -> None:
    with pytest.raises(CannotStart, match=named):
        choose(**(WHOLE | changed))
