"""Who is asking: a principal and the grants that organisations gave it."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["editor", "reviewer", "auditor", "administrator"]
ROLES: tuple[Role, ...] = ("editor", "reviewer", "auditor", "administrator")


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for one organisation; an auditor or administrator without one is that of the whole register.

    `municipality_code` is that of the organisation, when it is a municipality.
    """

    role: Role
    organisation_id: UUID | None
    municipality_code: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or application that acts on the register."""

    id: UUID
    name: str
    grants: frozenset[Grant]
