"""Words that say that personal data are processed, and their denial."""

import pytest

from app.sensors.registration.personal_data_words import find_personal_data_words
from tests.support.waiting import soon_computed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MAC-adressen van telefoons", "MAC-adressen"),
        ("Gezichten van bezoekers", "Gezichten"),
        ("Leest kentekens van auto's", "kentekens"),
        ("Geen beelden. Leest kentekens.", "kentekens"),
        ("Geen gezichten. Wel MAC-adressen.", "MAC-adressen"),
    ],
)
def test_words_found_are_returned(text: str, words: str) -> None:
    assert find_personal_data_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "MAC-adressen van telefoons",
        "Mac adres van passanten",
        "Leest kentekens van auto's",
        "Gezichten van bezoekers",
        "gezichtsherkenning bij de ingang",
        "ANPR-camera",
        "Foto van het kenteken",
        "number plates of cars",
        "License plates",
        "Telt niet alleen auto's, leest ook kentekens",
        "Geen beelden. Leest kentekens.",
        "Telt geen personen maar leest wel kentekens",
        "Leest MAC-adressen die niet worden bewaard",
        "Kentekens worden gelezen en niet opgeslagen",
        "Detects faces",
        "Recognises faces of visitors",
        "face recognition",
        "Verwerkt persoonsgegevens",
        "herkenbare personen op beeld",
        "mensen zijn herkenbaar in beeld",
        "Autokentekens",
        "nummerborden",
        "MAC addresses of phones",
        "KENTEKENS",
        "biometrische gegevens",
        "Bluetooth-adressen",
        "gehashte MAC-adressen",
        "Fotografeert nummerplaten",
    ],
)
def test_text_about_personal_data_is_recognised(text: str) -> None:
    assert find_personal_data_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "Geen kentekens",
        "zonder gezichten",
        "personen niet herkenbaar",
        "Telt auto's, zonder kentekens te lezen",
        "Gezichten zijn niet herkenbaar",
        "Kentekens worden niet gelezen",
        "Geen gezichten, kentekens of MAC-adressen",
        "Er worden geen namen, adressen of kentekens verwerkt",
        "Persoonsgegevens: geen",
        "Persoonsgegevens: n.v.t.",
        "Gezichten en kentekens zijn onherkenbaar",
        "The camera faces north",
        "no faces or number plates",
        "Without faces",
        "Number plates are not read",
        "beschermd stadsgezicht",
        "gezichtsveld van 60 graden",
        "Zichtveld",
        "macadam",
        "Autoriteit Persoonsgegevens",
        "MAC-adressen worden nooit opgevangen",
        "ANPR is uitgeschakeld",
        "Er worden geen herkenbare personen gefilmd",
        "Mensen zijn niet herkenbaar in beeld",
        "gezichten die niet herkenbaar zijn",
        "Worden er persoonsgegevens verwerkt? Nee",
        "interface voor surfaces",
        "kan kentekens niet lezen",
        "leest geen kentekens",
        "niet-herkenbare personen",
        "faculteit",
        "Geluid in decibel",
        "Deze sensor kan geen gezichten herkennen en geen kentekens lezen",
        "zonder dat kentekens of gezichten worden vastgelegd",
        "kentekens noch gezichten",
        "People are not identifiable",
        "kenmerkend, kentekenvrij",
        "Geen MAC adressen",
        "No personal data",
        "geen ANPR",
    ],
)
def test_denial_and_likeness_are_not_taken_for_personal_data(text: str) -> None:
    assert find_personal_data_words(text) is None


@pytest.mark.parametrize("part", ["mac ", "geen ", "kentekens ", "a,", " a", "- ", "-a", "mensen ", " "])
@pytest.mark.parametrize("word", ["anpr", "kentekens", ""])
def test_longest_text_is_searched_in_a_moment(part: str, word: str) -> None:
    with soon_computed():
        find_personal_data_words(part * (480 // len(part)) + word + part * (480 // len(part)))
