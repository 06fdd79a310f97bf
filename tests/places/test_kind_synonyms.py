"""Words for kinds of sensors."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.places.kind_synonyms import KIND_SYNONYMS


def test_every_synonym_is_of_a_term_that_exists(session: Session) -> None:
    rows = session.execute(text("SELECT vocabulary, code FROM publication.term"))
    known = {(vocabulary, code) for vocabulary, code in rows}

    named = {(vocabulary, code) for vocabulary, terms in KIND_SYNONYMS.items() for code in terms}
    assert named <= known


def test_no_synonym_is_of_two_kinds() -> None:
    words = [word for terms in KIND_SYNONYMS.values() for synonyms in terms.values() for word in synonyms]

    assert len(words) == len(set(words))
