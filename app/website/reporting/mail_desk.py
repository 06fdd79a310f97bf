"""The mail desk of reports, from the settings of the application."""

from app.reports.address_cipher import AddressCipher
from app.reports.report_mail import MailDesk
from app.website.account.visits import Visit


def open_mail_desk(visit: Visit) -> MailDesk:
    """Whether this register sends mail, and the key by which it stores addresses."""
    state = visit.state
    return MailDesk(
        site=state.public_url,
        cipher=AddressCipher.of_settings(state.settings),
        sends_mail=state.settings.mail_host is not None,
    )
