"""Own words beside the terms of the register."""

from sqlalchemy.orm import Session

from app.vocabularies.queries import load_vocabularies
from app.website.importing.word_form import list_words, read_words


def test_words_are_suggested_only_where_they_are_much_like_a_term(session: Session) -> None:
    unknown = {"sensorType": ["Geluidsensr", "flitser"]}
    (sounds,) = list_words(unknown, load_vocabularies(session), "nl")
    assert sounds.label == "Soort sensor"
    assert sounds.words == (
        ("woord.sensorType.0", "Geluidsensr", "sound"),
        ("woord.sensorType.1", "flitser", ""),
    )
    assert ("sound", "Geluidsensor") in sounds.options


def test_words_of_a_form_are_folded_and_unknown_fields_left_out() -> None:
    given = {
        "woord.sensorType.0": "sound",
        "eigen.sensorType.0": "Dome ",
        "woord.sensorType.1": "-",
        "eigen.sensorType.1": "?",
        "woord.sensorType.2": "",
        "eigen.sensorType.2": "x",
        "woord.sensorType.3": "sound",
        "woord.gone.0": "sound",
        "eigen.gone.0": "y",
    }
    assert read_words(given) == {"sensorType": {"dome": "sound", "?": None}}
