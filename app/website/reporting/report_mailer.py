"""How mail about reports is sent, from the settings of the application."""

from app.reports.address_cipher import AddressCipher
from app.reports.report_mail import ReportMailer
from app.website.account.visits import Visit


def make_report_mailer(visit: Visit) -> ReportMailer:
    """Whether this register sends mail, and the key by which it stores addresses."""
    state = visit.state
    return ReportMailer(
        site=state.public_url,
        cipher=AddressCipher.of_settings(state.settings),
        sends_mail=state.settings.sends_mail,
    )
