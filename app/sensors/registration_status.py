"""The statuses of a registration, and the conditions that select versions by them.

A sensor has several versions that are not superseded: at most one open and one published, and one that ended. Each
condition is written once, in SQLAlchemy; `render_condition` gives the same condition as SQL text. The transitions
between the statuses are in `app/sensors/registration/lifecycle.py`. Source: decision 0021.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, FromClause, Text, and_, column, exists, literal, or_, select, table
from sqlalchemy.dialects import postgresql


class RegistrationStatus(StrEnum):
    """Status of a version. The labels are in the vocabulary `registrationStatus`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OPEN_STATUSES: Final = (
    RegistrationStatus.DRAFT,
    RegistrationStatus.SUBMITTED,
    RegistrationStatus.CHANGES_REQUESTED,
)
"""Statuses of a version that is not public and may still become so."""

REVIEW_STATUSES: Final = (RegistrationStatus.SUBMITTED, RegistrationStatus.CHANGES_REQUESTED)
"""Statuses of a version that is under review: it waits for a reviewer, or for its submitter."""

LIVE_STATUSES: Final = (*OPEN_STATUSES, RegistrationStatus.PUBLISHED)
"""Statuses of a registration that may be changed."""

ENDED_STATUSES: Final = (RegistrationStatus.REJECTED, RegistrationStatus.WITHDRAWN)
"""Statuses of a registration that counts as absent: the sensor may be registered again under its number."""


def list_sql(values: Iterable[str]) -> str:
    """The values of an enum as the list of an SQL IN, in parentheses."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"({listed})"


def has_status(version: FromClause, *statuses: RegistrationStatus) -> ColumnElement[bool]:
    """Whether a version has one of these statuses and is not superseded."""
    status = version.c.registration_status
    chosen = status == statuses[0] if len(statuses) == 1 else status.in_(statuses)
    return and_(version.c.superseded_at.is_(None), chosen)


def is_published(version: FromClause) -> ColumnElement[bool]:
    """Whether a version is the published one of its sensor."""
    return has_status(version, RegistrationStatus.PUBLISHED)


def is_open(version: FromClause) -> ColumnElement[bool]:
    """Whether a version is the open one of its sensor: a draft, or under review."""
    return has_status(version, *OPEN_STATUSES)


def is_under_review(version: FromClause) -> ColumnElement[bool]:
    """Whether a version waits for a reviewer, or for its submitter to change it."""
    return has_status(version, *REVIEW_STATUSES)


def is_live(version: FromClause) -> ColumnElement[bool]:
    """Whether a version is the open or the published one of its sensor; a sensor may have both."""
    return has_status(version, *LIVE_STATUSES)


def is_current(version: FromClause) -> ColumnElement[bool]:
    """Whether a version is the current one of its sensor: the open version, else the published one.

    A sensor has no current version when its registration was rejected or withdrawn.
    """
    other = _VERSION.alias("other")
    is_being_changed = exists().where(other.c.sensor_id == version.c.sensor_id, is_open(other))
    return and_(
        is_live(version),
        or_(version.c.registration_status != RegistrationStatus.PUBLISHED, ~is_being_changed),
    )


def render_condition(condition: Callable[[FromClause], ColumnElement[bool]], version: str | None) -> str:
    """A condition of this module as SQL text; `version` is the alias of the table, None for columns without prefix."""
    table_or_alias = _VERSION.alias(version) if version else _VERSION
    # Within a SELECT: a subquery of the condition refers to the table of the outer one.
    compiled = (
        select(literal(1))
        .select_from(table_or_alias)
        .where(condition(table_or_alias))
        .compile(
            dialect=postgresql.dialect(),  # type: ignore[no-untyped-call]
            compile_kwargs={"literal_binds": True, "include_table": version is not None},
        )
    )
    return " ".join(str(compiled).split("WHERE ", 1)[1].split())


_VERSION: Final = table(
    "sensor_version",
    column("sensor_id"),
    column("registration_status", Text),
    column("superseded_at"),
    schema="register",
)

LIVE_SQL: Final = render_condition(is_live, "version")
"""`is_live` of the alias `version`."""

PUBLISHED_SQL: Final = render_condition(is_published, "version")
"""`is_published` of the alias `version`."""

JOIN_CURRENT_SQL: Final = f"""
LATERAL (
    SELECT * FROM register.sensor_version AS version
    WHERE version.sensor_id = sensor.id AND {render_condition(is_current, "version")} LIMIT 1
) AS current ON true
"""  # noqa: S608 - no text of a request
"""The current version of each row of `sensor`, after JOIN or LEFT JOIN, as `current`."""
