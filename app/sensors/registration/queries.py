"""Queries on registrations, on the write connection: for those who may see more than the public."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.municipalities.queries import load_directory
from app.organisations.queries import list_kinds
from app.sensors.fields import FIELDS, Field, FieldKind
from app.sensors.plain_text import fold_reference
from app.sensors.registration.field_parsers import ValidationContext, parse_uuid
from app.sensors.registration.list_parameters import RegistrationList
from app.sensors.registration.validation import CheckedSensor
from app.sensors.registration.version_record import SensorVersion, make_version
from app.sensors.registration_status import (
    ENDED_STATUSES,
    RegistrationStatus,
    has_status,
    is_current,
    is_live,
    is_published,
)
from app.sensors.tables.register import (
    DUPLICATE_METRES,
    STRIP,
    render_other_view,
    sensor,
    sensor_place,
    sensor_version,
)
from app.spatial.crs import Crs
from app.vocabularies.queries import load_vocabularies

SENSOR_UNKNOWN = LocalizedText("Deze sensor is hier niet bekend.", "This sensor is not known here.")

MAX_DUPLICATES = 5
"""Maximum number of near-duplicates that warnings name."""


def load_validation_context(
    session: Session, given: Mapping[str, Any], crs: Crs, today: date
) -> ValidationContext:
    """The reference data for one record: lists, and the organisations and municipalities that it names."""
    named = [parse_uuid(given.get(field.name)) for field in FIELDS if field.kind is FieldKind.ORGANISATION]
    rows = list_kinds(session, [identifier for identifier in named if identifier])
    codes: frozenset[str] = frozenset()
    if isinstance(given.get("operatingArea"), list):
        codes = _list_codes(session)
    return ValidationContext(
        vocabularies=load_vocabularies(session),
        organisations={row.id: row for row in rows},
        municipalities=codes,
        crs=crs,
        today=today,
    )


def list_references(session: Session, owner_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Owner and reference of every sensor of these owners that has a reference."""
    statement = select(sensor.c.owner_id, sensor.c.reference).where(
        sensor.c.owner_id.in_(owner_ids), sensor.c.reference.is_not(None)
    )
    return {(owner_id, reference) for owner_id, reference in session.execute(statement)}


class SensorIdentity(NamedTuple):
    """The owner (by id) and the reference of a sensor."""

    owner: str
    reference: str


def find_identities(session: Session, public_codes: Collection[str]) -> dict[str, SensorIdentity]:
    """The identity of each of these registration numbers that the register has given."""
    statement = select(sensor.c.public_code, sensor.c.owner_id, sensor.c.reference).where(
        sensor.c.public_code.in_(public_codes)
    )
    return {
        code: SensorIdentity(str(owner), reference) for code, owner, reference in session.execute(statement)
    }


def find_values(
    session: Session, owner_id: UUID, references: Collection[str], fields: Collection[Field]
) -> dict[str, dict[str, Any]]:
    """The current values of these fields, by the references of this owner that are registered."""
    version = sensor_version.c
    names = {"operating_municipalities", "observed_area_derived", *(field.column for field in fields)}
    statement = (
        select(sensor.c.reference.label("known_as"), *(version[name] for name in sorted(names)))
        .join(sensor_version, version.sensor_id == sensor.c.id)
        .where(
            sensor.c.owner_id == owner_id,
            sensor.c.reference.in_(references),
            is_current(sensor_version),
        )
    )
    return {row.known_as: version_as_request(row, fields) for row in session.execute(statement)}


def load_full_validation_context(session: Session, today: date) -> ValidationContext:
    """The reference data for any record in longitude and latitude: every organisation and municipality."""
    rows = list_kinds(session)
    return ValidationContext(
        vocabularies=load_vocabularies(session),
        organisations={row.id: row for row in rows},
        municipalities=_list_codes(session),
        crs=Crs.CRS84,
        today=today,
    )


def _list_codes(session: Session) -> frozenset[str]:
    return frozenset(row.code for row in load_directory(session).municipalities if row.in_force)


def lock_sensor(session: Session, sensor_id: UUID) -> datetime:
    """Lock a sensor until the transaction ends; return the moment at which its next version begins.

    The clock is read after the lock is obtained, so that a later version never begins before an earlier one.
    Raises: NotFound.
    """
    # A volatile function in the locking select would be read before the wait.
    if session.scalar(select(sensor.c.id).where(sensor.c.id == sensor_id).with_for_update()) is None:
        raise NotFound(SENSOR_UNKNOWN)
    moment: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


