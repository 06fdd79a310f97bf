"""A register filled with the weather stations and the examples."""

from collections.abc import Iterator
from datetime import date

import pytest
import shapely
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from app.bootstrap.paths import GRID
from app.cli.command import app
from app.cli.seeding.actions import DUTIES_SINCE, SEEDER, SeedReport, seed_register
from app.cli.seeding.examples import read_examples
from app.cli.seeding.seed_files import SeedEntry, read_organisations
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url
from app.core.errors import NotPermitted
from app.core.settings import Settings
from app.duties.actions import set_duty
from app.duties.queries import find_duties
from app.municipalities.boundaries import Boundary
from app.municipalities.edition_storage import Edition
from app.municipalities.editions import LoadOptions, lock_municipalities_exclusively, put_edition
from app.sensors.fields import FIELDS, Field, FieldKind
from app.sensors.registration.claims import REGULATED_AI
from app.sensors.registration.queries import select_versions
from app.sensors.tables.register import sensor_version
from app.spatial.crs import add_grid, transform_geometry_to_lonlat
from app.vocabularies.queries import load_vocabularies
from tests.support.application import make_client
from tests.support.organisations import make_municipality
from tests.support.sensors import CITIES, HALF_SIDE_METRES

TODAY = dutch_date()
DEVELOPMENT = Settings(environment="development")
PRODUCTION = Settings(environment="production")
LIST_FIELDS = [field for field in FIELDS if field.vocabulary]


def load_country(session: Session) -> None:
    """The five cities as squares, and the rest of the country as one municipality round them."""
    squares = {
        code: shapely.Point(x, y).buffer(HALF_SIDE_METRES, cap_style="square")
        for code, (_, x, y) in CITIES.items()
    }
    country = shapely.box(0, 300_000, 290_000, 630_000)
    rest = shapely.Polygon(country.exterior, [square.exterior for square in squares.values()])
    areas = {code: shapely.MultiPolygon([area]) for code, area in {**squares, "GM9999": rest}.items()}
    boundaries = [
        Boundary(code=code, name=code, province=None, lonlat=transform_geometry_to_lonlat(area), rd=area)
        for code, area in areas.items()
    ]
    lock_municipalities_exclusively(session)
    edition = Edition(2026, approximate=False, source="squares", attribution="Made for tests")
    put_edition(session, edition, boundaries, LoadOptions())


@pytest.fixture(scope="module")
def seeded(module_database: str) -> tuple[str, SeedReport]:
    """A seeded database, and what the seeding reported."""
    add_grid(GRID)
    engine = create_engine(sqlalchemy_url(module_database))
    with Session(engine) as session, session.begin():
        load_country(session)
        report = seed_register(session, TODAY, DEVELOPMENT)
    engine.dispose()
    return module_database, report


@pytest.fixture
def register(seeded: tuple[str, SeedReport]) -> Iterator[Session]:
    """A session on the seeded register, rolled back."""
    engine = create_engine(sqlalchemy_url(seeded[0]))
    with Session(engine) as session:
        yield session
    engine.dispose()


def count_versions(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(sensor_version))


def test_there_are_42_real_weather_stations(register: Session, seeded: tuple[str, SeedReport]) -> None:
    rows = register.execute(
        select_versions().where(
            sensor_version.c.superseded_at.is_(None), ~sensor_version.c.reference.like("VB-%")
        )
    ).mappings()
    stations = {row["reference"]: row for row in rows}
    assert len(stations) == seeded[1].stations == 42
    for station in stations.values():
        assert station["registration_status"] == "published"
        assert (station["sensor_subtype"], station["on_behalf_of_id"]) == ("weather_station", None)
        assert not station["notified_late"], "they were there before there was anything to notify"
    assert stations["260"]["placed_from"] == date(1901, 1, 1)
    assert stations["265"]["removed_on"] == date(2008, 11, 16)


def test_seeding_twice_adds_nothing(register: Session) -> None:
    before = count_versions(register)
    report = seed_register(register, TODAY, DEVELOPMENT)
    assert report == SeedReport(stations=0, examples=0, left_out=0)
    assert count_versions(register) == before


@pytest.mark.parametrize("field", LIST_FIELDS, ids=lambda field: str(field.name))
def test_seeded_sensors_use_each_term(register: Session, field: Field) -> None:
    used = set()
    for value in register.scalars(select(sensor_version.c[field.column])):
        used |= set(value or ()) if field.kind is FieldKind.TERMS else {value}
    # Examples of AI on people's bodies would show as normal what the law forbids or regulates.
    expected = load_vocabularies(register).labels(str(field.vocabulary)).keys() - REGULATED_AI
    assert used - {None} == expected


def test_seeded_sensors_have_each_operational_status_and_smart_city_theme(
    seeded: tuple[str, SeedReport],
) -> None:
    with make_client(seeded[0]) as client:
        terms = {
            name: [term["code"] for term in client.get(f"/v1/vocabularies/{name}").json()["terms"]]
            for name in ("operationalStatus", "smartCityTheme")
        }
        for name, codes in terms.items():
            for code in codes:
                found = client.get("/v1/collections/sensors/items", params={name: code, "limit": 1}).json()
                assert found["features"], f"{name} {code}"


