"""Principals, grants and keys in requests and answers."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from app.access.actions import KEY_LIFETIME
from app.access.principal import SCOPES, Role, Scope


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class NewPrincipal(_Document):
    """A person or application to admit."""

    name: str = Field(description="The name that is shown; others may have the same.")
    handle: str | None = Field(
        None, description="An e-mail address or the subject at an identity provider; unique."
    )


class NewGrant(_Document):
    """A role to give."""

    role: Role
    organisation: UUID | None = Field(
        None, description="The organisation; without it, an auditor or administrator of the whole register."
    )


class NewKey(_Document):
    """A key to issue."""

    grant: UUID = Field(
        description="The grant of the principal that the key is for; the key allows nothing else."
    )
    days: int = Field(
        KEY_LIFETIME.days, ge=1, le=3650, strict=True, description="Number of days that the key is valid."
    )
    scopes: set[Scope] = Field(
        set(SCOPES),
        min_length=1,
        description="The use of the key: `read` private data, `register` and change, `import` files.",
    )


class Ending(_Document):
    """Why something ends."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] = Field(
        description="Why; it is written in the audit trail."
    )


class GrantDocument(_Document):
    """A grant in force."""

    id: UUID
    role: Role
    organisation: UUID | None = None


class KeyDocument(_Document):
    """A key without its secret."""

    prefix: str = Field(description="The public part of the key: the characters after srk_.")
    grant: UUID | None = Field(
        None, description="The only grant of the key; absent where it has all of its holder."
    )
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_on: date | None = None
    scopes: list[Scope] = Field(description="The use that the key allows, as far as its grant does.")


class PrincipalDocument(_Document):
    """A person or application, with the grants and keys that the caller manages."""

    id: UUID
    name: str
    handle: str | None = None
    created_at: datetime
    ended_at: datetime | None = None
    grants: list[GrantDocument]
    keys: list[KeyDocument]


class PrincipalsDocument(_Document):
    """Persons and applications, oldest first."""

    principals: list[PrincipalDocument]


class IssuedKeyDocument(_Document):
    """A new key. The token is in this answer alone: it is not stored."""

    prefix: str
    token: str
    expires_at: datetime
    scopes: list[Scope]


class RevokedKeys(_Document):
    """The keys that ended with it, by their public part."""

    revoked_keys: list[str]


def describe_body(model: type[BaseModel]) -> dict[str, Any]:
    """The body of a request in the API document."""
    schema = model.model_json_schema(by_alias=True)
    return {"required": True, "content": {"application/json": {"schema": schema}}}


REASON_BODY: Final = describe_body(Ending)
