"""The recipient of a letter."""

from uuid import UUID

import pytest

from app.municipalities.directory import Directory
from app.organisations.public_contact import Contact
from app.sensors.presentation import Labels
from app.vocabularies.terms import Vocabularies
from app.website.sensor.letters import LetterKind, write_recipient

LABELS = Labels("nl", Vocabularies(UUID(int=1), {}), Directory("", [], []))


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        (None, ("Meetbedrijf", "[Adres of e-mailadres van de organisatie]")),
        ("info@example.org", ("Meetbedrijf", "info@example.org")),
    ],
)
def test_address_that_is_not_known_is_left_open(email: str | None, expected: tuple[str, ...]) -> None:
    contact = Contact("Meetbedrijf", "company", email, None, None, None, None)

    assert write_recipient(LetterKind.ACCESS, contact, "Meetbedrijf", LABELS) == expected


def test_letter_to_an_unknown_controller_leaves_the_address_open() -> None:
    assert write_recipient(LetterKind.OBJECTION, None, "De verantwoordelijke", LABELS) == (
        "De verantwoordelijke",
        "[Adres of e-mailadres van de organisatie]",
    )
