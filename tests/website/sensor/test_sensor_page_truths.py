"""Sentences of the page of each sort of sensor, and those that would be false of it."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.support.website import read_text

PRESENT = (
    "Deze sensor beweegt",
    "Deze sensor verhuist",
    "Wat de sensor waarneemt",
    "Waar de sensor zich beweegt",
    "waarin de sensor staat",
    "Zo is het",
    "als de sensor weg is",
)
"""Sentences in the present tense, false of a sensor that is not there."""

SAID = {
    "removed": ("Volgens de eigenaar is deze sensor verwijderd.", "Zo was het", "als de sensor er nog is"),
    "removed camera": ("Keek naar het zuidwesten", "Wat de sensor waarnam", "Zou verwijderd worden op"),
    "observed area removed": ("Het gebied dat de sensor waarnam, staat op de kaart",),
    "mobile removed": ("Waar de sensor zich bewoog", "Deze sensor bewoog."),
    "generalised removed": ("Het vak waarin de sensor stond", "Ergens in een vak van 250 bij 250 meter"),
    "planned": ("Deze sensor is er nog niet.", "Zo wordt het", "Komt er op"),
    "planned camera": ("Gaat kijken naar het zuidwesten", "Wat de sensor gaat waarnemen"),
    "mobile planned": ("Waar de sensor zich gaat bewegen", "Deze sensor gaat bewegen."),
    "expired": ("Deze sensor had al weg moeten zijn.", "Zo was het toen de eigenaar het opgaf"),
    "mobile expired": ("Deze sensor had al weg moeten zijn.",),
    "camera expired": ("Zo was het toen de eigenaar het opgaf",),
    "due": ("Deze sensor is waarschijnlijk nog in gebruik.", "niet bevestigd"),
    "generalised": ("Ergens in een vak van 250 bij 250 meter", "Het vak waarin de sensor staat"),
    "mobile": ("Mobiel, in Amsterdam", "Deze sensor beweegt."),
    "observed area": ("Het gebied dat de sensor waarneemt, staat op de kaart",),
    "moved": ("Dit is de laatst gemelde plek.", "meter verder dan eerst"),
    "ended owner": ("Opgeheven Meetbedrijf BV", "Deze organisatie doet niet meer mee aan het register."),
    "border": ("Sensoren in Amsterdam",),
    "sea": ("Mobiel, buiten alle gemeenten",),
}
"""Sentences that the page of each sensor has."""

FALSE = {
    **dict.fromkeys(
        ("removed", "removed camera", "observed area removed", "mobile removed", "generalised removed"),
        (*PRESENT, "Bevestigen vóór", "Wordt verwijderd op"),
    ),
    **dict.fromkeys(("planned", "planned camera", "mobile planned"), PRESENT),
    **dict.fromkeys(("expired", "mobile expired", "camera expired"), ("Zo is het",)),
    "observed area": ("Kijkt naar",),
    "observed area removed": (*PRESENT, "Keek naar", "Kijkt naar"),
    "redacted": ("Jan Jansen",),
    "sea": ("Sensoren in Amsterdam", "Vraag het de gemeente"),
}
"""Sentences that would be false of it."""

NO_DISTANCE = ("generalised", "generalised removed", "generalised camera", "mobile", "mobile removed", "sea")


def read_page(site: TestClient, code: str, part: str = "") -> str:
    answer = site.get(f"/s/{code}{part}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)
    assert main
    return read_text(main[0])


@pytest.mark.parametrize("name", sorted(SAID.keys() | FALSE.keys()))
def test_page_of_each_sort_of_sensor_says_what_is_true_and_nothing_false(
    site: TestClient, ended: dict[str, str], name: str
) -> None:
    page = read_page(site, ended[name])

    assert [sentence for sentence in SAID.get(name, ()) if sentence not in page] == []
    assert [sentence for sentence in FALSE.get(name, ()) if sentence in page] == []


@pytest.mark.parametrize("name", NO_DISTANCE)
def test_sensor_without_an_exact_place_has_no_distance_and_no_address(
    site: TestClient, ended: dict[str, str], name: str
) -> None:
    page = site.get(f"/s/{ended[name]}").text

    assert not re.search(r"op [\d.]+ meter", read_text(page))
    assert "data-nearest-address" not in page


def test_sensor_that_moves_or_has_no_exact_place_is_not_near_another(
    site: TestClient, ended: dict[str, str]
) -> None:
    page = site.get(f"/s/{ended['plain']}").text
    near = page.partition('id="neighbours"')[2].partition("</section>")[0]

    assert "/s/" in near
    assert not [name for name in NO_DISTANCE if ended[name] in near]


@pytest.mark.parametrize(("name", "has_sticker"), [("plain", True), ("planned", True), ("removed", False)])
def test_only_a_sensor_that_was_not_removed_has_a_sticker(
    site: TestClient, ended: dict[str, str], name: str, has_sticker: bool
) -> None:
    code = ended[name]

    assert (f'href="/s/{code}/sticker"' in site.get(f"/s/{code}").text) is has_sticker
    assert ("Hier is een sensor" in read_page(site, code, "/sticker")) is has_sticker


@pytest.mark.parametrize(
    ("name", "said", "false"),
    [
        ("removed camera", "Volgens het register bewaarde u de gegevens 28 dagen.", "bewaart u de gegevens"),
        ("planned camera", "Volgens het register gaat u de gegevens 28 dagen bewaren.", "Ik was daar"),
        ("full", "Volgens het register bewaart u de gegevens 28 dagen.", "De sensor is verwijderd"),
    ],
)
def test_letter_is_in_the_tense_of_its_sensor(
    site: TestClient, ended: dict[str, str], name: str, said: str, false: str
) -> None:
    letter = read_page(site, ended[name], "/brief/inzage")

    assert said in letter
    assert false not in letter


def test_withdrawn_registration_has_no_page_and_says_why_that_may_be(
    site: TestClient, ended: dict[str, str]
) -> None:
    answer = site.get(f"/s/{ended['withdrawn']}", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "of is de melding ingetrokken" in read_text(answer.text)
