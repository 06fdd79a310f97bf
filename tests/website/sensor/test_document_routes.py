"""The label and the letters of a sensor, as pages and as PDF."""

import io
import re
from html import unescape

import pikepdf
import pytest
from fastapi.testclient import TestClient

from tests.support.website import read_text

LETTERS = ("inzage", "bezwaar", "klacht")


def read_pdf(site: TestClient, address: str) -> pikepdf.Pdf:
    answer = site.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert "public" in answer.headers["cache-control"]
    return pikepdf.open(io.BytesIO(answer.content))


@pytest.mark.parametrize(
    ("prefix", "heading", "kind", "owner"),
    [
        ("", "Hier is een sensor", "Telcamera voor mensen", "Van: Gemeente Amsterdam"),
        ("/en", "There is a sensor here", "People counting camera", "Owner: Gemeente Amsterdam"),
    ],
)
def test_label_has_kind_owner_number_and_address(  # noqa: PLR0917 - two fixtures and a case
    site: TestClient, unusual: dict[str, str], prefix: str, heading: str, kind: str, owner: str
) -> None:
    code = unusual["full"]
    page = site.get(f"{prefix}/s/{code}/sticker").text
    label = page[page.index('class="label"') :].partition("</article>")[0]

    text = read_text(label)
    for words in (heading, kind, owner, code, f"127.0.0.1:8000{prefix}/s/{code}"):
        assert words in text
    assert f"http://127.0.0.1:8000{prefix}/s/{code}" not in text


def test_label_as_pdf_is_one_accessible_page_of_a6(site: TestClient, unusual: dict[str, str]) -> None:
    with read_pdf(site, f"/s/{unusual['full']}/sticker.pdf") as pdf:
        assert len(pdf.pages) == 1
        width, height = (float(size) * 25.4 / 72 for size in pdf.pages[0].MediaBox[2:])
        assert (width, height) == pytest.approx((105, 148), abs=0.1)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == f"Sticker van sensor {unusual['full']}"


def test_removed_sensor_has_no_label(site: TestClient, unusual: dict[str, str]) -> None:
    code = unusual["removed"]

    assert "Er is geen sticker meer voor." in read_text(site.get(f"/s/{code}/sticker").text)
    answer = site.get(f"/s/{code}/sticker.pdf")
    assert answer.status_code == 404
    assert "Er is geen sticker meer voor." in answer.json()["detail"]


def test_label_of_a_private_owner_has_no_name(site: TestClient, unusual: dict[str, str]) -> None:
    text = read_text(site.get(f"/s/{unusual['private']}/sticker").text)

    assert "Van: Particulier (naam niet openbaar)" in text
    assert "Jansen" not in text


@pytest.mark.parametrize(
    ("kind", "to", "articles"),
    [
        ("inzage", "Gemeente Amsterdam", ("AVG, artikel 15", "AVG, artikel 12, lid 3", "28 dagen")),
        ("bezwaar", "Gemeente Amsterdam", ("AVG, artikel 21, lid 1", "artikel 18, lid 1, onder d", "een maand")),
        ("klacht", "Postbus 93374", ("AVG, artikel 77", "AVG, artikel 78, lid 2", "AVG, artikel 12, lid 3")),
    ],
)  # fmt: skip
def test_letter_names_the_sensor_the_controller_and_the_law(
    site: TestClient, unusual: dict[str, str], kind: str, to: str, articles: tuple[str, ...]
) -> None:
    code = unusual["full"]
    page = site.get(f"/s/{code}/brief/{kind}").text
    letter = read_text(page[page.index('id="letter"') :].partition("</article>")[0])

    assert f"sensor {code}: Telcamera voor mensen" in letter
    assert "De plek: Aan de gevel van het paleis, 1012 JS 1, Amsterdam." in letter
    assert "beslist Gemeente Amsterdam over de gegevens van deze sensor" in letter
    for words in (to, *articles):
        assert words in letter
    assert f"/s/{code}/brief/{kind}.pdf" in page


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_letter_as_pdf_is_one_accessible_page_of_a4(
    site: TestClient, unusual: dict[str, str], kind: str, prefix: str
) -> None:
    with read_pdf(site, f"{prefix}/s/{unusual['full']}/brief/{kind}.pdf") as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.Root.Lang) == "nl"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_letters_can_be_chosen(site: TestClient, unusual: dict[str, str]) -> None:
    page = site.get(f"/s/{unusual['full']}/brief").text

    assert re.findall(r'href="/s/\w+/brief/(\w+)"', page) == list(LETTERS)
    assert 'id="letter"' not in page


