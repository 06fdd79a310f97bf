"""A resident's report in the workplace: forwarded, answered, rejected, noted on, and begun as a registration."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.access.principal import Role
from app.core.database import transaction
from app.organisations.queries import find_organisation
from tests.support.concurrency import read_state
from tests.support.organisations import make_organisation
from tests.support.people import SITE, read_mail
from tests.support.reports import (
    DAM,
    ReportDesk,
    find_report_path,
    open_report_desk,
    read_version,
)

INBOX = "/mijn/meldingen"


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def open_report(browser: TestClient) -> tuple[str, str]:
    """The path of the only report, and the revision that its page has."""
    path = find_report_path(browser.get(INBOX).text)
    return path, read_version(browser.get(path).text)


def test_missing_camera_is_forwarded_registered_and_answered(desk: ReportDesk) -> None:
    secret = desk.report(plek=DAM, soort="missing", thuis="nee", mail="bewoner@example.org", openbaar="ja")
    town, owner = desk.sign_in(desk.municipality), desk.sign_in(desk.company, name="Noor")
    assert "<strong>(1 open)</strong>" in town.get("/mijn").text
    assert INBOX in town.get("/mijn/taken").text
    assert "Er zijn geen meldingen" in owner.get(INBOX).text
    path, version = open_report(town)
    assert owner.get(path).status_code == 404
    forwarded = town.post(f"{path}/doorsturen", data={"organisatie": "camerabedrijf bv", "versie": version})
    assert forwarded.headers["location"] == f"{path}?gedaan=doorgestuurd"
    page = town.get(forwarded.headers["location"]).text
    assert "doorgestuurd naar Camerabedrijf BV" in page
    assert "De melding is doorgestuurd. Er gaat een mail naar de organisatie." in page
    kind, receiver, body = read_mail(desk.client)[-1]
    assert (kind, receiver) == ("report_forwarded", "info@camerabedrijf.example")
    assert f"{SITE}{path}" in body
    # A forwarded report waits for its owner, and no longer for the municipality.
    assert "(1 open)" not in town.get("/mijn").text
    assert "(1 open)" in owner.get("/mijn").text
    path, version = open_report(owner)
    begun = owner.post(f"{path}/registreren")
    draft = begun.headers["location"].rpartition("/")[0]
    assert 'value="52.3731, 4.89321"' in owner.get(f"{draft}/waar").text
    answer = {
        "antwoord": "Beste melder,\nDe camera staat nu in het register.",
        "versie": version,
        "openbaar": "ja",
        "vraag": "Waarom hangt hier een camera?",
        "openbaar-antwoord": "Hij telt voorbijgangers.",
        "nummer": desk.camera,
    }
    assert owner.post(f"{path}/beantwoorden", data=answer).headers["location"] == f"{path}?gedaan=beantwoord"
    kind, receiver, body = read_mail(desk.client)[-1]
    assert (kind, receiver) == ("report_answered", "bewoner@example.org")
    assert "De camera staat nu in het register." in body
    resident = desk.open_browser()
    status = resident.get(f"/melding?sleutel={secret}").text
    assert "De camera staat nu in het register." in status
    assert "Camerabedrijf BV" in status
    page = resident.get(f"/s/{desk.camera}").text
    assert "Waarom hangt hier een camera?" in page
    assert "Hij telt voorbijgangers." in page
    assert "Beste melder" not in page
    assert "aan de overkant" not in page
    assert "Vragen van bewoners" not in resident.get(f"/s/{desk.planned}").text


def test_without_a_mail_server_who_handles_a_report_tells_the_others(fresh_database: str) -> None:
    with open_report_desk(fresh_database, mail_host=None) as desk:
        desk.report()
        town = desk.sign_in(desk.municipality)
        path, version = open_report(town)
        assert "Laat het deze organisatie zelf weten." in town.get(path).text
        form = {"organisatie": "camerabedrijf bv", "versie": version}
        forwarded = town.post(f"{path}/doorsturen", data=form)
        page = town.get(forwarded.headers["location"]).text
    assert "De melding is doorgestuurd. Dit register verstuurt geen mail." in page
    assert "Laat het de organisatie zelf weten." in page


def test_answer_is_published_only_where_the_reporter_wants_that(desk: ReportDesk) -> None:
    desk.report()
    town = desk.sign_in(desk.municipality)
    path, version = open_report(town)
    assert 'name="openbaar"' not in town.get(path).text
    answer = {
        "antwoord": "Dank",
        "versie": version,
        "openbaar": "ja",
        "vraag": "Wat?",
        "openbaar-antwoord": "Zo.",
    }
    refused = town.post(f"{path}/beantwoorden", data=answer)
    assert refused.status_code == 422
    assert "de melder wil dat niet" in refused.text
    assert "Vragen van bewoners" not in desk.open_browser().get(f"/s/{desk.camera}").text


def test_published_answer_is_taken_back(desk: ReportDesk) -> None:
    desk.report(openbaar="ja", soort="question")
    town = desk.sign_in(desk.municipality)
    path, version = open_report(town)
    answer = {"antwoord": "Ja", "openbaar": "ja", "vraag": "Filmt hij mij?", "openbaar-antwoord": "Nee."}
    assert town.post(f"{path}/beantwoorden", data=answer | {"versie": version}).status_code == 303
    resident = desk.open_browser()
    assert "Filmt hij mij?" in resident.get(f"/s/{desk.camera}").text
    others = desk.sign_in(desk.company, name="Noor")
    assert others.post(f"{path}/intrekken").status_code == 404
    for _ in range(2):
        assert town.post(f"{path}/intrekken").headers["location"] == f"{path}?gedaan=ingetrokken"
    assert "Filmt hij mij?" not in resident.get(f"/s/{desk.camera}").text
    page = town.get(f"{path}?gedaan=ingetrokken").text
    assert "niet meer op de pagina" in page
    assert f"{path}/intrekken" not in page


def test_no_one_writes_on_the_page_of_a_sensor_of_others(desk: ReportDesk) -> None:
    desk.report(plek=DAM, soort="missing", thuis="nee", openbaar="ja")
    with transaction(read_state(desk.client).write_engine) as session:
        make_organisation(session, name="Ander Bedrijf BV")
        other = find_organisation(session, "Ander Bedrijf BV")
    assert other is not None
    town, rival = desk.sign_in(desk.municipality), desk.sign_in(other, name="Noor")
    path, version = open_report(town)
    town.post(f"{path}/doorsturen", data={"organisatie": "Ander Bedrijf BV", "versie": version})
    answer = {"antwoord": "Ja", "openbaar": "ja", "vraag": "Deugt dit?", "openbaar-antwoord": "Nee."}
    answer |= {"nummer": desk.camera, "versie": read_version(rival.get(path).text)}
    refused = rival.post(f"{path}/beantwoorden", data=answer)
    assert refused.status_code == 422
    assert '<a href="#nummer">' in refused.text
    assert "Deugt dit?" not in desk.open_browser().get(f"/s/{desk.camera}").text
    assert town.post(f"{path}/beantwoorden", data=answer).status_code == 303
    assert "Deugt dit?" in desk.open_browser().get(f"/s/{desk.camera}").text


def test_form_without_a_version_is_not_taken(desk: ReportDesk) -> None:
    desk.report()
    town = desk.sign_in(desk.municipality)
    path, _ = open_report(town)
    refused = town.post(f"{path}/afwijzen", data={"reden": "Dubbel."})
    assert refused.status_code == 409
    assert "niet zoals uw pagina hem had" in refused.text


def test_report_is_rejected_with_a_reason(desk: ReportDesk) -> None:
    secret = desk.report(mail="bewoner@example.org")
    town = desk.sign_in(desk.municipality, "reviewer")
    path, version = open_report(town)
    empty = town.post(f"{path}/afwijzen", data={"reden": " ", "versie": version})
    assert empty.status_code == 422
    assert '<a href="#reden">' in empty.text
    assert (
        town.post(
            f"{path}/afwijzen", data={"reden": "Dit gaat over een ander.", "versie": version}
        ).status_code
        == 303
    )
    kind, _, body = read_mail(desk.client)[-1]
    assert kind == "report_answered"
    assert "Dit is de reden:\n\nDit gaat over een ander." in body
    assert "Dit gaat over een ander." in desk.open_browser().get(f"/melding?sleutel={secret}").text
    assert "/afwijzen" not in town.get(path).text


def test_second_of_two_reads_who_decided(desk: ReportDesk) -> None:
    desk.report()
    first, second = desk.sign_in(desk.municipality), desk.sign_in(desk.municipality, name="Noor")
    path, version = open_report(first)
    assert (
        first.post(f"{path}/beantwoorden", data={"antwoord": "Dank u.", "versie": version}).status_code == 303
    )
    for action, form in (
        ("beantwoorden", {"antwoord": "Toch niet."}),
        ("afwijzen", {"reden": "Dubbel."}),
        ("doorsturen", {"organisatie": "Camerabedrijf BV"}),
    ):
        late = second.post(f"{path}/{action}", data=form | {"versie": version})
        assert late.status_code == 409, action
        assert "al afgehandeld door Gemeente Amsterdam" in late.text
    assert "Dank u." in second.get(path).text


def test_answer_to_a_report_that_was_forwarded_meanwhile_is_refused(desk: ReportDesk) -> None:
    desk.report()
    first, second = desk.sign_in(desk.municipality), desk.sign_in(desk.municipality, name="Noor")
    path, version = open_report(first)
    assert (
        first.post(
            f"{path}/doorsturen", data={"organisatie": "Camerabedrijf BV", "versie": version}
        ).status_code
        == 303
    )
    late = second.post(f"{path}/beantwoorden", data={"antwoord": "Dank u.", "versie": version})
    assert late.status_code == 409
    assert "doorgestuurd naar Camerabedrijf BV" in late.text


def test_municipality_forwards_to_itself_only_what_it_takes_back(desk: ReportDesk) -> None:
    desk.report()
    town = desk.sign_in(desk.municipality)
    path, version = open_report(town)
    to_itself = {"organisatie": str(desk.municipality)}
    refused = town.post(f"{path}/doorsturen", data=to_itself | {"versie": version})
    assert refused.status_code == 422
    assert "Dat is uw eigen organisatie." in refused.text
    town.post(f"{path}/doorsturen", data={"organisatie": str(desk.company), "versie": version})
    version = read_version(town.get(path).text)
    assert town.post(f"{path}/doorsturen", data=to_itself | {"versie": version}).status_code == 303


def test_owner_does_not_forward(desk: ReportDesk) -> None:
    desk.report()
    town, owner = desk.sign_in(desk.municipality), desk.sign_in(desk.company, name="Noor")
    path, version = open_report(town)
    town.post(f"{path}/doorsturen", data={"organisatie": str(desk.company), "versie": version})
    page = owner.get(path).text
    assert "/doorsturen" not in page
    answer = owner.post(f"{path}/doorsturen", data={"organisatie": str(desk.municipality), "versie": "2"})
    assert answer.status_code == 403


def test_notes_stay_within_the_organisation(desk: ReportDesk) -> None:
    secret = desk.report()
    town, owner = desk.sign_in(desk.municipality), desk.sign_in(desk.company, name="Noor")
    path, version = open_report(town)
    assert town.post(f"{path}/notitie", data={"notitie": ""}).status_code == 422
    assert town.post(f"{path}/notitie", data={"notitie": "Bel de beheerder"}).status_code == 303
    town.post(f"{path}/doorsturen", data={"organisatie": "Camerabedrijf BV", "versie": version})
    assert "Bel de beheerder" in town.get(path).text
    assert "Bel de beheerder" not in owner.get(path).text
    assert "Bel de beheerder" not in desk.open_browser().get(f"/melding?sleutel={secret}").text


@pytest.mark.parametrize(("path", "status"), [("onzin", 404), ("00000000-0000-0000-0000-000000000000", 404)])
def test_unknown_report_is_not_found(desk: ReportDesk, path: str, status: int) -> None:
    town = desk.sign_in(desk.municipality)
    assert town.get(f"{INBOX}/{path}").status_code == status
    assert town.post(f"{INBOX}/{path}/notitie", data={"notitie": "x"}).status_code == status


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_others_of_the_municipality_see_no_reports(desk: ReportDesk, role: Role) -> None:
    desk.report()
    browser = desk.sign_in(desk.municipality, role)
    assert browser.get(INBOX).status_code == 403
    assert not re.search(INBOX, browser.get("/mijn").text)


def test_unknown_organisation_and_sensor_are_named_at_their_field(desk: ReportDesk) -> None:
    desk.report(openbaar="ja")
    town = desk.sign_in(desk.municipality)
    path, version = open_report(town)
    unknown = town.post(f"{path}/doorsturen", data={"organisatie": "Niemand", "versie": version})
    assert unknown.status_code == 422
    assert '<a href="#organisatie">' in unknown.text
    assert 'value="Niemand"' in unknown.text
    part = town.post(f"{path}/doorsturen", data={"organisatie": "camera", "versie": version})
    assert part.status_code == 422
    assert "Bedoelt u een van deze? Camerabedrijf BV" in part.text
    answer = {"antwoord": "Ja", "openbaar": "ja", "vraag": "V", "openbaar-antwoord": "A", "nummer": "XX"}
    wrong = town.post(f"{path}/beantwoorden", data=answer | {"versie": version})
    assert wrong.status_code == 422
    assert '<a href="#nummer">' in wrong.text
