"""The text of a mail: one template for its subject and its paragraphs, from which the HTML is made too."""

import re
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import Language
from app.core.templates import templates

_MAX_SUBJECT: Final = 200
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class MailText:
    """A subject of one line, and paragraphs with an empty line in between."""

    subject: str
    body: str


def write_text(template: str, language: Language, **context: Any) -> MailText:
    """The text of a template of `app/templates/mail`, whose first line is the subject.

    What people typed (a name) is made one line, so that it can be no part of a header and no paragraph of its own.
    """
    one_line = {
        name: make_one_line(value) if isinstance(value, str) else value for name, value in context.items()
    }
    whole = templates().get_template(f"mail/{template}.txt").render(language=language, **one_line)
    subject, _, body = whole.strip().partition("\n")
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]
    return MailText(make_one_line(subject)[:_MAX_SUBJECT], "\n\n".join(paragraphs))


def write_html(text: MailText, language: Language) -> str:
    """The same paragraphs as HTML; one that is an address becomes a link."""
    paragraphs = [(part, _ADDRESS.fullmatch(part) is not None) for part in text.body.split("\n\n")]
    page = templates().get_template("mail/frame.html")
    return page.render(language=language, subject=text.subject, paragraphs=paragraphs)


def make_one_line(text: str) -> str:
    """The text without line breaks and control characters, with single spaces."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
