"""Finding organisations: their public face, or all of their fields."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, column, false, func, or_, select, table
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.i18n import LANGUAGES, Language, LocalizedText
from app.mail.mail_address import normalise_address
from app.organisations.record import Organisation, OrganisationFace
from app.organisations.tables import OrganisationContact, PublicOrganisation

# Vocabularies and organisations do not import each other; this reads the table of the other.
_TERM = table("term", *map(column, ("vocabulary", "code", "position", "valid_until")), schema="publication")

PAGE_SQL: Final = """
SELECT id, json_strip_nulls(json_build_object(
    'id', id, 'name', name, 'organisationType', organisation_type, 'municipalityCode', municipality_code
))::text
FROM publication.organisation
WHERE (%(after)s::uuid IS NULL OR id > %(after)s)
  AND (%(words)s::text IS NULL OR position(lower(%(words)s) IN lower(name)) > 0)
ORDER BY id LIMIT %(limit)s
"""
"""A page of the public list, for a read connection: ids with their JSON text."""

FACE_SQL: Final = """
SELECT revision, json_strip_nulls(json_build_object(
    'id', id, 'name', name, 'organisationType', organisation_type, 'tooiCode', tooi_code,
    'municipalityCode', municipality_code, 'kvkNumber', kvk_number, 'oin', oin, 'website', website,
    'publicEmail', public_email, 'publicPhone', public_phone, 'contactUrl', contact_url,
    'dpoContact', dpo_contact
))::text
FROM publication.organisation WHERE id = %(id)s
"""
"""One public face, for a read connection: its revision and JSON text."""


_SELECT_STORED: Final[Select[PublicOrganisation, OrganisationContact]] = select(
    PublicOrganisation, OrganisationContact
).join(OrganisationContact, OrganisationContact.organisation_id == PublicOrganisation.id)


@dataclass(frozen=True, slots=True)
class StoredOrganisation:
    """An organisation with its private fields and its revision."""

    id: UUID
    revision: int
    organisation: Organisation


NAMES_SQL: Final = """
SELECT CAST(id AS text), name FROM publication.organisation WHERE id = ANY(CAST(%(ids)s AS uuid[]))
"""
"""The public names of organisations by id, for a read connection; null for persons and sole traders."""


def list_organisation_types(session: Session) -> Sequence[str]:
    """The codes of types that are valid today, in the order of their list."""
    still_valid = or_(_TERM.c.valid_until.is_(None), _TERM.c.valid_until > func.current_date())
    return session.scalars(
        select(_TERM.c.code)
        .where(_TERM.c.vocabulary == "organisationType", still_valid)
        .order_by(_TERM.c.position)
    ).all()


def select_organisation_type(organisation_id: ColumnElement[UUID]) -> Select[Any]:
    """The type of an organisation, in the column `value`, for a larger statement."""
    named = PublicOrganisation.id == organisation_id
    return select(PublicOrganisation.organisation_type.label("value")).where(named)


def get_organisation(
    session: Session, organisation_id: UUID, *, to_change: bool = False
) -> StoredOrganisation:
    """All fields of an organisation; `to_change` locks the row until the transaction ends.

    Raises: NotFound.
    """
    statement = _SELECT_STORED.where(PublicOrganisation.id == organisation_id)
    if to_change:
        statement = statement.with_for_update(of=PublicOrganisation, key_share=True)
    row = session.execute(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound(LocalizedText("Deze organisatie bestaat niet.", "There is no such organisation."))
    return _join(row)


def name_organisation(session: Session, organisation_id: UUID) -> str:
    """Its name for those who act for it, also where that is not public, or its id. Raises: NotFound."""
    return get_organisation(session, organisation_id).organisation.name or str(organisation_id)


def list_organisation_names(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these organisations for those who act with them, also where they are not public; else their ids."""
    statement = select(
        PublicOrganisation.id, func.coalesce(PublicOrganisation.name, OrganisationContact.private_name)
    ).join(OrganisationContact, OrganisationContact.organisation_id == PublicOrganisation.id)
    rows = session.execute(statement.where(PublicOrganisation.id.in_(organisation_ids)))
    return {row[0]: row[1] or str(row[0]) for row in rows}


def list_organisations_by_words(session: Session, words: Collection[str]) -> dict[str, list[UUID]]:
    """The organisations with each of these words, in lower case, in their name, also where that is not public."""
    name = func.lower(func.coalesce(PublicOrganisation.name, OrganisationContact.private_name))
    statement = (
        select(PublicOrganisation.id, name)
        .join(OrganisationContact, OrganisationContact.organisation_id == PublicOrganisation.id)
        .where(or_(*(name.contains(word, autoescape=True) for word in words), false()))
    )
    rows = session.execute(statement).all() if words else []
    return {word: [row[0] for row in rows if word in row[1]] for word in words}


def find_language(session: Session, organisation_ids: Collection[UUID]) -> Language | None:
    """The language of mail to people of these organisations; None where they differ, or there are none."""
    statement = select(OrganisationContact.language).where(
        OrganisationContact.organisation_id.in_(organisation_ids)
    )
    found = session.scalars(statement.distinct()).all()
    return next((one for one in LANGUAGES if [one] == found), None)


def get_face(session: Session, organisation_id: UUID) -> OrganisationFace:
    """The public face of an organisation. Raises: NotFound."""
    face = session.get(PublicOrganisation, organisation_id)
    if face is None:
        raise NotFound(LocalizedText("Deze organisatie bestaat niet.", "There is no such organisation."))
    return OrganisationFace.model_validate(face, from_attributes=True)


