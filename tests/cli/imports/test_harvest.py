"""Other registers harvested on the command line: from real servers into a real database."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner, Result

from app.bootstrap.paths import GRID
from app.cli.command import app
from app.cli.database import console
from app.cli.error_messages import errors
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.settings import Settings
from app.sensors.fields import FIELDS, FieldKind
from app.spatial.crs import add_grid
from app.spatial.rd_grid import build_grid
from tests.conftest import copy_database
from tests.support.browser import serve_site
from tests.support.harvest_mappings import BOXES, SOUND_METERS
from tests.support.harvest_servers import FeaturePages, Reply, ThingPages, make_feature, make_thing, serve
from tests.support.organisations import make_municipality, make_organisation
from tests.support.register import make_today_record, open_register
from tests.support.sensors import load_cities, make_camera

Run = Callable[..., Result]


@pytest.fixture(scope="session", autouse=True)
def _grid() -> None:
    build_grid(GRID)
    add_grid(GRID)


@pytest.fixture
def harvester(fresh_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Harvests by the text of a mapping into a register with five cities and the municipality of Amsterdam."""
    settings = Settings(database_url=fresh_database)
    monkeypatch.setattr("app.cli.imports.harvest.get_settings", lambda: settings)
    monkeypatch.setattr(console, "width", 240)
    monkeypatch.setattr(errors, "width", 240)
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        load_cities(session, dutch_date().year)
        make_municipality(session)
    engine.dispose()

    def run(mapping: str, *words: str, allow_private: bool = True) -> Result:
        path = tmp_path / "mapping.toml"
        path.write_text(mapping)
        allowed = ["--allow-private"] if allow_private else []
        return CliRunner().invoke(app, ["harvest", str(path), "--lang", "en", *allowed, *words])

    return run


