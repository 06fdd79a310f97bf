"""Sentences of a receipt, by what it is of and what became of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from app.core.i18n import LocalizedText
from app.sensors.receipts.queries import Receipt
from app.sensors.receipts.words import describe_duty, describe_lateness, describe_next, describe_objection

RECEIPT = Receipt(
    number="222222222222",
    kind="register",
    received_at=datetime(2026, 3, 1, tzinfo=UTC),
    organisation_id=UUID(int=1),
    organisation="Een BV",
    submitted_by_id=None,
    submitted_by=None,
    sensor_id=UUID(int=2),
    version_id=UUID(int=3),
    version_number=1,
    public_code="2222222",
    import_id=None,
    municipality_codes=["GM0363"],
    registration_status="published",
    duty={"noticeDays": 5},
    days_late=0,
    review_until=None,
    said="{}",
    digest="00",
)
OF_IMPORT = {"municipalities": [{"late": 2, "underReview": 3}, {"late": 1, "underReview": 4}]}


@pytest.mark.parametrize(
    ("changed", "said", "words"),
    [
        ({}, {}, "staat nu openbaar"),
        ({}, {"visibility": "internal"}, "niet openbaar"),
        ({"registration_status": "withdrawn"}, {}, "ingetrokken"),
        ({"review_until": date(2026, 3, 15)}, {}, "beoordeelt de registratie, uiterlijk op 15 maart 2026"),
        ({"review_until": date(2026, 3, 15), "kind": "amend"}, {}, "verandert er niets aan wat openbaar is"),
        ({"kind": "import"}, {}, "Alles uit de import"),
        ({"kind": "import", "review_until": date(2026, 3, 15)}, OF_IMPORT, "7 van de sensoren"),
    ],
)
def test_receipt_says_what_happens_now(changed: dict[str, Any], said: dict[str, Any], words: str) -> None:
    assert words in describe_next(replace(RECEIPT, **changed), said).nl


@pytest.mark.parametrize(
    ("changed", "said", "words"),
    [
        ({}, {}, "op tijd"),
        ({"days_late": 1}, {}, "1 dag te laat. Gevraagd is uiterlijk 5 dagen vóór plaatsing."),
        ({"days_late": 9, "kind": "import"}, OF_IMPORT, "3 van de nieuwe sensoren"),
    ],
)
def test_receipt_says_whether_it_was_on_time(
    changed: dict[str, Any], said: dict[str, Any], words: str
) -> None:
    found = describe_lateness(replace(RECEIPT, **changed), said)
    assert found is not None
    assert words in found.nl


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        (
            {"noticeDays": 0, "isMandatory": True},
            "Melden is hier verplicht, uiterlijk op de dag van plaatsing.",
        ),
        ({"noticeDays": 1, "isMandatory": True}, "Melden is hier verplicht, uiterlijk 1 dag vóór plaatsing."),
        ({"noticeDays": 5}, "Melden is hier vrijwillig. Gevraagd is uiterlijk 5 dagen vóór plaatsing."),
    ],
)
def test_receipt_says_when_the_duty_asks_it(duty: dict[str, Any], words: str) -> None:
    found = describe_duty(replace(RECEIPT, duty=duty))
    assert found is not None
    assert found.nl == words


def test_nothing_is_said_of_time_where_no_term_holds() -> None:
    assert describe_lateness(replace(RECEIPT, kind="amend", days_late=None), {}) is None


def test_text_of_the_duty_on_objecting_comes_before_whom_to_ask() -> None:
    assert "Gemeente X" in describe_objection(RECEIPT, "Gemeente X").nl
    assert "de gemeente waar de sensor staat" in describe_objection(RECEIPT, None).nl
    duty = {"objectionText": {"nl": "Schrijf het college.", "en": "Write the college."}}
    found = describe_objection(replace(RECEIPT, duty=duty), "Gemeente X")
    assert found == LocalizedText("Schrijf het college.", "Write the college.")
