"""A sentence about a mail on a page: promised only where this site sends mail, and else what a person does instead."""

from app.core.i18n import LocalizedText


def word_mail_notice(receiver: LocalizedText, *, sends_mail: bool) -> LocalizedText:
    """Whom a mail goes to; without a mail server that the reader tells them. `receiver` is `de indiener`."""
    if sends_mail:
        return LocalizedText(f"Er gaat een mail naar {receiver.nl}.", f"A mail goes to {receiver.en}.")
    return LocalizedText(
        f"Dit register verstuurt geen mail. Laat het {receiver.nl} zelf weten.",
        f"This register sends no mail. Tell {receiver.en} yourself.",
    )


def add_mail_notice(said: LocalizedText, receiver: LocalizedText, *, sends_mail: bool) -> LocalizedText:
    """A sentence followed by whom a mail goes to."""
    notice = word_mail_notice(receiver, sends_mail=sends_mail)
    return LocalizedText(f"{said.nl} {notice.nl}", f"{said.en} {notice.en}")