def find_organisation(session: Session, named: str) -> UUID | None:
    """The organisation with this id, TOOI code, municipality code or full name; None where there is none."""
    matches: list[ColumnElement[bool]] = [
        PublicOrganisation.tooi_code == named.lower(),
        PublicOrganisation.municipality_code == named.upper(),
        func.lower(PublicOrganisation.name) == named.lower(),
        func.lower(OrganisationContact.private_name) == named.lower(),
    ]
    with suppress(ValueError):
        matches.append(PublicOrganisation.id == UUID(named))
    statement = _SELECT_STORED.with_only_columns(PublicOrganisation.id).where(or_(*matches))
    return session.scalars(statement.order_by(PublicOrganisation.id).limit(1)).first()


def choose_organisation(session: Session, named: str) -> UUID:
    """The organisation that `find_organisation` finds, for the command line. Raises: NotFound."""
    found = find_organisation(session, named)
    if found is None:
        raise NotFound(
            LocalizedText(
                f"Er is geen organisatie {named}. `sensor-register organisations list` toont alle organisaties.",
                f"There is no organisation {named}. `sensor-register organisations list` lists them.",
            )
        )
    return found


def find_faces(session: Session, organisation_ids: Iterable[UUID]) -> dict[UUID, OrganisationFace]:
    """The public faces of these organisations by id; unknown ids are left out."""
    statement = select(PublicOrganisation).where(PublicOrganisation.id.in_(list(organisation_ids)))
    return {
        face.id: OrganisationFace.model_validate(face, from_attributes=True)
        for face in session.scalars(statement)
    }


def find_by_name(session: Session, words: str, *, limit: int) -> list[OrganisationFace]:
    """Organisations that take part and have these words in their public name, in order of name."""
    statement = (
        select(PublicOrganisation)
        .where(
            func.strpos(func.lower(PublicOrganisation.name), words.strip().lower()) > 0,
            PublicOrganisation.ended_at.is_(None),
        )
        .order_by(func.lower(PublicOrganisation.name), PublicOrganisation.id)
        .limit(limit)
    )
    return [
        OrganisationFace.model_validate(face, from_attributes=True) for face in session.scalars(statement)
    ]


class Mailbox(NamedTuple):
    """Where an organisation reads mail of the register, and what it is called in it."""

    name: str
    address: str
    language: Language


def find_mailbox(session: Session, organisation_id: UUID) -> Mailbox | None:
    """The functional address of an organisation, else its private one; None where it has none or has ended."""
    row = session.execute(_SELECT_STORED.where(PublicOrganisation.id == organisation_id)).one_or_none()
    if row is None or row.PublicOrganisation.ended_at is not None:
        return None
    face, contact = row
    address = normalise_address(face.public_email or contact.personal_email or "")
    name = face.name or contact.private_name or str(organisation_id)
    return Mailbox(name, address, cast(Language, contact.language)) if address else None


class OrganisationKind(NamedTuple):
    """Id, type and municipality code of an organisation, and whether it has ended: what rules of sensors need."""

    id: UUID
    organisation_type: str
    municipality_code: str | None
    has_ended: bool


def list_kinds(session: Session, organisation_ids: Collection[UUID] | None = None) -> list[OrganisationKind]:
    """The kind of each of these organisations that exists, or of all organisations."""
    statement = select(
        PublicOrganisation.id,
        PublicOrganisation.organisation_type,
        PublicOrganisation.municipality_code,
        PublicOrganisation.ended_at.is_not(None),
    )
    if organisation_ids is not None:
        statement = statement.where(PublicOrganisation.id.in_(organisation_ids))
    return [OrganisationKind(*row) for row in session.execute(statement)]


def list_organisations(session: Session) -> list[StoredOrganisation]:
    """All organisations with their private fields, in order of registration."""
    return [_join(row) for row in session.execute(_SELECT_STORED.order_by(PublicOrganisation.id))]


class FoundOrganisation(NamedTuple):
    """An organisation as an administrator of the register finds it; `name` also where it is not public."""

    id: UUID
    name: str | None
    organisation_type: str
    ended_at: datetime | None


def search_organisations(
    session: Session, words: str, *, limit: int, offset: int = 0
) -> tuple[list[FoundOrganisation], int]:
    """The organisations with these words in their name, or this code or number, by name, and how many there are."""
    name = func.coalesce(PublicOrganisation.name, OrganisationContact.private_name)
    escaped = words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = or_(
        func.lower(name).like(f"%{escaped}%"),
        *(
            column == given
            for column, given in (
                (PublicOrganisation.municipality_code, words.upper()),
                (PublicOrganisation.tooi_code, words.lower()),
                (PublicOrganisation.kvk_number, words),
                (PublicOrganisation.oin, words),
            )
        ),
    )
    joined = _SELECT_STORED.where(found) if words else _SELECT_STORED
    total = session.scalars(select(func.count()).select_from(joined.subquery())).one()
    rows = session.execute(
        joined.with_only_columns(
            PublicOrganisation.id, name, PublicOrganisation.organisation_type, PublicOrganisation.ended_at
        )
        .order_by(func.lower(name), PublicOrganisation.id)
        .limit(limit)
        .offset(offset)
    )
    return [FoundOrganisation(*row) for row in rows], total


def find_ended_at(session: Session, organisation_id: UUID) -> datetime | None:
    """When an organisation ended; None where it did not."""
    return session.scalar(select(PublicOrganisation.ended_at).where(PublicOrganisation.id == organisation_id))


def _join(row: Row[PublicOrganisation, OrganisationContact]) -> StoredOrganisation:
    face, private = row
    fields = {
        name: getattr(face if hasattr(face, name) else private, name) for name in Organisation.model_fields
    }
    fields["name"] = face.name or private.private_name
    fields["kvk_number"] = face.kvk_number or private.private_kvk_number
    return StoredOrganisation(face.id, face.revision, Organisation(**fields))
