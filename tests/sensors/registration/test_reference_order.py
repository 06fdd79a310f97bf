"""References in the order in which people count."""

from sqlalchemy.orm import Session

from app.sensors.registration.reference_order import rank_references

COUNTED = [
    "",
    "7",
    "010",
    "10",
    "cam-1",
    "CAM-1",
    "CAM-2",
    "CAM-9b",
    "CAM-010",
    "CAM-10",
    "CAM-10a10",
    "CAM-1000000000000",
]


def test_numbers_in_references_are_compared_as_numbers(session: Session) -> None:
    ranks = rank_references(session, list(reversed(COUNTED)))
    assert sorted(COUNTED, key=ranks.__getitem__) == COUNTED


def test_every_reference_has_a_place_of_its_own(session: Session) -> None:
    assert sorted(rank_references(session, [*COUNTED, *COUNTED]).values()) == list(range(len(COUNTED)))
