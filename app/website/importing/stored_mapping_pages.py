"""The mappings of headings that an organisation stored: listed, shown and deleted."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from starlette.responses import Response

from app.access.permissions import may_edit
from app.core.i18n import Language
from app.core.templates import render_page
from app.imports.own_mappings import delete_own_mapping, find_own_mapping, list_own_mappings
from app.records.layouts.mapping_document import name_target
from app.sensors.fields import FIELD_BY_NAME
from app.vocabularies.queries import Vocabularies, load_vocabularies
from app.website.account.forms import parse_id
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.importing.mapping_form import list_terms
from app.website.importing.own_imports import IMPORTS

MAPPINGS: Final = f"{IMPORTS}/koppelingen"
_ONE: Final = f"{MAPPINGS}/{{mapping_id}}"

router = AccountRouter()


@router.own(MAPPINGS)
def show_mappings(own: OwnVisit) -> Response:
    """Show the mappings of the chosen organisation."""
    owner = own.signed_in.organisation_id
    stored = list_own_mappings(own.session, own.signed_in.principal, owner) if owner else []
    is_deleted = own.visit.request.query_params.get("gedaan") == "verwijderd"
    return render_page(
        own.visit.request,
        "website/importing/mappings.html",
        mappings=[(one, _count_used(one.document)) for one in stored],
        is_deleted=is_deleted,
    )


@router.own(_ONE)
def show_mapping(own: OwnVisit) -> Response:
    """Show what each heading of a mapping stands for, and the button that deletes it."""
    stored = find_own_mapping(own.session, own.signed_in.principal, _parse(own))
    language = own.visit.language
    vocabularies = load_vocabularies(own.session)
    document = stored.document
    return render_page(
        own.visit.request,
        "website/importing/mapping.html",
        mapping=stored,
        columns=[
            (heading, [name_target(one).render(language) for one in _list(targets)])
            for heading, targets in document.get("columns", {}).items()
        ],
        values=[
            (_name_field(name, language), _write(name, value, vocabularies, language))
            for name, value in document.get("values", {}).items()
        ],
        words=[
            (_name_field(name, language), word, _write(name, meaning, vocabularies, language))
            for name, meanings in document.get("words", {}).items()
            for word, meaning in meanings.items()
        ],
        may_delete=may_edit(own.signed_in.principal, stored.owner_id),
    )


@router.own(f"{_ONE}/verwijderen", "POST")
def delete_shown(own: OwnVisit) -> Response:
    """Delete the mapping; earlier imports keep it."""
    delete_own_mapping(own.session, own.signed_in.principal, _parse(own))
    return own.visit.go_to(f"{MAPPINGS}?gedaan=verwijderd")


def _parse(own: OwnVisit) -> UUID:
    return parse_id(own.visit.request.path_params["mapping_id"])


def _count_used(document: Mapping[str, Any]) -> int:
    return sum(1 for targets in document.get("columns", {}).values() if _list(targets))


def _list(targets: Any) -> list[str]:
    return [one for one in (targets if isinstance(targets, list) else [targets]) if one]


def _name_field(name: str, language: Language) -> str:
    field = FIELD_BY_NAME.get(name)
    return name if field is None else field.label.render(language)


def _write(name: str, value: Any, vocabularies: Vocabularies, language: Language) -> str:
    """The value of a field as people read it: terms by their labels."""
    field = FIELD_BY_NAME.get(name)
    labels = {} if field is None else dict(list_terms(field, vocabularies, language))
    return ", ".join(labels.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))