def find_all(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()


def list_published(url: str) -> list[str]:
    """References of what the public sees and that is not removed, in order."""
    rows = find_all(
        url,
        "SELECT reference FROM publication.published_sensor WHERE removed_on IS NULL ORDER BY reference",
    )
    return [reference for (reference,) in rows]


def list_counts(outcome: Result) -> dict[str, int]:
    """The table of counts as the person reads it."""
    names = ("rows", "new", "changed", "unchanged", "refused", "ended")
    words = [line.split() for line in outcome.output.splitlines()]
    return {pair[0]: int(pair[1]) for pair in words if len(pair) == 2 and pair[0] in names}


def test_repeated_harvest_changes_only_what_changed(harvester: Run, fresh_database: str) -> None:
    features = [make_feature(number) for number in range(1, 6)]
    references = [feature["id"] for feature in features]
    with serve(FeaturePages(features)) as server:
        mapping = SOUND_METERS.format(url=server.address)
        tried = harvester(mapping, "--dry-run")
        assert tried.exit_code == 0, tried.output
        assert list_counts(tried)["new"] == 5
        assert list_published(fresh_database) == []

        first = harvester(mapping)
        assert first.exit_code == 0, first.output
        assert list_counts(first) | {"rows": 5, "new": 5, "refused": 0} == list_counts(first)
        assert list_published(fresh_database) == references
        assert "imports undo" in first.output

        again = harvester(mapping)
        assert again.exit_code == 0, again.output
        assert list_counts(again) | {"new": 0, "changed": 0, "unchanged": 5} == list_counts(again)

        features[2]["properties"]["naam"] = "Meter drie"
        changed = harvester(mapping)
        assert list_counts(changed) | {"new": 0, "changed": 1, "unchanged": 4} == list_counts(changed)
    names = find_all(
        fresh_database, "SELECT name FROM publication.published_sensor WHERE reference = 'meter.3'"
    )
    assert names == [("Meter drie",)]
    audited = find_all(fresh_database, "SELECT action FROM audit.audit_entry WHERE action = 'import_sensors'")
    assert len(audited) >= 2


def test_complete_harvest_ends_missing_sensors(harvester: Run, fresh_database: str) -> None:
    features = [make_feature(number) for number in range(1, 6)]
    with serve(FeaturePages(features)) as server:
        mapping = SOUND_METERS.format(url=server.address)
        harvester(mapping)
        features.pop()
        assert list_counts(harvester(mapping))["ended"] == 0
        asked = harvester(mapping, "--complete")
        assert asked.exit_code == 1
        assert "Sensors that are missing: 1 (meter.5). Add --yes to end them." in asked.output
        assert len(list_published(fresh_database)) == 5
        ended = harvester(mapping, "--complete", "--yes")
        assert ended.exit_code == 0, ended.output
        assert list_counts(ended)["ended"] == 1
    assert list_published(fresh_database) == ["meter.1", "meter.2", "meter.3", "meter.4"]


def test_harvest_with_question_fetches_source_once(
    harvester: Run, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = [make_feature(number) for number in range(1, 6)]
    with serve(FeaturePages(features)) as server:
        mapping = SOUND_METERS.format(url=server.address)
        harvester(mapping)
        once = len(server.asked)
        features.pop()
        monkeypatch.setattr("app.cli.imports.confirmation.require_consent", lambda *_: None)
        ended = harvester(mapping, "--complete")
        assert ended.exit_code == 0, ended.output
        assert len(server.asked) - once <= once
    assert list_counts(ended) | {"rows": 4, "unchanged": 4, "ended": 1} == list_counts(ended)
    assert list_published(fresh_database) == ["meter.1", "meter.2", "meter.3", "meter.4"]


@pytest.mark.parametrize(
    ("breaking", "explanation"),
    [
        ({"breaks_at": 1}, "the answer is 500"),
        ({"extra": {"numberMatched": 9}}, "it has 9 items but returned 5"),
        ({"extra": {"features": [], "numberMatched": 0}}, "No sensor was ended"),
    ],
)
def test_incomplete_source_changes_nothing(
    harvester: Run, fresh_database: str, breaking: dict[str, Any], explanation: str
) -> None:
    features = [make_feature(number) for number in range(1, 6)]
    with serve(FeaturePages(features)) as server:
        harvester(SOUND_METERS.format(url=server.address))
    renamed = [make_feature(number, naam="Anders") for number in range(1, 6)]
    with serve(FeaturePages(renamed, **breaking)) as server:
        broken = harvester(SOUND_METERS.format(url=server.address), "--complete", "--yes")
    assert broken.exit_code == 1
    assert explanation in broken.output
    assert len(list_published(fresh_database)) == 5
    assert find_all(fresh_database, "SELECT 1 FROM publication.published_sensor WHERE name = 'Anders'") == []


def test_refused_items_are_reported_and_others_imported_with_valid_rows(
    harvester: Run, fresh_database: str
) -> None:
    nameless = make_feature(2)
    del nameless["id"]
    elsewhere = make_feature(3)
    elsewhere["geometry"]["coordinates"].reverse()
    features = [make_feature(1), nameless, elsewhere, make_feature(4, soort="Raar ding"), make_feature(5)]
    with serve(FeaturePages(features)) as server:
        mapping = SOUND_METERS.format(url=server.address)
        refused = harvester(mapping)
        assert refused.exit_code == 1
        assert list_counts(refused) | {"rows": 5, "refused": 3} == list_counts(refused)
        assert list_published(fresh_database) == []
        for shown in ("id", "geometry", "properties.soort", "Raar ding"):
            assert shown in refused.output
        taken = harvester(mapping, "--valid-rows")
        assert taken.exit_code == 1
    assert list_published(fresh_database) == ["meter.1", "meter.5"]


def test_sensorthings_things_are_harvested(harvester: Run, fresh_database: str) -> None:
    pages = ThingPages([make_thing(number, "Temperatuur") for number in range(1, 4)])
    with serve(pages) as server:
        pages.address = server.address
        assert harvester(BOXES.format(url=server.address)).exit_code == 0
        again = harvester(BOXES.format(url=server.address))
    assert list_counts(again)["unchanged"] == 3, again.output
    assert list_published(fresh_database) == ["box-1", "box-2", "box-3"]


def test_private_address_without_option_is_refused(harvester: Run) -> None:
    with serve(FeaturePages([make_feature(1)])) as server:
        refused = harvester(SOUND_METERS.format(url=server.address), allow_private=False)
        assert server.asked == []
    assert refused.exit_code == 1
    assert "127.0.0.1 is not on the public internet" in refused.output


def test_key_is_read_from_environment(harvester: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(asked: Any) -> Reply:
        if asked.headers.get("x-api-key") != "secret":
            return Reply(status=401)
        return FeaturePages([make_feature(1)])(asked)

    with serve(answer) as server:
        mapping = SOUND_METERS.format(url=server.address).replace(
            "limit = 2", 'key_variable = "HARVEST_METERS"\nkey_header = "X-API-Key"'
        )
        missing = harvester(mapping, "--dry-run")
        assert missing.exit_code == 1
        assert "HARVEST_METERS holds no key" in missing.output
        monkeypatch.setenv("HARVEST_METERS", "secret")
        assert harvester(mapping, "--dry-run").exit_code == 0
        assert "not sent over http" in harvester(mapping, allow_private=False).output


def test_mapping_problems_are_reported_without_calling_source(harvester: Run) -> None:
    with serve(FeaturePages([make_feature(1)])) as server:
        mapping = SOUND_METERS.format(url=server.address)
        wrong = harvester(mapping.replace("measures", "measure").replace('value = "fixed"', 'value = "fixt"'))
        assert server.asked == []
    assert wrong.exit_code == 1
    assert "fields.measure: measure is not allowed here. Did you mean measures?" in wrong.output
    assert "Did you mean fixed?" in wrong.output


def test_owner_is_read_from_each_item(harvester: Run, fresh_database: str) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        make_organisation(session)
    engine.dispose()
    features = [
        make_feature(1, van="Meetbedrijf BV"),
        make_feature(2, van="gm0363"),
        make_feature(3, van="Niemand"),
    ]
    with serve(FeaturePages(features)) as server:
        mapping = SOUND_METERS.format(url=server.address).replace('owner = "GM0363"', "")
        mapping = mapping.replace("[fields]", '[fields]\nowner = "properties.van"')
        assert harvester(mapping).exit_code == 2
        assert harvester(mapping, "--as", "GM0363", "--complete").exit_code == 2
        taken = harvester(mapping, "--as", "GM0363", "--valid-rows")
    assert list_counts(taken) | {"new": 2, "refused": 1} == list_counts(taken)
    assert "Niemand" in taken.output
    owners = find_all(
        fresh_database,
        "SELECT name FROM register.sensor JOIN publication.organisation o ON o.id = owner_id ORDER BY reference",
    )
    assert owners == [("Meetbedrijf BV",), ("Gemeente Amsterdam",)]


def test_example_is_printed_and_mapping_is_required(harvester: Run) -> None:
    for kind in ("ogc", "sensorthings"):
        printed = CliRunner().invoke(app, ["harvest", "--example", kind])
        assert printed.exit_code == 0
        assert f'kind = "{kind}"' in printed.output
    assert CliRunner().invoke(app, ["harvest"]).exit_code == 2
    assert CliRunner().invoke(app, ["harvest", "nergens.toml"]).exit_code == 2
    assert CliRunner().invoke(app, ["harvest", "--example", "wfs"]).exit_code == 2


@pytest.fixture
def other_register(cluster: Any) -> Iterator[str]:
    """Another register, served, with seven sound meters and a camera; yields its address."""
    with copy_database(cluster) as url:
        with open_register(url) as register:
            for number in range(7):
                height = {"heightM": 3.5, "heightReference": "ground"}
                register.register(reference=f"geluid-{number}", name=f"Geluid {number}", **height)
            today = dutch_date()
            dates = {"placedFrom": today.isoformat(), "activeUntil": (today + timedelta(days=90)).isoformat()}
            register.register(**make_camera(**dates))
        with serve_site(url) as address:
            yield address


def write_own_mapping(address: str) -> str:
    """Every field of a sensor from the property of the same name."""
    taken = [
        f'{field.name} = "properties.{field.name}"'
        for field in FIELDS
        if field.kind not in (FieldKind.ORGANISATION, FieldKind.POINT, FieldKind.AREA)
    ]
    head = (
        f'owner = "GM0363"\n[source]\nkind = "ogc"\nurl = "{address}/v1"\ncollection = "sensors"\nlimit = 3\n'
    )
    return "\n".join([head, "[fields]", 'location = "geometry"', *taken])


def test_another_sensor_register_is_harvested(
    harvester: Run, fresh_database: str, other_register: str
) -> None:
    mapping = write_own_mapping(other_register)
    first = harvester(mapping)
    assert first.exit_code == 0, first.output
    assert list_counts(first)["new"] == 8
    again = harvester(mapping, "--complete")
    assert again.exit_code == 0, again.output
    assert list_counts(again) | {"unchanged": 8, "ended": 0} == list_counts(again)
    assert make_today_record()["reference"] not in list_published(fresh_database)
    kept = find_all(
        fresh_database, "SELECT height_m, name FROM publication.published_sensor WHERE reference = 'geluid-3'"
    )
    assert kept == [(3.5, "Geluid 3")]
