"""Alternative labels of terms."""

from sqlalchemy.orm import Session

from app.places.name_match import drop_plurals, split_words
from app.vocabularies.queries import load_vocabularies


def test_alternative_labels_are_in_the_database_and_found(session: Session) -> None:
    vocabularies = load_vocabularies(session)
    assert "decibelmeter" in vocabularies.get_term("sensorType", "sound").alternative_labels
    assert "flitspaal" in vocabularies.get_term("sensorSubtype", "speed_camera").alternative_labels


def test_no_alternative_label_is_of_two_kinds(session: Session) -> None:
    listed = [
        label
        for vocabulary in load_vocabularies(session).by_name.values()
        for term in vocabulary.terms.values()
        for label in term.alternative_labels
    ]
    assert len(listed) > 50
    assert len(listed) == len(set(listed))


def test_no_label_of_a_kind_is_that_of_another_in_its_plural(session: Session) -> None:
    vocabularies = load_vocabularies(session)
    kinds: dict[tuple[str, ...], set[str]] = {}
    for vocabulary in ("sensorType", "sensorSubtype"):
        for term in vocabularies.by_name[vocabulary].terms.values():
            for label in (*term.label, *term.alternative_labels):
                kinds.setdefault(drop_plurals(split_words(label)), set()).add(term.code)

    assert {words: codes for words, codes in kinds.items() if len(codes) > 1} == {}
