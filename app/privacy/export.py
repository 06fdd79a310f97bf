"""Export of everything that the register stores about one person, for that person."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import column, func, or_, select, table
from sqlalchemy.orm import Session

from app.access.people import list_addresses
from app.access.queries import read_principal
from app.audit.queries import list_entries
from app.privacy.columns import BY_ADDRESS, TABLES

FORMAT: Final = "sensor-register-person-1"
MAX_ROWS: Final = 10_000
"""Most rows of one table in an export; `more` says that there were others."""

# The tables of other packages, by their names: an export changes nothing.
_SCHEMA: Final = "register"
_AUDIT: Final = ("recorded_at", "action", "subject_kind", "subject_ids", "reason", "request_id")


def export_person(session: Session, principal_id: UUID, now: datetime) -> dict[str, Any]:
    """Every row that names the account or an address of a person, by table; plain JSON. Raises: NotFound."""
    person = read_principal(session, principal_id)
    addresses = list_addresses(session, principal_id)
    tables: dict[str, Any] = {}
    for name, described in TABLES.items():
        if described.persons:
            rows = _read(session, _SCHEMA, name, described.persons, [principal_id], described.exported)
            tables[name] = _describe(rows)
    for name, (address, exported) in BY_ADDRESS.items():
        rows = _read(session, _SCHEMA, name, (address,), addresses, exported) if addresses else []
        tables[f"{name} by address"] = _describe(rows)
    tables["audit_entry by this person"] = _describe(
        _read(session, "audit", "audit_entry", ("principal_id",), [principal_id], _AUDIT, latest="id")
    )
    tables["audit_entry about this person"] = _describe(_read_about(session, principal_id))
    return {
        "format": FORMAT,
        "exportedAt": now.astimezone(UTC).isoformat(timespec="seconds"),
        "person": str(person.id),
        "addresses": addresses,
        "tables": tables,
    }


def count_rows(exported: dict[str, Any]) -> list[tuple[str, int]]:
    """The tables of an export that have rows, with their number, for a page."""
    return [(name, len(one["rows"])) for name, one in exported["tables"].items() if one["rows"]]


def _read(  # noqa: PLR0913, PLR0917 - which rows of which table
    session: Session,
    schema: str,
    name: str,
    matched: Sequence[str],
    values: Sequence[UUID | str],
    exported: Sequence[str],
    latest: str | None = None,
) -> list[dict[str, Any]]:
    of = table(name, *map(column, {*matched, *exported, *([latest] if latest else [])}), schema=schema)
    # Addresses are compared whatever the case of their letters.
    folded = [str(one).lower() if isinstance(one, str) else one for one in values]
    conditions = [
        (func.lower(of.c[one]) if isinstance(folded[0], str) else of.c[one]).in_(folded) for one in matched
    ]
    statement = select(*(of.c[one] for one in exported)).where(or_(*conditions)).limit(MAX_ROWS + 1)
    if latest:
        statement = statement.order_by(of.c[latest].desc())
    return [dict(zip(exported, row, strict=True)) for row in session.execute(statement)]


def _read_about(session: Session, principal_id: UUID) -> list[dict[str, Any]]:
    entries = list_entries(session, subject_kind="principal", subject_id=principal_id, limit=MAX_ROWS + 1)
    return [{name: getattr(entry, name) for name in _AUDIT} for entry in entries]


def _describe(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    shown = [{name: _write(value) for name, value in row.items()} for row in rows[:MAX_ROWS]]
    return {"rows": shown, "more": len(rows) > MAX_ROWS}


def _write(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, UUID | date):
        return str(value)
    return value
