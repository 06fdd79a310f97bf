"""Answers in words: an area, which no one reads as a geometry."""

import pytest
from sqlalchemy.orm import Session

from app.municipalities.queries import load_directory
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.presentation import Labels
from app.vocabularies.queries import load_vocabularies
from app.website.registering.summary import word_answer

SQUARE = "[[4.89,52.37],[4.9,52.37],[4.9,52.38],[4.89,52.38],[4.89,52.37]]"
IN_WORDS = "een vlak met 4 hoekpunten, rond 52.37500, 4.89500"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (f'{{"type":"Polygon","coordinates":[{SQUARE}]}}', IN_WORDS),
        ("POLYGON((4.89 52.37,4.9 52.37,4.9 52.38,4.89 52.38,4.89 52.37))", IN_WORDS),
        ("Amsterdam; Utrecht", "Amsterdam; Utrecht"),
        ('{"type":"Polygon","coordinates":[]}', '{"type":"Polygon","coordinates":[]}'),
    ],
    ids=["GeoJSON", "WKT", "municipalities", "not an area"],
)
def test_area_is_said_by_its_corners_and_middle(session: Session, typed: str, words: str) -> None:
    labels = Labels("nl", load_vocabularies(session), load_directory(session))
    assert word_answer(FIELD_BY_NAME["observedArea"], typed, labels) == words
