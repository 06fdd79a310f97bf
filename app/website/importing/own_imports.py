"""Addresses of the pages of imports, and the import that a page is about."""

from typing import Any, Final
from uuid import UUID

from app.access.permissions import may_edit
from app.imports.queries import find_import
from app.imports.routes import imports_url
from app.imports.schemas import write_import
from app.website.account.forms import parse_id
from app.website.account.visits import HOME, OwnVisit, Visit

IMPORTS: Final = f"{HOME}/importeren"


def parse_import_id(visit: Visit) -> UUID:
    """The id of the import in the path. Raises: NotFound."""
    return parse_id(visit.request.path_params["import_id"])


def describe_import(own: OwnVisit) -> dict[str, Any]:
    """The import of the path as the API describes it, in the language of the page. Raises: NotFound."""
    found = find_import(own.session, own.signed_in.principal, parse_import_id(own.visit))
    return write_import(found, own.visit.language, imports_url(own.visit.request))


def find_owner(own: OwnVisit) -> UUID | None:
    """The organisation for which the person imports now; None where there is none, or no right to."""
    owner = own.signed_in.organisation_id
    return owner if owner is not None and may_edit(own.signed_in.principal, owner) else None
