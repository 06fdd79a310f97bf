"""A company gets one mail about what a municipality registered for it, and answers by the link or signed in."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.organisations.actions import end_organisation
from app.sensors.registration.behalf_notices import LIFETIME, find_notice, tell_represented
from tests.support.organisations import make_organisation
from tests.support.people import MAIL, find_secret, read_mail
from tests.support.workplace import (
    SITE,
    Workplaces,
    open_session,
    open_workplaces,
    register_one,
)

LINK = "/in-uw-naam"


@pytest.fixture(scope="module")
def places(module_database: str) -> Iterator[Workplaces]:
    with open_workplaces(module_database, **MAIL) as opened:
        officer = opened.sign_in("anna")
        for number in range(7):
            wat = {"reference": f"namens-{number}", "name": "Telpunt", "owner": str(opened.company)}
            register_one(officer, wat=wat)
        register_one(officer)
        yield opened


def tell(places: Workplaces, now: datetime | None = None) -> int:
    with open_session(places.url) as session:
        return tell_represented(session, site=SITE, sends_mail=True, now=now or datetime.now(UTC))


def test_company_is_told_once_objects_and_confirms_later(places: Workplaces) -> None:
    assert [tell(places), tell(places)] == [1, 0]
    ((kind, receiver, body),) = read_mail(places.client)
    assert (kind, receiver.partition("@")[0]) == ("behalf_notice", "info")
    assert "Aantal: 7. Dit zijn de eerste:" in body
    assert body.count("namens-") == 5
    secret = find_secret(body, f"{SITE}{LINK}")
    browser = places.sign_in("voorbijganger").browser
    for _ in range(2):
        page = browser.get(f"{LINK}?sleutel={secret}")
        assert page.status_code == 200
        assert "namens-6" in page.text
        assert "no-store" in page.headers["cache-control"]
    headers = {"Sec-Fetch-Site": "same-origin"}

    def press(answer: str, **fields: str) -> int:
        given = {"sleutel": secret, "antwoord": answer, **fields}
        return browser.post(LINK, data=given, headers=headers).status_code

    assert press("klopt-niet", reden=" ") == 422
    assert press("misschien") == 400
    for _ in range(2):
        assert press("klopt-niet", reden="Nummer 3 is niet van ons.") == 303
    _, (kind, receiver, body) = read_mail(places.client)
    assert (kind, receiver.partition("@")[0]) == ("behalf_objection", "gemeente")
    assert "Nummer 3 is niet van ons." in body
    officer = places.sign_in("bert")
    listed = officer.get("/mijn/namens").text
    assert "Klopt niet:" in listed
    assert "Nummer 3 is niet van ons." in listed
    director = places.sign_in("carla", places.company)
    page = director.get(f"/mijn/namens/{body.partition('/mijn/namens/')[2].split()[0]}")
    assert "Dit klopt" in page.text
    assert "namens-0" in page.text
    path = page.url.path
    assert officer.post(path, antwoord="klopt").status_code == 403
    assert director.post(path, antwoord="klopt").status_code == 303
    assert director.post(path, antwoord="klopt-niet", reden="Toch niet").status_code == 303
    assert "Bevestigd" in officer.get("/mijn/namens").text
    assert "heeft bevestigd" in browser.get(f"{LINK}?sleutel={secret}").text
    assert len(read_mail(places.client)) == 2
    with open_session(places.url) as session:
        other = make_organisation(session, name="Ander bedrijf")
    stranger = places.sign_in("dirk", other)
    assert stranger.get(path).status_code == 404
    with open_session(places.url) as session:
        now = datetime.now(UTC)
        assert find_notice(session, secret, now) is not None
        assert find_notice(session, secret, now + LIFETIME) is None
        assert find_notice(session, "x" * 43, now) is None
        actions = "SELECT count(*) FROM audit.audit_entry WHERE action = 'answer_behalf_notice'"
        assert session.scalar(text(actions)) == 2
        end_organisation(session, places.company, principal_id=None, now=now, reason="Gestopt")
        assert find_notice(session, secret, now) is None
