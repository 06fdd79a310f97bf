"""Alternative labels of terms."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.places.name_match import drop_plurals, split_words
from app.vocabularies.alternative_labels import ALTERNATIVE_LABELS
from app.vocabularies.queries import load_vocabularies


def test_every_alternative_label_is_of_a_term_that_exists(session: Session) -> None:
    rows = session.execute(text("SELECT vocabulary, code FROM publication.term"))
    known = {(vocabulary, code) for vocabulary, code in rows}

    named = {(vocabulary, code) for vocabulary, terms in ALTERNATIVE_LABELS.items() for code in terms}
    assert named <= known


def test_no_alternative_label_is_of_two_kinds() -> None:
    listed = [label for terms in ALTERNATIVE_LABELS.values() for labels in terms.values() for label in labels]

    assert len(listed) == len(set(listed))


def test_no_label_of_a_kind_is_that_of_another_in_its_plural(session: Session) -> None:
    vocabularies = load_vocabularies(session)
    kinds: dict[tuple[str, ...], set[str]] = {}
    for vocabulary in ("sensorType", "sensorSubtype"):
        for term in vocabularies.by_name[vocabulary].terms.values():
            for label in (*term.label, *term.alternative_labels):
                kinds.setdefault(drop_plurals(split_words(label)), set()).add(term.code)

    assert {words: codes for words, codes in kinds.items() if len(codes) > 1} == {}
