"""The fields of an organisation in the help of the commands that take them, in both languages."""

from collections.abc import Mapping
from typing import Final

from app.cli.language import both
from app.organisations.field_parsers import NAMES
from app.organisations.record import Organisation

_IN_DUTCH: Final[Mapping[str, str]] = {
    "name": "Naam; nooit openbaar bij een particulier of eenmanszaak.",
    "organisationType": "Een code van de lijst organisationType, zoals municipality of company.",
    "tooiCode": "Code in TOOI, de lijst van de overheid: gm0363, pv27, ws0155.",
    "municipalityCode": "De code van een gemeente, zoals GM0363.",
    "oin": "Organisatie-identificatienummer van 20 cijfers.",
    "website": "Webadres, http of https.",
    "publicEmail": "Een functionele mailbox, zoals info@ of privacy@.",
    "publicPhone": "Een telefoonnummer voor iedereen.",
    "contactUrl": "Webadres van een contactformulier of contactpagina.",
    "dpoContact": "Hoe de functionaris gegevensbescherming te bereiken is.",
    "kvkNumber": "KVK-nummer van 8 cijfers; nooit openbaar bij een particulier of eenmanszaak.",
    "soleTrader": "Of het bedrijf een eenmanszaak is.",
    "emailConfirmedFunctional": "Bevestigt dat een adres dat op dat van een persoon lijkt, een functionele mailbox is.",
    "language": "Niet openbaar: de taal van mail aan wie er werken, nl of en.",
    "contactPerson": "Niet openbaar: met wie het register contact kan hebben.",
    "personalEmail": "Niet openbaar: mailadres van een persoon.",
    "phone": "Niet openbaar: telefoonnummer.",
    "notifier": "Niet openbaar: wie de organisatie meldde.",
    "address": "Niet openbaar: adres.",
}


def _list_names() -> list[str]:
    return list(dict.fromkeys(("name", "organisationType", *NAMES)))


ORGANISATION_FIELDS: Final = both(
    "\n\n".join(f"{name}: {_IN_DUTCH[name]}" for name in _list_names()),
    "\n\n".join(f"{name}: {Organisation.model_fields[NAMES[name]].description}" for name in _list_names()),
)
"""Each field with what it is."""