def select_versions() -> Select[Any]:
    """Versions with the identity of their sensor and the municipalities they touch."""
    return (
        select(
            sensor_version,
            sensor.c.public_code,
            sensor.c.registered_at,
            sensor_place.c.municipality_code,
            sensor_place.c.municipality_codes,
        )
        .join(sensor, sensor.c.id == sensor_version.c.sensor_id)
        .outerjoin(sensor_place, sensor_place.c.version_id == sensor_version.c.id)
    )


def load_versions(session: Session, statement: Select[Any]) -> list[SensorVersion]:
    """The versions that a statement made from `select_versions` selects, in its order."""
    return [make_version(row) for row in session.execute(statement).mappings()]


def get_version(session: Session, sensor_id: UUID) -> SensorVersion:
    """The current version: the open one, else the published one, else the one that was rejected or withdrawn.

    Raises: NotFound, also for a registration that was erased.
    """
    return _get_first(session, sensor_id, is_current) or _require(_get_first(session, sensor_id, _is_ended))


def find_version(session: Session, version_id: UUID) -> SensorVersion | None:
    """The version with this id."""
    found = load_versions(session, select_versions().where(sensor_version.c.id == version_id))
    return found[0] if found else None


def find_sensor(session: Session, named: str) -> UUID | None:
    """The sensor with this registration number or id, whatever its status."""
    identifier = parse_uuid(named)
    chosen = sensor.c.id == identifier if identifier else sensor.c.public_code == named.strip().upper()
    return session.scalar(select(sensor.c.id).where(chosen))


def list_sensors_by_reference(
    session: Session, reference: str, owner_id: UUID | None = None
) -> list[tuple[UUID, UUID]]:
    """Sensor and owner of every registration with this reference, of one owner or of all; ordered by sensor."""
    statement = select(sensor.c.id, sensor.c.owner_id).where(sensor.c.reference == reference)
    if owner_id is not None:
        statement = statement.where(sensor.c.owner_id == owner_id)
    return [(found, owner) for found, owner in session.execute(statement.order_by(sensor.c.id))]


def get_published_version(session: Session, sensor_id: UUID) -> SensorVersion:
    """The published version. Raises: NotFound."""
    return _require(_get_first(session, sensor_id, is_published))


def _get_first(
    session: Session, sensor_id: UUID, chosen: Callable[[FromClause], ColumnElement[bool]]
) -> SensorVersion | None:
    statement = select_versions().where(
        sensor_version.c.sensor_id == sensor_id, chosen(sensor_version), ~sensor_version.c.erased
    )
    found = load_versions(session, statement.order_by(sensor_version.c.number.desc()).limit(1))
    return found[0] if found else None


def _require(version: SensorVersion | None) -> SensorVersion:
    if version is None:
        raise NotFound(SENSOR_UNKNOWN)
    return version


def _is_ended(version: FromClause) -> ColumnElement[bool]:
    return has_status(version, *ENDED_STATUSES)


def find_ended(session: Session, owner_id: UUID, reference: str) -> tuple[UUID, RegistrationStatus] | None:
    """The sensor of this owner and reference, and its status, when its registration was rejected or withdrawn."""
    version = sensor_version.c
    other = sensor_version.alias("other")
    is_registered = exists().where(other.c.sensor_id == sensor.c.id, is_live(other))
    row = session.execute(
        select(sensor.c.id, version.registration_status)
        .join(sensor_version, version.sensor_id == sensor.c.id)
        .where(
            sensor.c.owner_id == owner_id,
            sensor.c.reference == reference,
            has_status(sensor_version, *ENDED_STATUSES),
            ~is_registered,
        )
        .order_by(version.number.desc())
        .limit(1)
    ).one_or_none()
    return (row.id, RegistrationStatus(row.registration_status)) if row else None


def has_registration(session: Session, owner_id: UUID, reference: str) -> bool:
    """Whether this owner has a registration with this reference that was not rejected or withdrawn."""
    statement = (
        select(sensor.c.id)
        .join(sensor_version, sensor_version.c.sensor_id == sensor.c.id)
        .where(sensor.c.owner_id == owner_id, sensor.c.reference == reference, is_live(sensor_version))
    )
    return session.scalar(statement.limit(1)) is not None


def list_versions(session: Session, sensor_id: UUID) -> list[SensorVersion]:
    """Every version of a sensor, newest first; empty when there is no such sensor."""
    version = sensor_version.c
    chosen = select_versions().where(version.sensor_id == sensor_id)
    return load_versions(session, chosen.order_by(version.number.desc()))


