"""E-mail addresses: their form, and whether one belongs to a person or is a functional mailbox."""

import re
from typing import Final

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")

_TASKS: Final = """
adres afdeling algemeen avg balie beheer bestuur beveiliging bezwaar bureau camera cameratoezicht
communicatie contact data dienst dpo fg functionaris gegevensbescherming gemeente geo gis griffie
helpdesk ict info informatie iot kantoor klacht klachten klantcontact klantenservice loket mail
meldingen meldpunt milieu mobiliteit office omgeving open parkeren post postbus postkamer privacy
provincie receptie redactie register sales secretariaat security sensor sensoren sensors service
servicedesk smartcity stad stadsbeheer stadsdeel support team toezicht veiligheid verkeer vragen
waterschap web webmaster welkom woo
"""
FUNCTIONAL: Final = frozenset(_TASKS.split())
"""Words in the address of a functional mailbox, which does not belong to a person."""


def is_email(value: str) -> bool:
    """Whether the text has the form of an e-mail address."""
    return _EMAIL.fullmatch(value) is not None


def is_personal(address: str) -> bool:
    """Whether an address has the form first.last or j.last, without a word of a functional mailbox."""
    words = _split_local_part(address)
    return len(words) > 1 and not is_functional(address)


def is_functional(address: str) -> bool:
    """Whether a word in the address is one of a functional mailbox."""
    return any(part in FUNCTIONAL for word in _split_local_part(address) for part in word.split("-"))


def _split_local_part(address: str) -> list[str]:
    local = address.partition("@")[0].partition("+")[0].casefold()
    return [word for word in re.split(r"[._]", re.sub(r"\d", "", local)) if word]
