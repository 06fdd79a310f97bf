"""The kinds of mail in words."""

from pathlib import Path

from app.core.templates import TEMPLATES
from app.mail.mail_names import MAIL_NAMES, name_mail


def test_every_mail_has_a_name() -> None:
    assert set(MAIL_NAMES) == {path.stem for path in Path(TEMPLATES, "mail").glob("*.txt")}


def test_kind_of_an_older_version_is_shown_by_its_own_name() -> None:
    assert name_mail("receipt").en == "receipt"
    assert name_mail("former_kind").nl == "former_kind"