def version_as_request(version: SensorVersion | Row[Any], fields: Iterable[Field] = FIELDS) -> dict[str, Any]:
    """The fields of a version as a request gives them: a change is merged into them and checked as a whole.

    Geometries are shapes in longitude and latitude; a field of view that was derived is left out. A row needs the
    columns of `fields`, `operating_municipalities` and `observed_area_derived`.
    """
    values: dict[str, Any] = {}
    for field in fields:
        value = getattr(version, field.column)
        if field.name == "observedArea" and version.observed_area_derived:
            continue
        if isinstance(value, WKBElement):
            values[field.name] = to_shape(value)
        elif isinstance(value, UUID):
            values[field.name] = str(value)
        elif isinstance(value, date):
            values[field.name] = value.isoformat()
        elif value is not None:
            values[field.name] = value
    if "operatingArea" in values and version.operating_municipalities:
        values["operatingArea"] = list(version.operating_municipalities)
    return values


_OTHER_VIEW = render_other_view("sensor_version.view_direction_deg", "CAST(:direction AS double precision)")


def find_duplicates(
    session: Session, sensor_id: UUID | None, checked: CheckedSensor, today: date
) -> list[Problem]:
    """A warning for each sensor of the same owner and type within 5 m today, other than this one; at most five.

    Cameras on one mast that look in different directions are no duplicates.

    `bulk.duplicates` applies the same rule to many records.
    """
    location = checked.columns.get("location_rd")
    if location is None:
        return []
    x, y, *_ = to_shape(location).bounds
    strip = math.floor(x / DUPLICATE_METRES)
    rows = session.scalars(
        select(sensor.c.public_code)
        .join(sensor_version, sensor_version.c.sensor_id == sensor.c.id)
        .where(
            is_live(sensor_version),
            sensor_version.c.owner_id == checked.values["owner"],
            sensor_version.c.sensor_type == checked.values["sensorType"],
            or_(sensor_version.c.removed_on.is_(None), sensor_version.c.removed_on > today),
            sensor.c.id != sensor_id,
            # The index covers the strip and the y; the distance is computed for the few rows that remain.
            literal_column(STRIP, Integer).in_([strip - 1, strip, strip + 1]),
            func.ST_Y(sensor_version.c.location_rd).between(y - DUPLICATE_METRES, y + DUPLICATE_METRES),
            func.ST_DWithin(sensor_version.c.location_rd, location, DUPLICATE_METRES),
            text(f"NOT {_OTHER_VIEW}").bindparams(direction=checked.values.get("viewDirectionDeg")),
        )
        .distinct()
        .limit(MAX_DUPLICATES)
    )
    return [describe_duplicate(code) for code in rows]


def describe_duplicate(known_as: str) -> Problem:
    """The warning that a sensor is so near that it is probably the same one; `known_as` is its registration number."""
    return Problem(
        ProblemCode.NEAR_DUPLICATE,
        "/location",
        LocalizedText(
            f"Deze eigenaar heeft al zo'n sensor binnen {DUPLICATE_METRES} m: {known_as}. Is het dezelfde?",
            f"This owner already has such a sensor within {DUPLICATE_METRES} m: {known_as}. Is it the same one?",
        ),
        known_as,
    )


def list_registrations(
    session: Session, principal: Principal, asked: RegistrationList
) -> tuple[list[SensorVersion], UUID | None]:
    """The current version of each registration that a principal may see, newest first.

    The second value is the start of the next page; None for the last one.
    """
    limit = asked.limit
    mine = [grant.organisation_id for grant in principal.grants]
    codes = [grant.municipality_code for grant in principal.grants if grant.municipality_code]
    visible = or_(
        sensor_version.c.owner_id.in_([identifier for identifier in mine if identifier]),
        sensor_place.c.municipality_codes.overlap(codes),
    )
    rows = select_versions().where(is_current(sensor_version))
    if None not in mine:
        rows = rows.where(visible)
    if asked.reference is not None:
        rows = rows.where(sensor_version.c.reference == fold_reference(asked.reference))
    if asked.owner:
        rows = rows.where(sensor_version.c.owner_id == asked.owner)
    if asked.before:
        rows = rows.where(sensor_version.c.id < asked.before)
    found = load_versions(session, rows.order_by(sensor_version.c.id.desc()).limit(limit + 1))
    return found[:limit], found[limit - 1].id if len(found) > limit else None
