"""The private side: sensors and their versions, as they were registered.

`register.sensor` is the identity; `register.sensor_version` has one row for each change. The fields of a version are
the fields of `app/sensors/fields.py`.

Triggers check references, a set of rows at a time; rows that are referred to are never deleted. Source: decision 0018.
"""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.core.database import Base
from app.sensors.fields import FIELDS, Field, FieldKind, Needed
from app.sensors.plain_text import INVISIBLE, SPACES
from app.sensors.registration_status import (
    RegistrationStatus,
    is_open,
    is_published,
    is_under_review,
    list_sql,
    render_condition,
)

DUPLICATE_METRES = 5
"""Sensors of one owner and type within this distance are probably one sensor."""

RD_SRID = 28992

SAME_PLACE_METRES = 0.001
"""Places that differ by less are the same: programs that write coordinates again change their last digits."""

DUPLICATE_DEGREES = 10
"""Sensors whose directions of view differ by more are not the same one, however near they are."""


def render_other_view(one: str, other: str) -> str:
    """SQL: whether two directions of view, in degrees, are so far apart that they are of two sensors."""
    return f"coalesce(least(abs({one} - {other}), 360 - abs({one} - {other})) > {DUPLICATE_DEGREES}, false)"


STRIP = f"CAST(floor(ST_X(location_rd) / {DUPLICATE_METRES}) AS integer)"
"""SQL of the number of the strip (`DUPLICATE_METRES` wide in RD, from south to north) in which a version lies.

Two sensors within that distance are in the same strip or in adjoining ones.
"""

NEXT_DATE_SQL = "least({version}confirm_by, {version}active_until, {version}authorisation_valid_until)"
"""SQL of the first date at which the owner must act; `version` is empty, or the prefix of the columns."""

_STORED_AS: dict[FieldKind, Any] = {
    FieldKind.TERMS: ARRAY(Text),
    FieldKind.DATE: Date,
    FieldKind.NUMBER: Double,
    FieldKind.BOOLEAN: Boolean,
    FieldKind.ORGANISATION: Uuid,
}

_GEOMETRY_TYPE = {FieldKind.POINT: "POINT", FieldKind.AREA: "MULTIPOLYGON"}


def value_column(field: Field) -> Column[object]:
    """A column that holds one field; organisations by their id."""
    stored_as = _STORED_AS.get(field.kind, Text)
    return Column(field.column, stored_as, nullable=field.needed is not Needed.ALWAYS)


def geometry_columns(field: Field) -> tuple[Column[object], Column[object]]:
    """The two columns of a geometry: longitude and latitude (ETRS89), and RD New."""
    kind = _GEOMETRY_TYPE[field.kind]
    return (
        Column(field.column, Geometry(kind, srid=4258, spatial_index=False)),
        Column(f"{field.column}_rd", Geometry(kind, srid=RD_SRID, spatial_index=False)),
    )


def _field_columns() -> list[Column[object]]:
    columns: list[Column[object]] = []
    for field in FIELDS:
        columns.extend(geometry_columns(field) if field.is_geometry else (value_column(field),))
    return columns


_metadata = Base.metadata

sensor = Table(
    "sensor",
    _metadata,
    Column("id", Uuid, primary_key=True, server_default=text("register.uuid7()")),
    Column(
        "public_code",
        Text,
        nullable=False,
        unique=True,
        server_default=text("register.public_code(nextval('register.public_code_number'))"),
    ),
    Column("owner_id", Uuid, nullable=False),
    Column("reference", Text, nullable=False),
    Column("registered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("owner_id", "reference"),
    # References that look the same are one: only folded ones are stored.
    CheckConstraint(
        f"reference IS NFC NORMALIZED AND reference !~ '[{INVISIBLE}{SPACES}]|^ | $|  '",
        name="reference",
    ),
    schema="register",
)

sensor_version = Table(
    "sensor_version",
    _metadata,
    Column("id", Uuid, primary_key=True, server_default=text("register.uuid7()")),
    Column("sensor_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("registration_status", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # A published version is valid from its publication until it is superseded, half-open.
    Column("published_at", DateTime(timezone=True)),
    Column("superseded_at", DateTime(timezone=True)),
    *_field_columns(),
    Column("operating_municipalities", ARRAY(Text)),
    # A field of view is derived from direction, angle and range, again whenever one of them changes.
    Column("observed_area_derived", Boolean, nullable=False, server_default=text("false")),
    Column("on_behalf_of_id", Uuid),
    Column("notified_late", Boolean, nullable=False, server_default=text("false")),
    Column("last_confirmed_on", Date, nullable=False),
    Column("confirm_by", Date, nullable=False),
    Column("warnings", JSONB, nullable=False, server_default=text("'[]'")),
    Column("import_id", Uuid),
    # Hidden from the public for good; an erased version has no text, place or link any more.
    Column("redacted_at", DateTime(timezone=True)),
    Column("erased", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("sensor_id", "number"),
    CheckConstraint("redacted_at IS NOT NULL OR NOT erased", name="erased"),
    CheckConstraint(f"registration_status IN {list_sql(RegistrationStatus)}", name="registration_status"),
    Index(
        "uq_sensor_version_published",
        "sensor_id",
        unique=True,
        postgresql_where=text(render_condition(is_published, None)),
    ),
    Index(
        "uq_sensor_version_open",
        "sensor_id",
        unique=True,
        postgresql_where=text(render_condition(is_open, None)),
    ),
    # Finds near-duplicates, which have one owner, and the registrations of an owner. It costs a third of a GiST.
    Index(
        "ix_sensor_version_owner_id_place",
        "owner_id",
        text(STRIP),
        text("ST_Y(location_rd)"),
        postgresql_where=text("superseded_at IS NULL"),
    ),
    # Finds what must be confirmed or comes to an end: one index of the earliest date costs a third of one for each.
    Index(
        "ix_sensor_version_next_date",
        text(NEXT_DATE_SQL.format(version="")),
        postgresql_where=text(f"{render_condition(is_published, None)} AND removed_on IS NULL"),
    ),
    # The queue of reviewers, oldest first; a published version costs nothing here.
    Index(
        "ix_sensor_version_under_review",
        "registration_status",
        "recorded_at",
        "id",
        postgresql_where=text(render_condition(is_under_review, None)),
    ),
    Index("ix_sensor_version_import_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
    # Finds what organisations were not told of; almost all registrations are one's own, and cost nothing here.
    Index(
        "ix_sensor_version_on_behalf_of_id",
        "on_behalf_of_id",
        postgresql_where=text("on_behalf_of_id IS NOT NULL AND superseded_at IS NULL"),
    ),
    schema="register",
)

sensor_place = Table(
    "sensor_place",
    _metadata,
    Column("version_id", Uuid, primary_key=True),
    # By geometry, in the edition in force; a new edition re-assigns without making a version.
    Column("municipality_code", Text),
    Column("municipality_codes", ARRAY(Text), nullable=False),
    schema="register",
)
