"""Columns of a list with own headings: guessed, chosen, remembered, and its own words."""

import pytest

from tests.support.import_browser import ImportBrowser, fill_in_columns, make_own_list, read_form


def choose(eva: ImportBrowser, path: str, **more: str) -> dict[str, str]:
    """The form of the columns of `make_own_list`, filled in."""
    page = eva.get(f"{path}/kolommen")
    assert page.status_code == 200, page.text
    return fill_in_columns(page) | more


def test_columns_are_shown_with_examples_and_suggestions(eva: ImportBrowser) -> None:
    path = eva.submit(make_own_list(2))
    page = eva.get(f"{path}/kolommen")
    assert "cellen gescheiden door puntkomma" in page.text
    assert "Overgeslagen: rij 1 (Lijst van beheer)" in page.text
    assert "rij-1 · rij-2" in page.text
    form = read_form(page)
    assert (form["kolom-0"], form["kolom-1"], form["kolom-4"], form["naam"]) == ("reference", "", "", "lijst")
    other = eva.get(f"{path}/kolommen?rij=1")
    assert "Lijst van beheer</label>" in other.text


def test_mapping_is_chosen_once_and_remembered(eva: ImportBrowser) -> None:
    path = eva.submit(make_own_list(3))
    words = eva.post(f"{path}/kolommen", choose(eva, path))
    assert words.headers["location"] == f"{path}/woorden?koppeling=Camera%27s"
    form = read_form(eva.get(words.headers["location"]))
    assert form["eigen.sensorType.0"] == "Dome"
    checked = eva.send(f"{path}/woorden", form | {"woord.sensorType.0": "sound"}).text
    assert "Gelezen met uw koppeling Camera&#39;s: Objectnr is Referentie; Soort is Soort sensor" in checked
    assert "Niet gebruikte kolommen: Wijk" in checked
    assert "Pas alles toe" in checked
    assert "Klaar." in eva.send(f"{path}/toepassen").text
    assert "Er is niets om toe te passen." in eva.get(eva.submit(make_own_list(3))).text


def test_word_without_an_answer_becomes_a_problem(eva: ImportBrowser) -> None:
    path = eva.submit(make_own_list(2))
    location = eva.post(f"{path}/kolommen", choose(eva, path)).headers["location"]
    page = eva.send(f"{path}/woorden", read_form(eva.get(location)) | {"woord.sensorType.0": ""}).text
    assert "Wat u moet verbeteren" in page
    assert "2, 3" not in page
    assert "3, 4" in page


def test_wrong_choices_are_all_named_and_what_was_typed_stays(eva: ImportBrowser) -> None:
    path = eva.submit(make_own_list(2))
    given = choose(
        eva, path, **{"kolom-4": "latitude", "kolom-0": "", "vast-placedFrom": "ooit", "naam": "Mijn lijst"}
    )
    answer = eva.post(f"{path}/kolommen", given)
    assert answer.status_code == 422
    assert answer.text.count('<li><a href="#') == 3
    for field in ("kolom-4", "kolom-0", "vast-placedFrom"):
        assert f'id="problem-{field}"' in answer.text
    assert read_form(answer) == given | {"rij": "2"}


def test_mapping_without_a_name_is_refused(eva: ImportBrowser) -> None:
    path = eva.submit(make_own_list(1))
    answer = eva.post(f"{path}/kolommen", choose(eva, path, naam=" "))
    assert (answer.status_code, 'id="problem-naam"' in answer.text) == (422, True)


def test_mapping_of_an_applied_import_can_no_longer_be_changed(eva: ImportBrowser) -> None:
    path = eva.submit(make_own_list(1))
    given = choose(eva, path)
    location = eva.post(f"{path}/kolommen", given).headers["location"]
    eva.send(f"{path}/woorden", read_form(eva.get(location)) | {"woord.sensorType.0": "sound"})
    eva.send(f"{path}/toepassen")
    assert eva.post(f"{path}/kolommen", given).status_code == 409
    assert eva.get(f"{path}/woorden?koppeling=nergens").status_code == 400


@pytest.mark.parametrize("row", ["001" + "1" * 5000, "0010000000", "0", "-1", "21", "\u00b2"])
def test_row_of_headings_that_cannot_be_is_left_open(eva: ImportBrowser, row: str) -> None:
    path = eva.submit(make_own_list(2))
    given = choose(eva, path)
    answer = eva.post(f"{path}/kolommen", given | {"rij": row, "kolom-0": ""})
    assert answer.status_code == 422
    assert read_form(answer)["rij"] == "2"
