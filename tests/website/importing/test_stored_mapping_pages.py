"""Stored mappings: listed and deleted by the pages, by the API and on the command line."""

from uuid import UUID

import pytest
from typer.testing import CliRunner

from app.cli.imports.list_imports import import_commands
from app.core.database import transaction
from app.core.settings import Settings
from app.imports.mapping_storage import list_saved, store_mapping
from app.organisations.queries import choose_organisation
from app.records.layouts import HeadingMapping, parse_mapping_file
from tests.support.import_browser import ImportBrowser
from tests.support.organisations import make_key, make_organisation

API = "/v1/imports/mappings"
PAGES = "/mijn/importeren/koppelingen"
COLUMNS = {"Objectnr": ("reference",), "Soort": ("sensorType",), "Wijk": ()}


def store(eva: ImportBrowser, name: str) -> tuple[UUID, UUID]:
    """The owner of a new mapping, and its id."""
    mapping = HeadingMapping(COLUMNS, {"mobility": "fixed"}, {"sensorType": {"dome": "sound"}}, name=name)
    with transaction(eva.imports.engine) as session:
        owner = choose_organisation(session, "GM0363")
        store_mapping(session, owner, mapping)
        return owner, next(one.id for one in list_saved(session, [owner]) if one.name == name)


def test_pages_show_and_delete_a_mapping(eva: ImportBrowser) -> None:
    _, mapping_id = store(eva, "Palen & masten")
    assert f'{PAGES}"' in eva.get("/mijn/importeren").text
    assert "Palen &amp; masten" in eva.get(PAGES).text
    page = eva.get(f"{PAGES}/{mapping_id}").text
    for shown in ("Objectnr", "Referentie", "wordt niet overgenomen", "dome", "Geluidsensor", "Vast<"):
        assert shown in page
    assert "fixed" not in page
    deleted = eva.post(f"{PAGES}/{mapping_id}/verwijderen")
    assert deleted.headers["location"] == f"{PAGES}?gedaan=verwijderd"
    assert "Palen" not in eva.get(f"{PAGES}?gedaan=verwijderd").text
    assert eva.get(f"{PAGES}/{mapping_id}").status_code == 404
    assert eva.get(f"{PAGES}/niets").status_code == 404


def test_api_shows_mappings_to_their_organisation_alone(eva: ImportBrowser) -> None:
    owner, mapping_id = store(eva, "Meters")
    client, officer = eva.imports.register.client, eva.imports.register.officer
    with transaction(eva.imports.engine) as session:
        other = make_organisation(session, name="Ander")
        keys = {
            "other": make_key(session, other),
            "auditor": make_key(session, owner, "auditor"),
            "reader": make_key(session, owner, scopes=["read"]),
        }
    other_key, auditor, reader = ({"Authorization": f"Bearer {key}"} for key in keys.values())
    for query in ("", f"?owner={owner}"):
        listed = client.get(f"{API}{query}", headers=auditor)
        assert listed.headers["cache-control"] == "no-store"
        assert [one["name"] for one in listed.json()["mappings"]] == ["Meters"]
        assert client.get(f"{API}{query}", headers=other_key).json() == {"mappings": []}
    one = client.get(f"{API}/{mapping_id}", headers=officer).json()
    assert one["mapping"]["columns"]["Objectnr"] == ["reference"]
    assert (one["owner"], one["usable"]) == (str(owner), True)
    assert client.get(f"{API}/{mapping_id}", headers=other_key).status_code == 404
    assert client.get(f"{API}?eigenaar=1", headers=officer).status_code == 400
    refused = [
        client.delete(f"{API}/{mapping_id}", headers=headers).status_code
        for headers in ({}, other_key, auditor, reader)
    ]
    assert refused == [401, 404, 403, 403]
    assert [client.delete(f"{API}/{mapping_id}", headers=officer).status_code for _ in range(2)] == [204, 404]


def test_command_line_shows_and_deletes_a_mapping(
    eva: ImportBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, mapping_id = store(eva, "Camera's [oud]")
    settings = Settings(database_url=eva.imports.url)
    monkeypatch.setattr("app.cli.database.get_settings", lambda: settings)

    def run(*words: str) -> str:
        return CliRunner().invoke(import_commands, ["mappings", *words]).output

    listed = run("list", "--owner", "GM0363")
    assert str(mapping_id) in listed
    assert "Camera's [oud]" in listed
    shown = parse_mapping_file(run("show", str(mapping_id)).encode())
    assert (shown.columns, shown.words) == (COLUMNS, {"sensorType": {"dome": "sound"}})
    assert "Verwijderd: Camera's [oud]" in run("delete", str(mapping_id))
    assert "Deze koppeling is er niet (meer)." in run("show", str(mapping_id))
    assert "Er zijn geen opgeslagen koppelingen." in run("list")
