"""One submission: shown beside what is published, decided about with all that was typed, and the next one after."""

import re
from datetime import UTC, datetime

import pytest

from app.access.actions import grant_role
from app.access.erasure import erase_principal
from app.access.queries import list_principals
from app.duties.actions import trust_organisation
from tests.support.organisations import make_municipality
from tests.support.reviewing import change, decide, save, start_change, submit
from tests.support.workplace import Editor, Workplaces, open_session


def find_problems(page: str) -> list[str]:
    """The fields that the summary of problems links to."""
    return re.findall(r'<li><a href="#([\w-]+)">', page)


def test_new_submission_shows_every_answer_with_a_request_box_at_each(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    page = bram.get(f"/mijn/beoordelen/{code}").text
    assert "Nieuwe registratie: Geluid op de Dam" in page
    for words in ("Weten hoe luid het is.", "Milieu: geluid", "52.37310, 4.89320", "Meetbedrijf BV"):
        assert words in page
    for name in ("purpose", "location", "bgtId", "removedOn"):
        assert f'name="reden-{name}"' in page
    assert "Melden is hier vrijwillig." in page
    receipts = re.findall(r'/mijn/ontvangst/([\w-]+)"', page)
    assert len(receipts) == 1
    assert bram.get(f"/mijn/ontvangst/{receipts[0]}").status_code == 200
    assert "<del>" not in page
    assert "New registration: Geluid op de Dam" in bram.get(f"/en/mijn/beoordelen/{code}").text


def test_published_submission_is_public_and_the_next_one_follows(bram: Editor, carla: Editor) -> None:
    code, following = submit(carla), submit(carla, "geluid-2", "Tweede")
    assert bram.get(f"/s/{code}").status_code == 404
    answer = decide(bram, code, "publiceren")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/mijn/beoordelen/{following}?gedaan=publiceren")
    page = bram.get(answer.headers["location"]).text
    assert f"Inzending {code} is gepubliceerd." in page
    assert bram.get(f"/s/{code}").status_code == 200
    answer = decide(bram, following, "publiceren")
    assert answer.headers["location"].startswith("/mijn/beoordelen?")
    assert f"Inzending {following} is gepubliceerd." in bram.get(answer.headers["location"]).text


def test_explanation_of_a_publication_is_a_comment(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "publiceren", toelichting="Dank u.")
    page = bram.get(f"/mijn/beoordelen/{code}").text
    assert "Dank u." in page
    assert "Gepubliceerd" in page
    assert 'name="besluit"' not in page


def test_erased_colleague_has_no_name_in_either_language(
    workplaces: Workplaces, bram: Editor, carla: Editor
) -> None:
    code, colleague = submit(carla), workplaces.sign_in("noor", role="reviewer")
    decide(bram, code, "reageren", toelichting="Mooi.")
    assert "Bram, Gemeente Amsterdam" in colleague.get(f"/mijn/beoordelen/{code}").text
    with open_session(workplaces.url) as session:
        (gone,) = (one.id for one in list_principals(session) if one.name == "Bram")
        erase_principal(session, erased_by=None, principal_id=gone, now=datetime.now(UTC), reason=None)
    for path in ("beoordelen", "geschiedenis"):
        assert "een vroegere medewerker" in colleague.get(f"/mijn/{path}/{code}").text
        assert "a former member of staff" in colleague.get(f"/en/mijn/{path}/{code}").text


def test_change_is_shown_field_by_field_old_and_new(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "publiceren")
    change(carla, code, "waarom", purpose="Iets anders.", themes=["housing"])
    page = bram.get(f"/mijn/beoordelen/{code}").text
    assert "Wijziging: Geluid op de Dam" in page
    assert "<del>Weten hoe luid het is.</del>" in page
    assert "<ins>Iets anders." in page
    assert len(re.findall("<del>", page)) == 2
    assert "Weten hoe luid het is." in bram.get(f"/s/{code}").text
    decide(bram, code, "publiceren", 3)
    assert "Iets anders." in bram.get(f"/s/{code}").text


def test_moved_sensor_shows_both_places_and_the_distance(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "publiceren")
    change(carla, code, "waar", location="52,3741, 4,8932")
    page = bram.get(f"/mijn/beoordelen/{code}").text
    assert "Verplaatst over 111 meter." in page
    assert page.count("data-map-canvas") == 2


def test_requests_at_fields_reach_the_submitter(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    answer = decide(bram, code, "wijzigingen", **{"reden-purpose": "Waarom hier?", "reden-name": "Te vaag."})
    assert answer.status_code == 303
    draft = start_change(carla, code)
    step = carla.get(f"{draft}/waarom").text
    assert "Waarom hier?" in step
    assert 'name="antwoord-purpose"' in step
    check = carla.get(f"{draft}/controleren").text
    for words in ("Waarom hier?", "Te vaag.", "Verstuur opnieuw"):
        assert words in check


def test_answers_are_sent_along_with_the_changes(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "wijzigingen", toelichting="Algemeen.", **{"reden-purpose": "Waarom hier?"})
    draft = start_change(carla, code)
    save(carla, draft, "waarom", purpose="Drukte.", **{"antwoord-purpose": "Het is hier druk."})
    assert "Het is hier druk." in carla.get(f"{draft}/waarom").text
    answer = carla.post(f"{draft}/controleren", **{"antwoord-registratie": "Alles is nagekeken."})
    assert answer.status_code == 303
    page = bram.get(f"/mijn/beoordelen/{code}").text
    for words in ("Drukte.", "Het is hier druk.", "Alles is nagekeken.", "Waarom hier?", "Algemeen."):
        assert words in page
    since = page.partition('id="since-request"')[2].partition("</section>")[0]
    assert re.findall("<(?:del|ins)>([^<]+)</", since) == ["Weten hoe luid het is.", "Drukte."]
    # It was late when it was sent first, which sending it again does not change.
    assert "Melden is hier vrijwillig." in page
    assert "Te laat gemeld: de sensor staat er vanaf" in page
    assert decide(bram, code, "publiceren", 3).status_code == 303


def test_answer_alone_submits_again(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "wijzigingen", **{"reden-purpose": "Waarom hier?"})
    draft = start_change(carla, code)
    save(carla, draft, "waarom", **{"antwoord-purpose": "Zo is het goed."})
    assert carla.post(f"{draft}/controleren").status_code == 303
    page = bram.get(f"/mijn/beoordelen/{code}").text
    assert "Zo is het goed." in page
    assert "Ingediend" in page
    assert "De indiener heeft de gegevens gelaten zoals zij waren." in page


def test_restored_registration_is_called_so(bram: Editor, carla: Editor) -> None:
    code, other = submit(carla), submit(carla, "geluid-2", "Tweede")
    carla.post(f"/mijn/sensoren/{code}/intrekken", versie="1", reden="Fout")
    assert carla.post(f"/mijn/sensoren/{code}/terugzetten", versie="2", reden="Toch").status_code == 303
    assert "Teruggezette registratie: Geluid op de Dam" in bram.get(f"/mijn/beoordelen/{code}").text
    assert "Nieuwe registratie: Tweede" in bram.get(f"/mijn/beoordelen/{other}").text
    queue = bram.get("/mijn/beoordelen").text
    assert (queue.count(">teruggezet<"), queue.count(">nieuw<br>")) == (1, 1)


def test_answers_stay_when_the_change_is_public_at_once_since_trust_was_given(
    workplaces: Workplaces, bram: Editor, carla: Editor
) -> None:
    code = submit(carla)
    decide(bram, code, "wijzigingen", **{"reden-purpose": "Waarom hier?"})
    draft = start_change(carla, code)
    save(carla, draft, "waarom", purpose="Drukte.", **{"antwoord-purpose": "Het is hier druk."})
    with open_session(workplaces.url) as session:
        trust_organisation(session, None, "GM0363", workplaces.company, now=datetime.now(UTC))
    assert carla.post(f"{draft}/controleren").status_code == 303
    assert "Drukte." in carla.get(f"/s/{code}").text
    for page in (bram.get(f"/mijn/beoordelen/{code}").text, carla.get(f"/mijn/beoordeling/{code}").text):
        assert "Het is hier druk." in page


@pytest.mark.parametrize("decision", ["wijzigingen", "afwijzen", "reageren"])
def test_decision_without_a_reason_keeps_the_page(bram: Editor, carla: Editor, decision: str) -> None:
    code = submit(carla)
    answer = decide(bram, code, decision)
    assert answer.status_code == 422
    assert find_problems(answer.text) == ["toelichting"]


def test_too_long_and_unsent_requests_are_refused_with_all_that_was_typed(
    bram: Editor, carla: Editor
) -> None:
    code = submit(carla)
    typed = {"reden-purpose": "x" * 2001, "reden-name": "Te vaag.", "toelichting": "y" * 2001}
    answer = decide(bram, code, "wijzigingen", **typed)
    assert answer.status_code == 422
    assert set(find_problems(answer.text)) == {"reden-purpose", "toelichting"}
    for text in typed.values():
        assert f">{text}</textarea>" in answer.text
    answer = decide(bram, code, "publiceren", **{"reden-name": "Te vaag."})
    assert answer.status_code == 422
    assert find_problems(answer.text) == ["reden-name"]
    assert decide(bram, code, "weggooien").status_code == 422


def test_rejected_change_leaves_the_published_version(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    decide(bram, code, "publiceren")
    change(carla, code, "waarom", purpose="Iets anders.")
    assert decide(bram, code, "afwijzen", 3, toelichting="Dit klopt niet.").status_code == 303
    assert "Weten hoe luid het is." in bram.get(f"/s/{code}").text
    assert "Dit klopt niet." in bram.get(f"/mijn/beoordelen/{code}").text


def test_second_reviewer_sees_who_decided_and_loses_nothing(
    workplaces: Workplaces, bram: Editor, carla: Editor
) -> None:
    noor = workplaces.sign_in("noor", role="reviewer")
    code = submit(carla)
    decide(bram, code, "publiceren")
    answer = decide(noor, code, "wijzigingen", **{"reden-purpose": "Waarom?", "toelichting": "Let op."})
    assert answer.status_code == 409
    assert "Bram heeft deze registratie al gepubliceerd" in answer.text
    for text in ("Waarom?", "Let op."):
        assert text in answer.text


@pytest.mark.parametrize(
    ("decision", "typed"),
    [("afwijzen", {}), ("wijzigingen", {}), ("reageren", {}), ("publiceren", {"reden-purpose": "Waarom?"})],
)
def test_colleague_was_first_is_said_before_a_fault_of_a_form_that_is_gone(
    workplaces: Workplaces, bram: Editor, carla: Editor, decision: str, typed: dict[str, str]
) -> None:
    noor = workplaces.sign_in("noor", role="reviewer")
    code = submit(carla)
    decide(bram, code, "publiceren")
    answer = decide(noor, code, decision, **typed)
    assert answer.status_code == 409
    assert "Bram heeft deze registratie al gepubliceerd" in answer.text
    assert find_problems(answer.text) == []


def test_reviewer_who_sent_back_reads_that_the_submitter_is_to_act(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    page = bram.get(f"/mijn/beoordelen/{code}").text
    assert 'href="#decide"' in page
    assert 'id="decide"' in page
    decide(bram, code, "wijzigingen", toelichting="Waarom?")
    page = bram.get(f"/mijn/beoordelen/{code}").text
    assert "De indiener is aan zet." in page
    assert "Een andere gemeente beslist" not in page
    assert 'href="#decide"' not in page


def test_decision_about_a_version_that_changed_meanwhile_is_asked_again(bram: Editor, carla: Editor) -> None:
    code = submit(carla)
    change(carla, code, "waarom", purpose="Nieuw doel.")
    answer = decide(bram, code, "afwijzen", 1, toelichting="Dit klopt niet.")
    assert answer.status_code == 409
    assert "intussen aangepast" in answer.text
    assert ">Dit klopt niet.</textarea>" in answer.text
    assert "Nieuw doel." in answer.text
    assert decide(bram, code, "afwijzen", 2, toelichting="Dit klopt niet.").status_code == 303


def test_comment_before_a_refused_publication_is_not_stored(
    workplaces: Workplaces, bram: Editor, carla: Editor
) -> None:
    noor = workplaces.sign_in("noor", role="reviewer")
    code = submit(carla)
    decide(bram, code, "wijzigingen", toelichting="Waarom?")
    assert decide(noor, code, "publiceren", toelichting="Akkoord.").status_code == 409
    assert "Akkoord." not in bram.get(f"/mijn/beoordelen/{code}").text


def test_neighbour_comments_and_does_not_decide(workplaces: Workplaces, bram: Editor, carla: Editor) -> None:
    with open_session(workplaces.url) as session:
        utrecht = make_municipality(session, "GM0344", "Gemeente Utrecht")
    ulla = workplaces.sign_in("ulla", utrecht, "reviewer")
    code = submit(carla, waar={"mobility": "mobile", "location": "", "operatingArea": "Amsterdam; Utrecht"})
    # The municipality with the lowest code decides about a sensor without a location.
    deciding, commenting = ulla, bram
    assert f"/mijn/beoordelen/{code}" in commenting.get("/mijn/beoordelen?deel=comment").text
    page = commenting.get(f"/mijn/beoordelen/{code}").text
    assert 'value="publiceren"' not in page
    assert 'value="reageren"' in page
    assert "Een andere gemeente beslist" in page
    assert "nog 7 dagen" in page
    answer = decide(commenting, code, "reageren", toelichting="Geen bezwaar.")
    assert answer.status_code == 303
    assert f"Uw opmerking staat bij inzending {code}." in commenting.get(answer.headers["location"]).text
    assert "Geen bezwaar." in deciding.get(f"/mijn/beoordelen/{code}").text
    assert decide(commenting, code, "publiceren").status_code == 403


def test_submissions_elsewhere_and_unknown_numbers_are_not_found(
    workplaces: Workplaces, carla: Editor
) -> None:
    with open_session(workplaces.url) as session:
        utrecht = make_municipality(session, "GM0344", "Gemeente Utrecht")
    ulla = workplaces.sign_in("ulla", utrecht, "reviewer")
    code = submit(carla)
    assert ulla.get(f"/mijn/beoordelen/{code}").status_code == 404
    assert ulla.get("/mijn/beoordelen/XXXXXXX").status_code == 404
    assert decide(ulla, code, "publiceren").status_code == 404


def test_own_submission_is_shown_without_a_decision(
    bram: Editor, carla: Editor, workplaces: Workplaces
) -> None:
    code = submit(carla)
    with open_session(workplaces.url) as session:
        (person,) = list_principals(session, "Bram")
        grant_role(
            session,
            granted_by=None,
            principal_id=person.id,
            role="editor",
            organisation_id=workplaces.company,
        )
    bram.post("/mijn/organisatie", organisation=str(workplaces.municipality))
    queue = bram.get("/mijn/beoordelen").text
    assert code in queue
    assert "uw eigen inzending: een ander beslist" in queue
    assert 'name="kies"' not in queue
    page = bram.get(f"/mijn/beoordelen/{code}").text
    assert "Een ander beslist" in page
    assert 'value="publiceren"' not in page
    refused = decide(bram, code, "publiceren")
    assert refused.status_code == 403
    assert "U registreert zelf voor Meetbedrijf BV" in refused.text
    many = bram.post("/mijn/beoordelen/besluiten", besluit="publiceren", kies=code).text
    assert "Er is niets veranderd" in many
    assert "een andere beoordelaar beslist" in many
    assert bram.get(f"/s/{code}").status_code == 404