def test_examples_have_a_history_a_duplicate_and_something_to_review(register: Session) -> None:
    versions = register.execute(
        select_versions().where(sensor_version.c.reference == "VB-GM0363-geschiedenis")
    ).mappings()
    history = sorted((row["number"], row["view_direction_deg"], row["retention_period"]) for row in versions)
    assert history == [(1, 90, "P1D"), (2, 90, None), (3, 270, None)]
    warned = register.scalars(
        select(sensor_version.c.reference).where(
            sensor_version.c.warnings.contains([{"code": "near_duplicate"}])
        )
    ).all()
    assert set(warned) == {"VB-GM0344-dubbel-2"}
    submitted = select(sensor_version.c.sensor_id).where(sensor_version.c.registration_status == "submitted")
    assert len(register.scalars(submitted).all()) == 11
    in_public = text("SELECT count(*) FROM publication.published_sensor WHERE id = ANY(:ids)")
    # The changes of four public ones wait; the others are new.
    assert register.scalar(in_public, {"ids": register.scalars(submitted).all()}) == 4


def test_seeder_has_no_stored_grants(register: Session) -> None:
    rights = text(
        "SELECT (SELECT count(*) FROM register.access_grant WHERE principal_id = p.id)"
        " + (SELECT count(*) FROM register.api_key WHERE principal_id = p.id)"
        " FROM register.principal AS p WHERE p.name = :name"
    )
    assert register.scalars(rights, {"name": SEEDER}).all() == [0]


def test_seed_in_production_adds_stations_only(session: Session) -> None:
    load_country(session)
    with pytest.raises(NotPermitted):
        seed_register(session, TODAY, PRODUCTION)
    assert count_versions(session) == 0
    report = seed_register(session, TODAY, PRODUCTION, stations_only=True)
    assert report == SeedReport(stations=42, examples=0, left_out=0)
    assert session.scalars(text("SELECT name FROM publication.organisation")).all() == [
        read_organisations()["knmi"]["name"]
    ]


def test_seed_command_in_production_is_refused(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(environment="production", database_url=fresh_database)
    monkeypatch.setattr("app.cli.seeding.command.get_settings", lambda: settings)
    monkeypatch.setattr("app.cli.database.get_settings", lambda: settings)
    refused = CliRunner().invoke(app, ["seed"])
    assert refused.exit_code == 1
    assert "You cannot add examples in production" in refused.stderr


def test_seed_skips_examples_of_registered_municipality(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_few(today: date) -> list[SeedEntry]:
        return [entry for entry in read_examples(today) if entry.record["reference"].endswith("-lichtcel")]

    monkeypatch.setattr("app.cli.seeding.actions.read_examples", read_few)
    load_country(session)
    make_municipality(session, "GM0363", "Gemeente Amsterdam")
    report = seed_register(session, TODAY, DEVELOPMENT)
    assert report == SeedReport(stations=42, examples=4, left_out=1)
    references = session.scalars(select(sensor_version.c.reference)).all()
    assert "VB-GM0599-lichtcel" in references
    assert "VB-GM0363-lichtcel" not in references


def test_rules_of_example_municipalities_are_marked_as_examples(register: Session) -> None:
    amsterdam, utrecht, rotterdam = find_duties(register, ["GM0363", "GM0344", "GM0599"], TODAY)
    assert (amsterdam.is_example, amsterdam.is_mandatory, amsterdam.notice_days) == (True, True, 5)
    assert (amsterdam.sensor_types, amsterdam.removal_notified) == ((), True)
    assert (utrecht.is_example, utrecht.sensor_types, utrecht.owner_types) == (
        True,
        ("optical_camera",),
        ("company",),
    )
    assert not rotterdam.has_profile
    assert TODAY.isoformat() > DUTIES_SINCE


def test_rule_that_a_municipality_has_set_stays(session: Session) -> None:
    load_country(session)
    given = {"validFrom": "2020-01-01", "mandatory": False}
    set_duty(session, None, "GM0363", given, today=TODAY)
    seed_register(session, TODAY, DEVELOPMENT)
    assert not find_duties(session, ["GM0363"], TODAY)[0].is_mandatory


def test_what_companies_submit_is_as_late_as_its_dates_say(register: Session) -> None:
    rows = register.execute(
        text(
            "SELECT version.placed_from - CAST(:today AS date), receipt.days_late, version.notified_late "
            "FROM register.receipt JOIN register.sensor_version AS version ON version.id = receipt.version_id "
            "WHERE receipt.kind = 'register' AND receipt.registration_status = 'submitted'"
        ),
        {"today": TODAY},
    ).all()
    # Both are to be seen in the demo; five days is the notice in each of these municipalities.
    assert {late for *_, late in rows} == {True, False}
    for days_until_placed, days_late, is_late in rows:
        assert is_late is (days_until_placed < 5)
        assert days_late == max(5 - days_until_placed, 0)
