"""Mail with the receipt of what a person sent in the browser: of one registration, or of many removals at once."""

from collections.abc import Sequence
from typing import Any, Final

from app.access.invitations import find_invited_address
from app.core.i18n import Language
from app.core.templates import localise_path
from app.mail.outbox import post_mail
from app.organisations.queries import find_language
from app.sensors.receipts.numbers import format_number
from app.sensors.receipts.queries import find_receipt_of_version, list_newest_numbers
from app.sensors.registration.queries import find_sensor, get_version
from app.sensors.registration.version_record import SensorVersion
from app.website.account.workplace import Workplace
from app.website.registering.receipt import RECEIPTS, write_receipt, write_receipt_path

_NAMED: Final = 50
"""Sensors that a mail about many names; the others are counted."""


def post_receipt(workplace: Workplace, version: SensorVersion) -> None:
    """Send the receipt by mail to the person who is signed in, where mail is set up and the address is known."""
    own = workplace.own
    found = find_receipt_of_version(own.session, version.id)
    if found is None:
        return
    language = _choose_language(workplace)
    text = write_receipt(own, found, language)
    _post(
        workplace,
        "receipt",
        language,
        code=text.code,
        number=text.number,
        title=text.subject,
        received=text.received,
        what=text.kind,
        status=text.next,
        late=text.lateness,
        objection=text.objection,
        page=own.visit.state.public_url + localise_path(write_receipt_path(found.number), language),
    )


def post_removal_receipts(workplace: Workplace, public_codes: Sequence[str], under_review: int) -> None:
    """Send one mail about the removals that were reported at once; about a single one its receipt."""
    own = workplace.own
    if len(public_codes) == 1 and (sensor_id := find_sensor(own.session, public_codes[0])) is not None:
        post_receipt(workplace, get_version(own.session, sensor_id))
    elif public_codes:
        language = _choose_language(workplace)
        numbers = list_newest_numbers(own.session, sorted(public_codes)[:_NAMED])
        _post(
            workplace,
            "removal_receipts",
            language,
            total=len(public_codes),
            under_review=under_review,
            numbers=[(code, format_number(number)) for code, number in numbers],
            others=len(public_codes) - len(numbers),
            page=own.visit.state.public_url + localise_path(RECEIPTS, language),
        )


def _choose_language(workplace: Workplace) -> Language:
    return find_language(workplace.own.session, [workplace.organisation_id]) or workplace.labels.language


def _post(workplace: Workplace, kind: str, language: Language, **context: Any) -> None:
    own = workplace.own
    state, person = own.visit.state, own.signed_in.principal
    address = find_invited_address(own.session, person.id)
    if not state.settings.sends_mail or address is None:
        return
    context |= {"name": person.name, "site": state.public_url}
    post_mail(own.session, kind, receiver=address, language=language, now=own.visit.now, **context)
