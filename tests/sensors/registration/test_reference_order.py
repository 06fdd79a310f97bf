"""References in the order in which people count."""

import pytest
from sqlalchemy import Text, literal, select
from sqlalchemy.orm import Session

from app.sensors.registration.reference_order import natural_key, natural_order

COUNTED = ["", "7", "10", "CAM-2", "CAM-9b", "CAM-10", "CAM-10a2", "CAM-10a10", f"CAM-1{19 * '0'}", "cam-1"]


def test_numbers_in_references_are_compared_as_numbers() -> None:
    assert sorted(COUNTED, key=natural_key) == COUNTED


@pytest.mark.parametrize("reference", [*COUNTED, "CAM-010", 25 * "12"])
def test_database_and_program_pad_alike(session: Session, reference: str) -> None:
    padded = session.scalar(select(natural_order(literal(reference, Text))))
    assert padded == natural_key(reference)[0]
