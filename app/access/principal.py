"""A principal and its grants."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["editor", "reviewer", "auditor", "administrator"]
ROLES: tuple[Role, ...] = ("editor", "reviewer", "auditor", "administrator")

Scope = Literal["read", "register", "import"]
SCOPES: tuple[Scope, ...] = ("read", "register", "import")
"""Uses of a key, each as far as the roles of its holder allow it."""


SYSTEM = "system:"
"""Start of the handles of the register's own principals, which no one else can have."""


def order_scopes(scopes: Collection[Scope]) -> list[Scope]:
    """The scopes in their fixed order."""
    return [scope for scope in SCOPES if scope in scopes]


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

    `key_id` is the key by which it was authenticated, whose grant is the only one, and whose scopes are `scopes`.
    """

    id: UUID
    name: str
    grants: frozenset[Grant]
    key_id: UUID | None = None
    scopes: frozenset[Scope] = frozenset(SCOPES)
