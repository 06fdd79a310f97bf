"""All registrations of an organisation as a stream of GeoJSON features.

Unlike the publication it holds every field as it was given, coordinates to their last digit.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from app.sensors.fields import FIELDS, Field, FieldKind
from app.sensors.registration_status import is_current
from app.sensors.tables.register import sensor, sensor_place, sensor_version

AT_A_TIME: Final = 1000

ADDED: Final[Mapping[str, ColumnElement[Any]]] = {
    "publicCode": sensor.c.public_code,
    "registrationStatus": sensor_version.c.registration_status,
}
"""Properties that the register adds after the fields of the owner."""

# Coordinates of an area to the last digit of a double.
_DIGITS: Final = literal_column("17", Integer)
_NO_CRS: Final = literal_column("0", Integer)


def stream_registrations(
    session: Session,
    owner: UUID,
    names: Mapping[str, str],
    *,
    inside: Collection[str] | None = None,
    areas_as_text: bool = True,
) -> Iterator[Sequence[bytes]]:
    """The current version of each sensor of an owner, in order of reference.

    The id of a feature is its reference, its geometry the location (null for a mobile sensor); `names` maps each other
    field, and each of `ADDED`, to its heading. With `inside`, only sensors inside these municipalities are included.
    Areas are WKT, or codes joined by `|`; without `areas_as_text` they are GeoJSON and lists of codes. A field of view
    that the register derived is left out, since it is derived again on import. The stream is one snapshot.
    """
    statement = _select_features(owner, names, inside, areas_as_text=areas_as_text)
    options = {"stream_results": True, "max_row_buffer": AT_A_TIME}
    rows = session.scalars(statement, execution_options=options)
    for part in rows.partitions(AT_A_TIME):
        yield [text.encode() for text in part]


def count_registrations(session: Session, owner: UUID, inside: Collection[str] | None = None) -> int:
    """The number of features of `stream_registrations`."""
    return session.scalar(_choose_current(select(func.count()), owner, inside)) or 0


def _select_features(
    owner: UUID, names: Mapping[str, str], inside: Collection[str] | None, *, areas_as_text: bool
) -> Select[Any]:
    version = sensor_version.c
    values = {
        field.name: _write_area(field, areas_as_text=areas_as_text)
        if field.kind is FieldKind.AREA
        else version[field.column]
        for field in FIELDS
    } | dict(ADDED)
    properties = select(*(values[name].label(heading) for name, heading in names.items()))
    # A lateral subquery without a FROM: its values come from the version beside it.
    row = properties.correlate(sensor_version, sensor).lateral("properties")
    point = func.json_build_object(
        "type",
        "Point",
        "coordinates",
        func.json_build_array(func.ST_X(version.location), func.ST_Y(version.location)),
    )
    feature = func.json_build_object(
        "type",
        "Feature",
        "id",
        version.reference,
        "geometry",
        case((version.location.is_not(None), point)),
        "properties",
        # Nulls are included, so that every field can be seen in the GeoJSON and filled in.
        func.row_to_json(row.table_valued()),
    )
    chosen = _choose_current(select(cast(feature, Text)), owner, inside, row)
    return chosen.order_by(version.reference, version.sensor_id)


def _choose_current(
    asked: Select[Any], owner: UUID, inside: Collection[str] | None, beside: FromClause | None = None
) -> Select[Any]:
    version = sensor_version.c
    rows: FromClause = sensor_version.join(sensor, sensor.c.id == version.sensor_id)
    if inside is not None:
        rows = rows.join(sensor_place, sensor_place.c.version_id == version.id)
    if beside is not None:
        rows = rows.join(beside, true())
    chosen = asked.select_from(rows).where(version.owner_id == owner, is_current(sensor_version))
    return chosen if inside is None else chosen.where(_lies_inside(inside))


def _lies_inside(codes: Collection[str]) -> ColumnElement[bool]:
    """Whether a sensor is in these municipalities, or moves inside them alone."""
    place = sensor_place.c
    moves = and_(place.municipality_code.is_(None), place.municipality_codes.contained_by(list(codes)))
    return or_(place.municipality_code.in_(codes), moves)


def _write_area(field: Field, *, areas_as_text: bool) -> ColumnElement[Any]:
    version = sensor_version.c
    area, codes = version[field.column], version.operating_municipalities
    whole: ColumnElement[Any]
    if areas_as_text:
        whole, named = func.ST_AsText(area, _DIGITS), func.array_to_string(codes, literal("|"))
    else:
        whole, named = cast(func.ST_AsGeoJSON(area, _DIGITS, _NO_CRS), JSON), func.to_json(codes)
    if field.name == "observedArea":
        return case((version.observed_area_derived, None), else_=whole)
    return case((codes.is_not(None), named), else_=whole)
