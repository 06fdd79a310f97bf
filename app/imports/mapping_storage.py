"""Storage of the mappings of headings that an organisation made, each under a name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.actions import record_action
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.imports.tables import StoredMapping
from app.records.layouts import HeadingMapping, parse_heading_mapping

MAX_MAPPINGS: Final = 100
"""Maximum number of mappings of one organisation."""

MAX_NAME_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A stored mapping as it is, also where a field of it no longer exists: then it is not usable."""

    id: UUID
    owner_id: UUID
    name: str
    changed_at: datetime
    document: Mapping[str, Any]

    @property
    def is_usable(self) -> bool:
        """Whether a file can be read by it."""
        return read_mapping(self.document, self.name) is not None


def list_mappings(session: Session, owner_id: UUID | None) -> list[HeadingMapping]:
    """The mappings of an organisation, the one that was changed last first; none without an organisation."""
    if owner_id is None:
        return []
    rows = session.execute(
        select(StoredMapping.document, StoredMapping.name)
        .where(StoredMapping.owner_id == owner_id)
        .order_by(StoredMapping.changed_at.desc(), StoredMapping.name)
    ).all()
    return [found for document, name in rows if (found := read_mapping(document, name)) is not None]


def list_saved(session: Session, owner_ids: Collection[UUID]) -> list[SavedMapping]:
    """The mappings of these organisations by name, also those that can no longer be read."""
    rows = session.scalars(
        select(StoredMapping)
        .where(StoredMapping.owner_id.in_(owner_ids))
        .order_by(StoredMapping.owner_id, StoredMapping.name)
    )
    return list(map(_save, rows))


def get_saved(session: Session, mapping_id: UUID) -> SavedMapping:
    """A mapping by its id. Raises: NotFound."""
    found = session.get(StoredMapping, mapping_id)
    if found is None:
        raise NotFound(
            LocalizedText("Deze koppeling is er niet (meer).", "There is no such mapping (any more).")
        )
    return _save(found)


def delete_saved(session: Session, saved: SavedMapping, *, principal_id: UUID | None) -> None:
    """Delete a mapping; earlier imports keep the one that they were read with. None is the command line."""
    session.execute(delete(StoredMapping).where(StoredMapping.id == saved.id))
    record_action(
        session,
        principal_id=principal_id,
        action="delete_mapping",
        subject_kind="mapping",
        subject_ids=[saved.id],
        details={"owner": str(saved.owner_id), "name": saved.name},
    )


def _save(row: StoredMapping) -> SavedMapping:
    return SavedMapping(row.id, row.owner_id, row.name, row.changed_at, row.document)


def read_mapping(document: Mapping[str, Any] | None, name: str | None) -> HeadingMapping | None:
    """A stored mapping; None where there is none, or a field of it no longer exists."""
    try:
        return parse_heading_mapping(document, name) if document is not None else None
    except InvalidRequest:
        return None


def get_mapping(session: Session, owner_id: UUID | None, name: str) -> HeadingMapping:
    """The mapping of this name. Raises: InvalidRequest with the nearest name."""
    mappings = {mapping.name or "": mapping for mapping in list_mappings(session, owner_id)}
    if name in mappings:
        return mappings[name]
    nearest = find_nearest(name, mappings)
    meant = ask_whether_meant(nearest)
    detail = LocalizedText(
        f"Deze eigenaar heeft geen koppeling met de naam {name[:MAX_NAME_LENGTH]}.{meant.nl}",
        f"This owner has no mapping with the name {name[:MAX_NAME_LENGTH]}.{meant.en}",
    )
    problem = Problem(
        ProblemCode.UNKNOWN_VALUE, "mapping", detail, name[:MAX_NAME_LENGTH], nearest or ABSENT, where="query"
    )
    raise InvalidRequest(problems=[problem])


def store_mapping(session: Session, owner_id: UUID, mapping: HeadingMapping) -> None:
    """Store a mapping under its name, in place of an earlier one. Raises: InvalidRequest."""
    name = " ".join((mapping.name or "").split())
    problems = []
    if not 0 < len(name) <= MAX_NAME_LENGTH or not name.isprintable():
        detail = LocalizedText(
            f"Geef een naam van hoogstens {MAX_NAME_LENGTH} tekens, bijvoorbeeld Camera's van beheer.",
            f"Give a name of at most {MAX_NAME_LENGTH} characters, for instance Cameras of maintenance.",
        )
        problems.append(Problem(ProblemCode.REQUIRED, "name", detail, name[:MAX_NAME_LENGTH]))
    names = set(session.scalars(select(StoredMapping.name).where(StoredMapping.owner_id == owner_id)))
    if name not in names and len(names) >= MAX_MAPPINGS:
        detail = LocalizedText(
            f"Er zijn al {MAX_MAPPINGS} koppelingen. Verwijder er eerst een.",
            f"There are {MAX_MAPPINGS} mappings already. Delete one first.",
        )
        problems.append(Problem(ProblemCode.OUT_OF_RANGE, "name", detail))
    if problems:
        raise InvalidRequest(problems=problems)
    values = {"document": mapping.write_document(), "changed_at": func.now()}
    session.execute(
        insert(StoredMapping)
        .values(owner_id=owner_id, name=name, **values)
        .on_conflict_do_update(constraint="uq_heading_mapping_owner_id_name", set_=values)
    )
