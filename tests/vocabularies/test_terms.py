from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.vocabularies.queries import load_vocabularies
from app.vocabularies.terms import Vocabularies
from tests.support.vocabularies import add_new_term, end_term

TODAY = date(2026, 11, 21)


@pytest.fixture
def vocabularies(session: Session) -> Vocabularies:
    return load_vocabularies(session)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("geluid sensor", "sound"),
        ("GELUIDSENSOR", "sound"),
        ("Electriciteitsensor", "electric"),
        ("Elektriciteitssensor", "electric"),
        ("temprature", "temperature"),
        ("Radar or lidar", "radar_lidar"),
        ("radar-lidar", "radar_lidar"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_nearest_term_is_found_by_code_and_label(
    vocabularies: Vocabularies, wrong: str, meant: str | None
) -> None:
    assert vocabularies.nearest("sensorType", wrong) == meant


def test_very_long_text_has_no_nearest_term(vocabularies: Vocabularies) -> None:
    assert vocabularies.nearest("sensorType", "sound" + "x" * 1_000_000) is None


def test_term_is_valid_from_its_first_day_until_its_last(session: Session) -> None:
    end_term(session, "mounting", "drone", TODAY)
    vocabularies = load_vocabularies(session)
    assert not vocabularies.is_valid("mounting", "drone", date(2025, 12, 31))
    assert vocabularies.is_valid("mounting", "drone", date(2026, 1, 1))
    assert vocabularies.is_valid("mounting", "drone", date(2026, 11, 20))
    assert not vocabularies.is_valid("mounting", "drone", TODAY)


def test_ended_term_keeps_its_label_and_is_not_suggested(session: Session) -> None:
    end_term(session, "mounting", "facade", TODAY)
    vocabularies = load_vocabularies(session)
    assert vocabularies.label("mounting", "facade") == LocalizedText("Gevel", "Facade")
    assert vocabularies.nearest("mounting", "gevel") is None
    assert vocabularies.nearest("mounting", "gevel", date(2026, 6, 1)) == "facade"


def test_unknown_code_is_its_own_label(vocabularies: Vocabularies) -> None:
    assert vocabularies.label("mounting", "moon") == LocalizedText("moon", "moon")


def test_unknown_vocabulary_or_term_is_not_found(vocabularies: Vocabularies) -> None:
    with pytest.raises(NotFound):
        vocabularies.get_vocabulary("colours")
    with pytest.raises(NotFound):
        vocabularies.get_term("mounting", "moon")
    with pytest.raises(NotFound):
        vocabularies.get_term("colours", "red")


def test_subtype_has_its_type_as_parent(session: Session) -> None:
    label = LocalizedText("Geluidscamera", "Noise camera")
    add_new_term(session, "sensorSubtype", "noise_camera", label, broader="optical_camera")
    assert load_vocabularies(session).parent("sensorSubtype", "noise_camera") == "optical_camera"
