"""The temporary tables with the records of an import, until these are written.

They are dropped at the end of the transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg import Connection, sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.bulk.checking import CHECKED_COLUMNS
from app.sensors.fields import Field
from app.sensors.registration.permissions import may_change_sql
from app.sensors.registration.queries import version_as_request
from app.sensors.registration_status import JOIN_CURRENT_SQL
from app.sensors.tables.register import sensor_version

STAGED_COLUMNS: Final = ("key", "is_refused", "is_whole", "base_version_id", *CHECKED_COLUMNS)
"""`base_version_id` is the version whose values complete the record; `is_whole`: the record has every field."""

# About the size that a socket accepts at once.
_CHUNK_CHARACTERS: Final = 200_000

_CREATE: Final = {
    "staged_sensor": f"""AS
        SELECT 0::bigint AS key, false AS is_refused, false AS is_whole, id AS base_version_id,
            {", ".join(CHECKED_COLUMNS)}
        FROM register.sensor_version WITH NO DATA""",
    "staged_match": """(
        key bigint, sensor_id uuid, before_id uuid, may_change boolean, is_stale boolean, is_same boolean)""",
    "staged_point": """(
        id bigint, point_rd geometry(Point, 28992), cell_x integer, cell_y integer, owner_id uuid, sensor_type text,
        reference text, view_direction_deg double precision, counts boolean, is_known boolean)""",
    "staged_area": "(id bigint, area_rd geometry(MultiPolygon, 28992), is_operating boolean)",
    "staged_place": "(key bigint, code text, distance_m double precision)",
    "staged_touch": "(key bigint, code text, is_operating boolean)",
    "staged_repeated": "(owner_id uuid, reference text)",
    "staged_decision": """(
        key bigint, sensor_id uuid, before_id uuid, state text, code text, codes text[], publishes_at_once boolean,
        on_behalf_of_id uuid, is_late boolean, is_repeated boolean, is_outside boolean, is_forbidden boolean,
        belongs_to_other boolean, is_stale boolean, is_of_ended boolean, owner_id uuid, reference text,
        place geometry(Point, 28992))""",
    "staged_warning": "(key bigint, first jsonb, last jsonb)",
    "staged_missing": """(
        sensor_id uuid, before_id uuid, reference text, is_planned boolean, publishes_at_once boolean)""",
    "staged_write": """(
        position bigint, key bigint, owner_id uuid, reference text, sensor_id uuid, is_first boolean, before_id uuid,
        version_id uuid, status text, on_behalf_of_id uuid, code text, codes text[], is_late boolean)""",
}
"""`match` holds registered sensors; `point`, `area`, `place` and `touch` are for finding the municipalities, `point`
also for near-duplicates: its cells are squares of `DUPLICATE_METRES`, counted in RD. `decision` has a row for each
record, `warning` one for each record with warnings that need the register; `write` holds the versions to be written."""

# Do not reveal other organisations' sensors.
MAY_CHANGE: Final = may_change_sql("sensor.owner_id", "current_place")


def create_tables(session: Session) -> None:
    """Create the tables of an import, after dropping those of an earlier one in this transaction."""
    for table, columns in _CREATE.items():
        session.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
        session.execute(text(f"CREATE TEMPORARY TABLE {table} {_on_commit(columns)}"))


def _on_commit(columns: str) -> str:
    if columns.startswith("AS"):
        return f"ON COMMIT DROP {columns}"
    return f"{columns} ON COMMIT DROP"


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Copy rows of texts for COPY into a staging table."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101 - the driver of SQLAlchemy
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY pg_temp.{} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        lines: list[str] = []
        size = 0
        for row in rows:
            line = "\t".join(row)
            lines.append(line)
            size += len(line)
            if size > _CHUNK_CHARACTERS:
                copy.write("\n".join([*lines, ""]))
                lines, size = [], 0
        copy.write("\n".join([*lines, ""]))


def has_sensors(session: Session, owner_id: UUID) -> bool:
    """Whether this owner has any registration."""
    statement = "SELECT EXISTS (SELECT FROM register.sensor WHERE owner_id = :owner)"
    return bool(session.scalar(text(statement), {"owner": owner_id}))


def find_registered(
    session: Session, rights: Mapping[str, Any], named: Sequence[tuple[UUID, str]], fields: Sequence[Field]
) -> dict[tuple[UUID, str], tuple[UUID, dict[str, Any]]]:
    """The current version and the values of these fields, by owner and reference.

    Only of sensors that the principal may change, by `rights`: the `organisations` and `municipalities` edited for.
    """
    columns = {"operating_municipalities", "observed_area_derived", *(field.column for field in fields)}
    statement = f"""
        SELECT sensor.owner_id AS owner, sensor.reference AS known_as, current.id AS version_id,
            {", ".join(f"current.{column}" for column in sorted(columns))}
        FROM unnest(CAST(:owners AS uuid[]), CAST(:references AS text[])) AS named (owner_id, reference)
        JOIN register.sensor USING (owner_id, reference)
        JOIN {JOIN_CURRENT_SQL}
        LEFT JOIN register.sensor_place AS current_place ON current_place.version_id = current.id
        WHERE {MAY_CHANGE}
    """
    typed = text(statement).columns(**{column: sensor_version.c[column].type for column in columns})
    owners, references = zip(*named, strict=True)
    rows = session.execute(typed, {**rights, "owners": list(owners), "references": list(references)})
    return {(row.owner, row.known_as): (row.version_id, version_as_request(row, fields)) for row in rows}
