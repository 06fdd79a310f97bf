"""The public page that verifies a receipt: genuine or not, and nothing that is not public."""

import re

import pytest

from tests.support.workplace import Editor, Workplaces, register_one

NUMBER = re.compile(r"[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}")


def find_receipt(editor: Editor, code: str) -> tuple[str, str]:
    """Number and digest of the newest receipt of a registration."""
    page = editor.get(f"/mijn/ontvangst/{code}").text
    number, digest = NUMBER.search(page), re.search(r"[0-9a-f]{64}", page)
    assert number
    assert digest
    return number[0], digest[0]


@pytest.fixture
def stranger(workplaces: Workplaces) -> Editor:
    """The browser of someone who is not signed in."""
    return Editor(workplaces.client)


def test_page_asks_for_a_number(stranger: Editor) -> None:
    answer = stranger.get("/ontvangst")
    assert answer.status_code == 200
    assert "echt" in answer.text
    assert 'role="alert"' not in answer.text


def test_receipt_of_a_public_sensor_is_genuine(stranger: Editor, eva: Editor) -> None:
    code = register_one(eva)
    number, digest = find_receipt(eva, code)
    page = stranger.get(f"/ontvangst?nummer={number}&controlegetal={digest}").text
    assert "Dit nummer is echt." in page
    assert f'href="/s/{code}"' in page
    assert "Het controlegetal klopt:" in page
    assert "Het controlegetal klopt niet" in stranger.get(f"/ontvangst?nummer={number}&controlegetal=00").text
    assert "This number is genuine." in stranger.get(f"/en/ontvangst?nummer={number}").text


def test_receipt_of_what_is_not_public_says_only_its_day(workplaces: Workplaces, stranger: Editor) -> None:
    carla = workplaces.sign_in("carla", workplaces.company)
    code = register_one(carla)
    number, digest = find_receipt(carla, code)
    page = stranger.get(f"/ontvangst?nummer={number}").text
    assert "Dit nummer is echt." in page
    assert "is niet openbaar" in page
    for hidden in (code, digest, "Geluid op de Dam", "geluid-1", "Amsterdam"):
        assert hidden not in page


def test_number_that_was_never_given_is_not_ours(stranger: Editor) -> None:
    assert "Dit nummer is niet van ons." in stranger.get("/ontvangst?nummer=2222-2222-2222").text


@pytest.mark.parametrize("typed", ["", "onzin", "2222-2222-2223", "%20"])
def test_number_that_cannot_be_one_is_refused_with_a_sentence(stranger: Editor, typed: str) -> None:
    answer = stranger.get(f"/ontvangst?nummer={typed}")
    assert answer.status_code == 422
    assert 'href="#nummer"' in answer.text
