"""The page of one sensor: card, place, status, near by, and the fields behind it."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.core.formatting import format_date
from app.core.i18n import Language
from app.sensors.fields import FIELDS, FieldKind
from app.sensors.presentation import label_property
from app.website.sensor.card import ROWS
from app.website.sensor.sections import SHOWN_ABOVE
from tests.support.website import FULL, read_text

NO_VALUE = {"sensorTypeOther", "operatingArea", "removedOn", "visibilityReason"}
"""The full sensor has no value for these: they would contradict the others."""


def read_page(site: TestClient, code: str, prefix: str = "") -> str:
    answer = site.get(f"{prefix}/s/{code}")
    assert answer.status_code == 200
    return answer.text


def read_rows(page: str) -> dict[str, str]:
    """The answers of the card by the name of their row, as text."""
    card = page[page.index('class="privacy-card"') :].partition("</section>")[0]
    rows = re.findall(r'data-row="(\w+)">\s*<dt>.*?</dt>(.*?)</div>', card, re.DOTALL)
    return {name: read_text(answers).strip() for name, answers in rows}


@pytest.mark.parametrize("kind", ["full", "plain", "mobile", "generalised", "removed", "private"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_card_has_the_same_eight_rows_for_every_sensor(
    site: TestClient, unusual: dict[str, str], kind: str, prefix: str
) -> None:
    page = read_page(site, unusual[kind], prefix)

    labels = [read_text(label).strip() for label in re.findall(r"<dt>(<svg.*?)</dt>", page, re.DOTALL)]
    assert labels == [label.render("en" if prefix else "nl") for _, _, label in ROWS]


def test_card_answers_each_question_of_a_camera(site: TestClient, unusual: dict[str, str]) -> None:
    rows = read_rows(read_page(site, unusual["full"]))

    assert rows["senses"] == (
        "Beelden van het plein Kijkt naar het zuidwesten, tot 60 meter ver (zie de kaart) "
        "Volgens de eigenaar verwerkt deze sensor persoonsgegevens. Met deze gegevens kan iemand herkend worden. "
        "AI: Tellen AI telt mensen, voertuigen of dingen, en houdt ze niet uit elkaar. "
        "Mensen worden op de AI gewezen Lees waar de AI is geregistreerd"
    )
    assert rows["allowed"] == (
        "Het is nodig voor een taak van algemeen belang of openbaar gezag. "
        "Publieke taak (AVG, artikel 6, lid 1, onder e). Gemeentewet art. 151c "
        "Besluit van Burgemeester van Amsterdam, van 12 mei 2025, geldt tot en met 12 mei 2030, kenmerk Z-2025-7"
    )
    assert rows["purpose"] == "Handhaven van de openbare orde."
    assert rows["kept"] == "28 dagen De gegevens worden na een vaste tijd gewist."
    assert rows["access"] == "Alleen de beheerder"
    assert rows["stored"] == "Datacentrum in Nederland Buiten de Europese Economische Ruimte: Nee"
    assert rows["assessment"] == (
        "Gedaan De DPIA is klaar. Datum: 3 november 2025 Kenmerk: DPIA-7 Lees de privacytoets"
    )
    assert rows["contact"] == (
        "Gemeente Amsterdam gemeente@sensoren-in-de-openbare-ruimte.amsterdam.example.org "
        "Lees de privacyverklaring"
    )


def test_card_links_the_law(site: TestClient, unusual: dict[str, str]) -> None:
    page = read_page(site, unusual["full"])

    assert re.search(
        r'<a href="https://wetten.overheid.nl/BWBR0005416" rel="nofollow">Gemeentewet art. 151c</a>', page
    )


def test_card_says_which_rows_the_owner_left_empty(site: TestClient, unusual: dict[str, str]) -> None:
    rows = read_rows(read_page(site, unusual["plain"]))
    english = read_rows(read_page(site, unusual["plain"], "/en"))

    for name in ("kept", "access", "stored"):
        assert rows[name] == "nog niet ingevuld"
        assert english[name] == "not filled in yet"
    not_needed = "Niet nodig: volgens de eigenaar zijn er geen persoonsgegevens."
    assert rows["allowed"] == rows["assessment"] == not_needed


@pytest.mark.parametrize(
    ("kind", "heading", "sentence", "view"),
    [
        ("full", "Zo is het, volgens de eigenaar", "verwerkt deze sensor persoonsgegevens", "Kijkt naar"),
        (
            "planned camera",
            "Zo wordt het, volgens de eigenaar",
            "gaat deze sensor persoonsgegevens verwerken",
            "Gaat kijken naar",
        ),
        (
            "removed camera",
            "Zo was het, volgens de eigenaar",
            "verwerkte deze sensor persoonsgegevens",
            "Keek naar",
        ),
    ],
)
def test_card_speaks_of_past_present_or_future(  # noqa: PLR0917 - two fixtures and a case
    site: TestClient, unusual: dict[str, str], kind: str, heading: str, sentence: str, view: str
) -> None:
    page = read_page(site, unusual[kind])
    senses = read_rows(page)["senses"]

    assert heading in read_text(page)
    assert f"Volgens de eigenaar {sentence}." in senses
    assert f"{view} het zuidwesten, tot 60 meter ver" in senses


def test_private_owner_has_no_name_and_can_be_reached(site: TestClient, unusual: dict[str, str]) -> None:
    page = read_page(site, unusual["private"])

    assert "Jansen" not in page
    assert read_rows(page)["contact"] == "Particulier (naam niet openbaar) info@sensor.example.org"


def test_owner_text_on_an_english_page_is_marked_as_dutch(site: TestClient, unusual: dict[str, str]) -> None:
    assert '<span lang="nl">Handhaven van de openbare orde.</span>' in read_page(site, unusual["full"], "/en")
    assert 'lang="nl">Handhaven' not in read_page(site, unusual["full"])


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("full", "Aan de gevel van het paleis, 1012 JS 1, Amsterdam"),
        ("plain", "Amsterdam"),
        ("generalised", "Ergens in een vak van 250 bij 250 meter, Amsterdam"),
        ("generalised camera", "Ergens in een vak van 250 bij 250 meter, Amsterdam"),
        ("mobile", "Mobiel, in Amsterdam"),
        ("generalised mobile", "Mobiel, in Amsterdam"),
    ],
)
def test_place_is_as_exact_as_it_is_public(
    site: TestClient, unusual: dict[str, str], kind: str, place: str
) -> None:
    page = read_page(site, unusual[kind])

    head = page[page.index('class="plain-list sensor-head__facts"') :].partition("</ul>")[0]
    lines = [read_text(line).strip() for line in head.split("<li>")]
    assert place in lines


@pytest.mark.parametrize("kind", ["generalised", "generalised camera", "generalised mobile"])
def test_generalised_sensor_has_no_coordinates_no_address_and_no_distance(
    site: TestClient, unusual: dict[str, str], kind: str
) -> None:
    page = read_page(site, unusual[kind])
    text = read_text(page)

    assert "52.373" not in page
    assert 'data-field="location"' not in page
    assert "1012 JS" not in page
    assert "gevel van het paleis" not in page
    assert not re.search(r"op \d+ meter", text)
    assert "drawing__sensor" not in page
    assert "De precieze plek is met opzet niet openbaar." in text
    assert "Andere sensoren in de gemeente Amsterdam" in text


def test_generalised_sensor_is_drawn_as_its_square(site: TestClient, unusual: dict[str, str]) -> None:
    page = read_page(site, unusual["generalised"])

    assert "Het vak waarin de sensor staat, van boven gezien." in page
    # The scale of a square of 250 metres.
    assert "> 50 m<" in page.replace(">50 m<", "> 50 m<")
    assert "Het vak waarin" not in read_page(site, unusual["generalised mobile"])


def test_mobile_sensor_has_an_area_and_no_spot(site: TestClient, unusual: dict[str, str]) -> None:
    page = read_page(site, unusual["mobile"])

    assert 'data-field="operatingArea"' in page
    assert 'data-field="location"' not in page
    assert "drawing__area" in page
    assert "drawing__sensor" not in page
    assert "Waar hij op dit moment is, staat niet in het register." in read_text(page)
    assert "Sensoren in hetzelfde gebied" in read_text(page)
    assert not re.search(r"op \d+ meter", read_text(page))


def test_mobile_sensor_has_a_range_and_no_direction(site: TestClient, unusual: dict[str, str]) -> None:
    senses = read_rows(read_page(site, unusual["mobile camera"]))["senses"]

    assert "Kijkt tot 60 meter ver" in senses
    assert "zuidwesten" not in senses


def test_neighbours_of_an_exact_place_have_a_distance_and_leave_out_the_sensor_itself(
    site: TestClient, unusual: dict[str, str]
) -> None:
    page = read_page(site, unusual["plain"])
    around = page[page.index('id="neighbours"') :]

    assert "Sensoren in de buurt" in read_text(around)
    assert "op 0 meter" in read_text(around)
    assert f'href="/s/{unusual["plain"]}"' not in around.partition("</section>")[0]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_page_has_every_public_field_once(
    site: TestClient, unusual: dict[str, str], language: Language
) -> None:
    page = read_page(site, unusual["full"], "/en" if language == "en" else "")
    text = read_text(page)

    for field in FIELDS:
        times = page.count(f'data-field="{field.name}"')
        if field.name in SHOWN_ABOVE:
            assert times == 0, field.name
        else:
            assert times == (field.name not in NO_VALUE), field.name
            assert label_property(field.name, field.label, language) in text, field.name
    labels = [read_text(label).strip() for label in re.findall(r"<dt>(.*?)</dt>", page, re.DOTALL)]
    assert len(labels) == len(set(labels))


def test_page_shows_what_was_given(site: TestClient, unusual: dict[str, str]) -> None:
    page = read_page(site, unusual["full"])
    text = read_text(page)

    for name, value in FULL.items():
        if isinstance(value, str) and name not in ("sensorSubtype", "summary", "visibility"):
            field = next(field for field in FIELDS if field.name == name)
            shown = format_date(value, "nl") if field.kind is FieldKind.DATE else value
            assert shown in text or shown in page or field.vocabulary, name
    assert "<b>Geen</b>" not in page
    assert "<b>Geen</b> beelden bewaard & niets herkend." in unescape(page)
    assert "4,5 meter" in text


def test_page_has_no_codes(site: TestClient, unusual: dict[str, str]) -> None:
    text = read_text(read_page(site, unusual["full"]))

    assert "GM0363" not in text
    for code in ("optical_camera", "people_counting", "public_task", "gdprBases"):
        assert code not in text


def test_terms_have_their_definition_behind_them(site: TestClient, unusual: dict[str, str]) -> None:
    page = read_page(site, unusual["full"])

    assert re.search(
        r"<summary>Telcamera voor mensen</summary>\s*"
        r"<p>Een camera die telt hoeveel mensen er lopen of fietsen.</p>",
        page,
    )
    assert re.search(r"<summary>Gevel</summary>\s*<p>Aan de buitenkant van een gebouw.</p>", page)


@pytest.mark.parametrize(
    ("kind", "nl", "en"),
    [
        (
            "plain",
            "Volgens de eigenaar is deze sensor in gebruik.",
            "According to its owner this sensor is in use.",
        ),
        ("planned", "Deze sensor is er nog niet.", "This sensor is not there yet."),
        ("expired", "Deze sensor had al weg moeten zijn.", "This sensor should have been removed by now."),
        ("due", "niet bevestigd", "has not confirmed this since"),
        (
            "removed",
            "Volgens de eigenaar is deze sensor verwijderd.",
            "According to its owner this sensor has been removed.",
        ),
    ],
)
def test_page_says_whether_the_sensor_is_there(
    site: TestClient, unusual: dict[str, str], kind: str, nl: str, en: str
) -> None:
    assert nl in read_text(read_page(site, unusual[kind]))
    assert en in read_text(read_page(site, unusual[kind], "/en"))


def test_field_of_view_is_drawn(site: TestClient, unusual: dict[str, str]) -> None:
    assert "drawing__area" in read_page(site, unusual["full"])
    assert "drawing__area" not in read_page(site, unusual["plain"])


def test_mistakes_go_to_the_owner_and_the_municipality(site: TestClient, unusual: dict[str, str]) -> None:
    page = read_page(site, unusual["represented"])

    subject = (
        f"?subject=Sensor%20{unusual['represented']}%20in%20het%20sensorregister%3A%20dit%20klopt%20niet"
    )
    assert f'href="mailto:info@example.org{subject}"' in page
    assert f'href="mailto:gemeente@sensoren-in-de-openbare-ruimte.amsterdam.example.org{subject}"' in page


def test_sensor_that_was_entered_for_another_says_so(site: TestClient, unusual: dict[str, str]) -> None:
    assert "Ingevoerd namens Meetbedrijf BV" in read_text(read_page(site, unusual["represented"]))


def test_history_tells_the_beginning_and_the_end(site: TestClient, unusual: dict[str, str]) -> None:
    text = read_text(read_page(site, unusual["removed"]))

    assert "Voor het eerst in het register." in text
    assert "Volgens de eigenaar is de sensor verwijderd op" in text