def test_unknown_letter_is_refused_with_the_letters_to_choose_from(
    site: TestClient, unusual: dict[str, str]
) -> None:
    answer = site.get(f"/s/{unusual['full']}/brief/liefde")

    assert answer.status_code == 404
    assert "Deze soort brief is er niet." in answer.text
    assert re.findall(r'href="/s/\w+/brief/(\w+)"', answer.text) == list(LETTERS)
    assert site.get(f"/s/{unusual['full']}/brief/liefde.pdf").status_code == 404


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_former_address_of_a_letter_leads_to_its_own(
    site: TestClient, unusual: dict[str, str], kind: str, prefix: str
) -> None:
    code = unusual["full"]
    answer = site.get(f"{prefix}/s/{code}/brief?soort={kind}", follow_redirects=False)

    assert answer.status_code == 301
    assert answer.headers["location"] == f"{prefix}/s/{code}/brief/{kind}"


def test_english_page_has_the_dutch_letter_with_an_explanation(
    site: TestClient, unusual: dict[str, str]
) -> None:
    page = site.get(f"/en/s/{unusual['full']}/brief/bezwaar").text
    before, _, letter = page.partition('id="letter" lang="nl"')

    assert "The letter is in Dutch" in before
    assert "Object: You ask to stop the use of your data (GDPR, article 21)." in read_text(before)
    assert "Ik maak bezwaar tegen het verwerken van mijn persoonsgegevens" in letter
    assert "I object" not in page


@pytest.mark.parametrize(
    ("sensor", "reason"),
    [
        ("plain", "Volgens de eigenaar verwerkt deze sensor geen persoonsgegevens."),
        ("planned camera", "Deze sensor is er nog niet: volgens de eigenaar komt hij er op"),
    ],
)
@pytest.mark.parametrize("kind", LETTERS)
def test_letter_that_may_have_no_effect_comes_with_a_remark(
    site: TestClient, unusual: dict[str, str], sensor: str, reason: str, kind: str
) -> None:
    answer = site.get(f"/s/{unusual[sensor]}/brief/{kind}")

    assert answer.status_code == 200
    assert reason in read_text(answer.text)
    assert 'id="letter"' in answer.text
    assert site.get(f"/s/{unusual[sensor]}/brief/{kind}.pdf").status_code == 200


def test_objection_on_other_grounds_than_those_of_article_21_comes_with_a_remark(
    site: TestClient, unusual: dict[str, str]
) -> None:
    code = unusual["consent camera"]
    text = read_text(site.get(f"/s/{code}/brief/bezwaar").text)

    assert "Deze eigenaar noemt een andere grondslag: toestemming betrokkene(n)." in text
    assert "Dan kunt u die altijd intrekken (AVG, artikel 7, lid 3)." in text
    assert site.get(f"/s/{code}/brief/bezwaar.pdf").status_code == 200
    assert site.get(f"/s/{code}/brief/inzage.pdf").status_code == 200


def test_letter_about_a_removed_sensor_says_that_it_is_gone(
    site: TestClient, unusual: dict[str, str]
) -> None:
    text = read_text(site.get(f"/s/{unusual['removed camera']}/brief/inzage").text)

    assert "De sensor is verwijderd. Volgens het sensorregister besliste Gemeente Amsterdam" in text


@pytest.mark.parametrize("document", ["sticker", "sticker.pdf", "brief", "brief/inzage", "brief/inzage.pdf"])
def test_unknown_number_is_not_found(site: TestClient, unusual: dict[str, str], document: str) -> None:
    for code in ("2222222", "ONZIN", unusual["internal"]):
        assert site.get(f"/s/{code}/{document}").status_code == 404


def test_documents_are_not_wider_than_what_is_public(site: TestClient, unusual: dict[str, str]) -> None:
    code = unusual["generalised camera"]
    page = unescape(site.get(f"/s/{code}/brief/inzage").text)

    assert "Ergens in een vak van 250 bij 250 meter, Amsterdam" in page
    assert "gevel van het paleis" not in page
