"""A registration changes: what makes a version, who may, and what the public sees of it from then on."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import (
    Conflict,
    InvalidRequest,
    NotFound,
    NotPermitted,
    PreconditionFailed,
    PreconditionRequired,
)
from app.core.expected_version import ANY_VERSION, ExpectedVersion
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor, remove_sensor
from app.sensors.registration.queries import list_versions
from app.sensors.registration.version_record import SensorVersion
from app.sensors.tables.publication import published_sensor, published_version
from app.spatial.crs import Crs
from tests.support.organisations import make_municipality, make_principal
from tests.support.rule_check import read_features
from tests.support.sensors import ERASMUS_BRIDGE, TODAY, make_camera, make_context, make_record

LATER = TODAY + timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Desk:
    """A principal who registers, with access to the publication and the audit trail."""

    session: Session
    principal: Principal

    def register(self, record: dict[str, Any] | None = None, **fields: Any) -> SensorVersion:
        return register_sensor(self.session, make_context(self.principal), record or make_record(**fields))

    def amend(self, version: SensorVersion, *, crs: Crs = Crs.CRS84, **patch: Any) -> SensorVersion:
        return amend_sensor(
            self.session,
            make_context(self.principal),
            version.sensor_id,
            patch,
            expected=ExpectedVersion.exactly(version.number),
            crs=crs,
        )

    def context(self, statement: str) -> list[Any]:
        """The first column of each row."""
        return list(self.session.scalars(text(statement)))

    def changes(self) -> list[str]:
        return self.context("SELECT kind FROM publication.change ORDER BY number")

    def properties(self, table: Table = published_version) -> list[dict[str, Any]]:
        """The public properties of every version, oldest first."""
        return [feature["properties"] for feature in read_features(self.session, table)]


@pytest.fixture
def desk(session: Session, officer: Principal) -> Desk:
    return Desk(session, officer)


@pytest.fixture
def company_desk(session: Session, company: Principal) -> Desk:
    return Desk(session, company)


# Versions


def test_amendment_writes_the_next_version(desk: Desk) -> None:
    first = desk.register(name="Oud", summary="Blijft staan")
    second = desk.amend(first, name="Nieuw")

    assert (first.number, second.number) == (1, 2)
    assert (second.name, second.summary, second.public_code) == (
        "Nieuw", "Blijft staan", first.public_code,
    )  # fmt: skip
    assert [version.name for version in list_versions(desk.session, first.sensor_id)] == [
        "Nieuw",
        "Oud",
    ]
    assert [each["name"] for each in desk.properties()] == ["Oud", "Nieuw"]
    assert [each["name"] for each in desk.properties(published_sensor)] == ["Nieuw"]
    assert desk.changes() == ["published", "amended"]


def test_versions_follow_without_gap_or_overlap(desk: Desk) -> None:
    version = desk.register()
    for name in ("a", "b", "c"):
        version = desk.amend(version, name=name)
    versions = list_versions(desk.session, version.sensor_id)
    assert [each.number for each in versions] == [4, 3, 2, 1]
    assert versions[0].superseded_at is None
    for newer, older in pairwise(versions):
        assert older.published_at is not None
        assert older.superseded_at is not None
        assert older.published_at < older.superseded_at == newer.published_at


def test_amendment_without_a_change_writes_no_version(desk: Desk) -> None:
    camera = make_camera(operator=str(next(iter(desk.principal.grants)).organisation_id), openData=False)
    version = desk.register(camera)
    for patch in (
        {},
        {"measures": camera["measures"]},
        {"measures": f"  {camera['measures']} "},
        {"location": camera["location"]},
        {"themes": camera["themes"], "openData": False, "viewRangeM": 80.0},
        {"placedFrom": TODAY.replace(day=11).strftime("%d-%m-%Y")},
        {"name": None},
        camera,
    ):
        assert desk.amend(version, **patch).number == 1, patch
    assert desk.changes() == ["published"]
    assert desk.context("SELECT count(*) FROM audit.audit_entry WHERE action = 'amend_sensor'") == [0]


def test_same_municipality_codes_write_no_version(desk: Desk) -> None:
    version = desk.register(mobility="mobile", location=None, operatingArea=["GM0363"])
    assert version.registration_status == "published"
    assert desk.amend(version, operatingArea=["GM0363"]).number == 1
    assert desk.amend(version, name="Karretje").operating_municipalities == ["GM0363"]


@pytest.mark.parametrize(
    ("name", "value", "column"),
    [
        ("name", "Naam", "name"),
        ("openData", True, "open_data"),
        ("heightReference", "nap", "height_reference"),
        ("dataTypes", ["binary"], "data_types"),
        ("dpiaDate", "2026-02-02", "dpia_date"),
        (
            "observedArea",
            {"type": "Polygon", "coordinates": [[[4.89, 52.37], [4.9, 52.37], [4.9, 52.38], [4.89, 52.37]]]},
            "observed_area",
        ),
        (
            "operatingArea",
            {"type": "Polygon", "coordinates": [[[4.89, 52.37], [4.9, 52.37], [4.9, 52.38], [4.89, 52.37]]]},
            "operating_area",
        ),
        ("operatingArea", ["GM0363"], "operating_municipalities"),
    ],
)
def test_null_empties_a_field(desk: Desk, name: str, value: Any, column: str) -> None:
    # A fixed sensor has no operating area.
    version = desk.register(**{"mobility": "relocatable", name: value})
    assert getattr(version, column) is not None
    nothing: dict[str, Any] = {name: None}
    emptied = desk.amend(version, **nothing)
    assert emptied.number == 2
    assert getattr(emptied, column) is None
    if hasattr(emptied, f"{column}_rd"):
        assert getattr(emptied, f"{column}_rd") is None
        assert desk.context("SELECT count(*) FROM publication.published_area WHERE valid_until IS NULL") == [
            0
        ]


def test_emptying_a_mandatory_field_is_refused(desk: Desk) -> None:
    version = desk.register()
    with pytest.raises(InvalidRequest) as refused:
        desk.amend(version, measures=None, themes=[], location=None, personalData="yes")
    assert {problem.location for problem in refused.value.problems} == {
        "/measures", "/themes", "/location", "/gdprBases", "/privacyStatementUrl", "/dpiaStatus", "/retentionKind",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["colour", "publicCode", "registeredAt", "municipalityCode"])
@pytest.mark.parametrize("value", [None, "x"])
def test_emptying_a_derived_field_is_refused(desk: Desk, name: str, value: Any) -> None:
    version = desk.register()
    with pytest.raises(InvalidRequest):
        desk.amend(version, **{name: value})


# Geometry


def draw(geometry: WKBElement | None) -> BaseGeometry:
    assert geometry is not None
    return to_shape(geometry)


def test_derived_field_of_view_follows_its_fields(desk: Desk) -> None:
    first = desk.register(make_camera())
    wider = desk.amend(first, viewAngleDeg=120)
    narrow, wide = (draw(each.observed_area_rd).area for each in (first, wider))
    assert wide == pytest.approx(2 * narrow, rel=0.02)
    assert wider.observed_area_derived

    moved = desk.amend(wider, location={"type": "Point", "coordinates": [4.8950, 52.3731]})
    shift = draw(moved.observed_area).centroid.x - draw(wider.observed_area).centroid.x
    assert shift == pytest.approx(0.0018, abs=1e-5)

    given = {"type": "Polygon", "coordinates": [[[4.89, 52.37], [4.9, 52.37], [4.9, 52.38], [4.89, 52.37]]]}
    drawn = desk.amend(moved, observedArea=given)
    assert not drawn.observed_area_derived
    # A given area stays as given; once it is emptied, the view is derived again.
    assert draw(desk.amend(drawn, viewAngleDeg=10).observed_area).equals(draw(drawn.observed_area))


def test_content_crs_applies_to_given_geometries_only(desk: Desk) -> None:
    area = {"type": "Polygon", "coordinates": [[[4.89, 52.37], [4.9, 52.37], [4.9, 52.38], [4.89, 52.37]]]}
    version = desk.register(observedArea=area)
    moved = desk.amend(version, crs=Crs.RD, location={"type": "Point", "coordinates": [121_000, 487_000]})

    assert draw(moved.location_rd).coords[0] == pytest.approx((121_000, 487_000), abs=1e-3)
    assert draw(moved.observed_area).equals(draw(version.observed_area))


# Permissions and expected versions


def test_amendment_needs_the_expected_version(desk: Desk) -> None:
    first = desk.register()
    desk.amend(first, name="Intussen")
    with pytest.raises(PreconditionFailed):
        desk.amend(first, name="Te laat")
    context = make_context(desk.principal)
    with pytest.raises(PreconditionRequired):
        amend_sensor(desk.session, context, first.sensor_id, {"name": "x"}, expected=None)
    with pytest.raises(PreconditionRequired):
        remove_sensor(desk.session, context, first.sensor_id, {}, expected=None)
    with pytest.raises(PreconditionFailed):
        confirm_sensor(desk.session, context, first.sensor_id, expected=ExpectedVersion.exactly(first.number))


def test_confirmation_of_an_unpublished_registration_is_a_conflict(company_desk: Desk) -> None:
    version = company_desk.register()
    assert version.registration_status == "submitted"
    with pytest.raises(Conflict, match="not published"):
        confirm_sensor(
            company_desk.session, make_context(company_desk.principal), version.sensor_id, expected=None
        )


def test_unknown_sensor_is_not_found(desk: Desk) -> None:
    context = make_context(desk.principal)
    with pytest.raises(NotFound):
        amend_sensor(desk.session, context, uuid4(), {}, expected=ANY_VERSION)
    with pytest.raises(NotFound):
        confirm_sensor(desk.session, context, uuid4(), expected=None)


def test_amendment_by_a_stranger_is_refused(desk: Desk, company_desk: Desk) -> None:
    version = desk.register()
    session, context, sensor_id = desk.session, make_context(company_desk.principal), version.sensor_id
    with pytest.raises(NotFound):
        company_desk.amend(version, name="x")
    with pytest.raises(NotFound):
        confirm_sensor(session, context, sensor_id, expected=None)
    with pytest.raises(NotFound):
        remove_sensor(session, context, sensor_id, {}, expected=ANY_VERSION)
    # A reviewer or an auditor may read, but not change.
    auditor = make_principal(session, None, "auditor")
    with pytest.raises(NotPermitted):
        confirm_sensor(session, make_context(auditor), sensor_id, expected=None)
    assert desk.changes() == ["published"]


def test_submission_of_another_is_not_found(company_desk: Desk) -> None:
    """No request reveals to others whether there is such a registration."""
    version = company_desk.register()
    session = company_desk.session
    stranger = Desk(
        session, make_principal(session, make_municipality(session, "GM0599", "Gemeente Rotterdam"))
    )
    with pytest.raises(NotFound):
        stranger.amend(version, name="x")


def test_owner_can_transfer_a_sensor_and_not_claim_one(
    desk: Desk, company_desk: Desk, amsterdam: UUID
) -> None:
    (grant,) = company_desk.principal.grants
    version = company_desk.register()
    with pytest.raises(NotPermitted):
        company_desk.amend(version, owner=str(amsterdam))
    assert company_desk.amend(version, name="Nog steeds").owner_id == grant.organisation_id

    # The municipality of the place may register for others, and so hand over.
    mine = desk.register(reference="mine")
    handed = desk.amend(mine, owner=str(grant.organisation_id))
    assert handed.owner_id == grant.organisation_id
    assert company_desk.amend(handed, name="Nu van ons").registration_status == "submitted"


def test_registration_by_municipality_on_behalf_of_company_is_published(
    desk: Desk, company_desk: Desk
) -> None:
    (grant,) = company_desk.principal.grants
    version = desk.register(owner=str(grant.organisation_id))
    assert version.registration_status == "published"
    assert version.on_behalf_of_id == grant.organisation_id
    (on_behalf_of,) = desk.context(
        "SELECT on_behalf_of FROM audit.audit_entry WHERE action = 'register_sensor'"
    )
    assert on_behalf_of == grant.organisation_id
    elsewhere = {"type": "Point", "coordinates": list(ERASMUS_BRIDGE)}
    with pytest.raises(NotPermitted):
        desk.register(owner=str(grant.organisation_id), reference="elsewhere", location=elsewhere)


# A change under review


def test_published_version_stays_while_a_change_is_submitted(desk: Desk, company_desk: Desk) -> None:
    (grant,) = company_desk.principal.grants
    published = desk.register(owner=str(grant.organisation_id), name="Oud")
    submitted = company_desk.amend(published, name="Nieuw")

    assert (submitted.number, submitted.registration_status) == (2, "submitted")
    assert [each["name"] for each in desk.properties(published_sensor)] == ["Oud"]
    assert desk.changes() == ["published"]

    again = company_desk.amend(submitted, name="Nieuwer")
    assert [each["name"] for each in desk.properties(published_sensor)] == ["Oud"]
    statuses = [
        (each.number, each.superseded_at is None) for each in list_versions(desk.session, published.sensor_id)
    ]
    assert statuses == [(3, True), (2, False), (1, True)]

    # The municipality changes what is open; with that it is published.
    settled = desk.amend(again, summary="Gezien")
    assert settled.registration_status == "published"
    assert [each["name"] for each in desk.properties(published_sensor)] == ["Nieuwer"]
    assert [each["version"] for each in desk.properties()] == [1, 4]
    assert desk.changes() == ["published", "amended"]


def test_confirmation_leaves_an_open_change_open(desk: Desk, company_desk: Desk) -> None:
    (grant,) = company_desk.principal.grants
    published = desk.register(owner=str(grant.organisation_id), name="Oud")
    company_desk.amend(published, name="Nieuw")
    confirmed = confirm_sensor(
        desk.session, make_context(desk.principal, LATER), published.sensor_id, expected=None
    )

    assert (confirmed.name, confirmed.number) == ("Oud", 3)
    assert desk.changes() == ["published", "confirmed"]
    assert desk.context(
        "SELECT name FROM register.sensor_version WHERE superseded_at IS NULL ORDER BY number"
    ) == [
        "Nieuw",
        "Oud",
    ]


# Removing and confirming


def test_removal_hides_the_sensor_from_that_day(desk: Desk) -> None:
    version = desk.register(placedFrom="2026-02-01")
    removed = remove_sensor(
        desk.session,
        make_context(desk.principal),
        version.sensor_id,
        {"removedOn": "28-02-2026"},
        expected=ExpectedVersion.exactly(version.number),
    )
    assert removed.removed_on == date(2026, 2, 28)
    assert [
        day.isoformat() for day in desk.context("SELECT hidden_from FROM publication.published_sensor")
    ] == ["2026-02-28"]
    with pytest.raises(Conflict):
        confirm_sensor(desk.session, make_context(desk.principal), version.sensor_id, expected=None)
    assert desk.context("SELECT action FROM audit.audit_entry WHERE subject_kind = 'sensor' ORDER BY id") == [
        "register_sensor",
        "remove_sensor",
    ]


def test_removal_defaults_to_today(desk: Desk) -> None:
    version = desk.register(placedFrom="2026-02-01")
    removed = remove_sensor(
        desk.session, make_context(desk.principal), version.sensor_id, {}, expected=ANY_VERSION
    )
    assert removed.removed_on == TODAY


def test_second_confirmation_of_a_day_writes_no_version(desk: Desk) -> None:
    version = desk.register(activeUntil="2028-01-01")
    sensor_id = version.sensor_id
    # Registering says already that it is there.
    assert confirm_sensor(desk.session, make_context(desk.principal), sensor_id, expected=None) == version
    for _ in range(2):
        confirmed = confirm_sensor(
            desk.session, make_context(desk.principal, LATER), sensor_id, expected=None
        )
        assert (confirmed.number, confirmed.last_confirmed_on) == (2, LATER)
    assert desk.changes() == ["published", "confirmed"]


def test_confirmation_is_valid_for_a_year(desk: Desk) -> None:
    version = desk.register(activeUntil="2028-01-01")
    assert version.confirm_by == TODAY.replace(year=2027)
    confirmed = confirm_sensor(
        desk.session, make_context(desk.principal, LATER), version.sensor_id, expected=None
    )
    assert confirmed.last_confirmed_on == LATER
    assert confirmed.confirm_by == LATER.replace(year=2027)
    assert confirmed.active_until == version.active_until
    # Confirming leaves the other dates and an ordinary change leaves these.
    amended = desk.amend(confirmed, name="Anders")
    assert amended.confirm_by == confirmed.confirm_by
    assert desk.changes() == ["published", "confirmed", "amended"]


# How much is shown

PRECISE = {
    "locationDescription": "Aan de gevel",
    "postcode": "1012 JS",
    "houseNumber": "1",
    "bgtId": "G0363.0123456789abcdef0123456789abcdef",
}


def test_generalising_applies_to_history(desk: Desk) -> None:
    version = desk.register(make_camera(**PRECISE))
    assert desk.properties()[0].keys() >= {*PRECISE, "reference", "viewAngleDeg"}
    desk.amend(version, visibility="generalised", visibilityReason="Beveiliging")

    old, new = desk.properties()
    hidden = {*PRECISE, "reference", "viewDirectionDeg", "viewAngleDeg", "viewRangeM"}
    for properties in (old, new):
        assert {name for name in hidden if properties[name] is None} == hidden
        assert (properties["visibility"], properties["locationAccuracy"]) == ("generalised", "generalised")
    for column in ("reference", "bgt_id"):
        assert desk.context(f"SELECT {column} FROM publication.published_version") == [None, None]
    assert desk.context("SELECT count(*) FROM publication.published_area") == [0]
    # The middle of its cell of 250 m, in every column that tells a place.
    assert desk.context("SELECT DISTINCT concat_ws(' ', x, y) FROM publication.published_version") == [
        "121375 487375"
    ]
    (middle,) = desk.context(
        "SELECT ST_AsText(ST_Transform(ST_SetSRID(ST_MakePoint(121375, 487375), 28992), 4258), 7)"
    )
    for feature in read_features(desk.session):
        lon, lat = feature["geometry"]["coordinates"]
        assert middle == f"POINT({lon} {lat})"
    assert desk.context(
        "SELECT DISTINCT feature_rd LIKE '%[121375,487375]%' FROM publication.published_version"
    ) == [True]
    assert desk.changes() == ["published", "redacted"]


def test_internal_sensor_disappears_with_its_history(desk: Desk) -> None:
    version = desk.register(make_camera(**PRECISE))
    hidden = desk.amend(version, visibility="internal", visibilityReason="Opsporing")
    for table in ("published_sensor", "published_version", "published_area", "municipality_sensor"):
        assert desk.context(f"SELECT count(*) FROM publication.{table}") == [0], table
    assert desk.context("SELECT sum(sensors) FROM publication.sensor_count") == [0]
    secret = desk.amend(hidden, name="Geheim")
    assert desk.changes() == ["published", "redacted"]

    # Shown again, what was internal stays so.
    desk.amend(secret, visibility="public", visibilityReason=None)
    assert [each["version"] for each in desk.properties()] == [1, 4]
    assert desk.changes() == ["published", "redacted", "published"]


def test_sensor_registered_as_internal_is_not_published(desk: Desk) -> None:
    desk.register(visibility="internal", visibilityReason="Opsporing")
    for table in ("published_sensor", "published_version", "municipality_sensor", "sensor_count", "change"):
        assert desk.context(f"SELECT count(*) FROM publication.{table}") == [0], table


def test_removal_does_not_validate_other_fields(session: Session, officer: Principal) -> None:
    """A sensor can be removed when a term of its record has expired."""
    version = register_sensor(session, make_context(officer), make_record(placedFrom="2026-02-01"))
    session.execute(
        text("UPDATE publication.term SET valid_until = '2026-02-01' WHERE code = 'environment_noise'")
    )

    removed = remove_sensor(session, make_context(officer), version.sensor_id, {}, expected=ANY_VERSION)

    assert removed.removed_on == TODAY
    assert removed.themes == ["environment_noise"]
    assert removed.registration_status == "published"
