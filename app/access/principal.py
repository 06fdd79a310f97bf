"""A principal and its grants."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["editor", "reviewer", "auditor", "administrator"]
ROLES: tuple[Role, ...] = ("editor", "reviewer", "auditor", "administrator")


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for one organisation, or, without one, for the whole register (auditor and administrator only).

    `municipality_code` is the code of the organisation if it is a municipality.
    """

    role: Role
    organisation_id: UUID | None
    municipality_code: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or application that acts on the register, with the grants that it acts by.

    `key_id` is the key by which it was authenticated, whose grant is the only one.
    """

    id: UUID
    name: str
    grants: frozenset[Grant]
    key_id: UUID | None = None
