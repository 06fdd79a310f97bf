"""Reading duties: of a day in a session, or all of a municipality on a connection of public reads."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.duties.duty import COLUMNS, DEFAULT_NOTICE_DAYS, Duty, choose_duty, duty_of_row
from app.duties.tables import DutyProfile, TrustedOrganisation
from app.organisations.queries import find_faces

DUTIES_SQL: Final = f"""
SELECT (SELECT count(*) + count(superseded_at) FROM publication.duty_profile WHERE municipality_code = %(code)s),
    coalesce(json_agg(profile ORDER BY valid_from DESC), '[]')::text
FROM (
    SELECT {", ".join(COLUMNS)} FROM publication.duty_profile
    WHERE municipality_code = %(code)s AND superseded_at IS NULL
) AS profile
"""  # noqa: S608 - names of columns
"""Every profile of a municipality, for a read connection: how many were ever recorded, and those that hold as JSON."""


@dataclass(frozen=True, slots=True)
class Duties:
    """Every profile of a municipality, the newest first; `revision` grows with every change of them."""

    municipality_code: str
    revision: int
    profiles: tuple[Duty, ...]

    def find(self, day: date, default_days: int = DEFAULT_NOTICE_DAYS) -> Duty:
        """The duty in force on a day; a voluntary one where there is none."""
        return choose_duty(self.profiles, self.municipality_code, day, default_days)

    def version_on(self, day: date) -> int:
        """A number from 1 that grows when a profile is recorded, taken back or comes into force: its entity tag."""
        begun = [duty for duty in self.profiles if duty.valid_from is not None and duty.valid_from <= day]
        return 1 + self.revision + len(begun)


@dataclass(frozen=True, slots=True)
class Trust:
    """An organisation that a municipality trusts, or trusted; `name` is None for one without a public name."""

    organisation_id: UUID
    name: str | None
    since: datetime
    trusted_by: UUID | None
    ended_at: datetime | None


def find_duty(
    session: Session,
    municipality_code: str | None,
    day: date,
    *,
    default_days: int = DEFAULT_NOTICE_DAYS,
) -> Duty:
    """The duty of a municipality on a day. Without a profile nothing is mandatory, and `default_days` is the notice."""
    return find_duties(session, [municipality_code], day, default_days=default_days)[0]


def find_duties(
    session: Session,
    municipality_codes: Iterable[str | None],
    day: date,
    *,
    default_days: int = DEFAULT_NOTICE_DAYS,
) -> list[Duty]:
    """The duty of each of these municipalities on a day, in their order."""
    codes = list(municipality_codes)
    statement = (
        select(DutyProfile)
        .ext(distinct_on(DutyProfile.municipality_code))
        .where(
            DutyProfile.municipality_code.in_([code for code in codes if code]),
            DutyProfile.superseded_at.is_(None),
            DutyProfile.valid_from <= day,
        )
        .order_by(DutyProfile.municipality_code, DutyProfile.valid_from.desc())
    )
    found = {row.municipality_code: _read(row) for row in session.scalars(statement)}
    return [found.get(code or "") or Duty(code, notice_days=default_days) for code in codes]


def load_duties(session: Session, municipality_code: str) -> Duties:
    """Every profile of a municipality that holds, held or will hold."""
    rows = session.scalars(
        select(DutyProfile)
        .where(DutyProfile.municipality_code == municipality_code, DutyProfile.superseded_at.is_(None))
        .order_by(DutyProfile.valid_from.desc())
    )
    profiles = tuple(map(_read, rows))
    changes = select(func.count() + func.count(DutyProfile.superseded_at)).where(
        DutyProfile.municipality_code == municipality_code
    )
    return Duties(municipality_code, session.scalars(changes).one(), profiles)


async def read_duties(pool: AsyncConnectionPool[Any], municipality_code: str) -> Duties:
    """The same as `load_duties`, on a connection of public reads."""
    async with pool.connection() as connection:
        row = await (
            await connection.execute(DUTIES_SQL, {"code": municipality_code}, binary=True)
        ).fetchone()
    revision, profiles = row or (0, "[]")
    return Duties(municipality_code, revision, tuple(map(duty_of_row, json.loads(profiles))))


async def read_duty(
    pool: AsyncConnectionPool[Any],
    municipality_code: str,
    day: date | None = None,
    *,
    default_days: int = DEFAULT_NOTICE_DAYS,
) -> Duty:
    """The duty of a municipality on a day, today by default, on a connection of public reads."""
    duties = await read_duties(pool, municipality_code)
    return duties.find(day or dutch_date(), default_days)


def find_trusting(session: Session, organisation_id: UUID) -> frozenset[str]:
    """The codes of the municipalities that trust an organisation now; may be empty."""
    row = TrustedOrganisation
    return frozenset(
        session.scalars(
            select(row.municipality_code).where(
                row.organisation_id == organisation_id, row.ended_at.is_(None)
            )
        )
    )


def list_trusted(session: Session, municipality_code: str) -> list[Trust]:
    """The organisations that a municipality trusts, and those that it trusted before, the newest first."""
    rows = session.scalars(
        select(TrustedOrganisation)
        .where(TrustedOrganisation.municipality_code == municipality_code)
        .order_by(TrustedOrganisation.since.desc(), TrustedOrganisation.id.desc())
    ).all()
    faces = find_faces(session, {row.organisation_id for row in rows})
    return [
        Trust(row.organisation_id, faces[row.organisation_id].name, row.since, row.trusted_by, row.ended_at)
        for row in rows
    ]


def _read(row: DutyProfile) -> Duty:
    return duty_of_row({name: getattr(row, name) for name in COLUMNS})
