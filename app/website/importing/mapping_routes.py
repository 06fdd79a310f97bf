"""The pages on which a person says what the columns of a list are, and what its own words mean."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from app.core.clock import dutch_date
from app.core.errors import InvalidRequest, NotFound, NotPermitted
from app.core.i18n import LocalizedText
from app.core.problems import Problem
from app.core.query_string import split_query_string
from app.core.templates import render_page
from app.imports.account import describe_account
from app.imports.actions import check_again
from app.imports.mapping_storage import get_mapping, read_mapping, store_mapping
from app.imports.queries import find_import
from app.imports.samples import Sample, list_unknown_words, read_sample
from app.imports.uploads import open_stored_file
from app.records.layouts import HeadingMapping, ReadingContext, load_context, parse_heading_mapping
from app.records.layouts.row_transforms import check_defaults
from app.sensors.fields import FIELD_BY_NAME
from app.website.account.forms import parse_number
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.importing.import_routes import ONE_IMPORT
from app.website.importing.mapping_form import (
    list_columns,
    list_target_options,
    list_values,
    write_document,
)
from app.website.importing.own_imports import IMPORTS, find_owner
from app.website.importing.own_imports import parse_import_id as parse_id
from app.website.importing.word_form import list_words, read_words

router = AccountRouter()

_COLUMNS: Final = f"{ONE_IMPORT}/kolommen"
_WORDS: Final = f"{ONE_IMPORT}/woorden"
_MAX_ROW: Final = 20

_NO_OWNER: Final = LocalizedText(
    "Kies eerst bij Mijn werkplek de organisatie waarvan u redacteur bent.",
    "First choose, at My workplace, the organisation of which you are an editor.",
)


@router.own(_COLUMNS)
def show_columns(own: OwnVisit) -> Response:
    """The columns of a file beside what they are; the address may name the sheet and the row of the headings."""
    given = dict(split_query_string(own.visit.request.scope["query_string"]))
    return _render_columns(own, _read_sample(own, given), {})


@router.own(_COLUMNS, "POST")
def choose_columns(own: OwnVisit) -> Response:
    """Store what the columns are, and check the file, or first ask what its own words mean."""
    given = own.visit.form
    owner = find_owner(own)
    if owner is None:
        raise NotPermitted(_NO_OWNER)
    sample = _read_sample(own, given)
    former = _find_mapping(own)
    name = " ".join(given.get("naam", "").split())
    problems: list[Problem] = []
    mapping = None
    try:
        mapping = parse_heading_mapping(write_document(sample, given, former), name)
    except InvalidRequest as refused:
        problems += refused.problems
    context = _load_context(own)
    values = {
        field.removeprefix("vast-"): text.strip()
        for field, text in given.items()
        if field.startswith("vast-") and text.strip() and field.removeprefix("vast-") in FIELD_BY_NAME
    }
    problems += check_defaults(context, values)
    if mapping is not None and not problems:
        try:
            store_mapping(own.session, owner, mapping)
        except InvalidRequest as refused:
            problems += refused.problems
    if mapping is None or problems:
        return _render_columns(own, sample, given, problems)
    if _list_unknown(own, mapping, context):
        response = own.visit.go_to(f"{IMPORTS}/{parse_id(own.visit)}/woorden")
        return _with_mapping(response, mapping)
    return _check(own, mapping)


def _with_mapping(response: Response, mapping: HeadingMapping) -> Response:
    response.headers["location"] += f"?koppeling={quote(mapping.name or '')}"
    return response


def _check(own: OwnVisit, mapping: HeadingMapping) -> Response:
    check_again(own.session, own.signed_in.principal, parse_id(own.visit), mapping)
    return own.visit.go_to(f"{IMPORTS}/{parse_id(own.visit)}")


@router.own(_WORDS)
def show_words(own: OwnVisit) -> Response:
    """The own words of lists beside the terms of the register."""
    given = dict(split_query_string(own.visit.request.scope["query_string"]))
    mapping = get_mapping(own.session, find_owner(own), given.get("koppeling", ""))
    context = _load_context(own)
    unknown = _list_unknown(own, mapping, context)
    return render_page(
        own.visit.request,
        "website/importing/words.html",
        import_id=parse_id(own.visit),
        mapping=mapping,
        lists=list_words(unknown, context.vocabularies, own.visit.language),
    )


@router.own(_WORDS, "POST")
def choose_words(own: OwnVisit) -> Response:
    """Store what the words mean, and check the file. A word without an answer becomes a problem of its rows."""
    given = own.visit.form
    owner = find_owner(own)
    if owner is None:
        raise NotPermitted(_NO_OWNER)
    mapping = get_mapping(own.session, owner, given.get("koppeling", ""))
    document = mapping.write_document()
    words: dict[str, dict[str, Any]] = document.setdefault("words", {})
    for field, meant in read_words(given).items():
        words.setdefault(field, {}).update(meant)
    translated = parse_heading_mapping(document, mapping.name)
    store_mapping(own.session, owner, translated)
    return _check(own, translated)


def _find_mapping(own: OwnVisit) -> HeadingMapping | None:
    """The mapping with which the import was read last."""
    found = find_import(own.session, own.signed_in.principal, parse_id(own.visit))
    return read_mapping(found.mapping, found.mapping_name)


def _read_sample(own: OwnVisit, given: Mapping[str, str]) -> Sample:
    """The first rows of the stored file. Raises: NotFound; Conflict when it is no longer stored; InvalidRequest."""
    found = find_import(own.session, own.signed_in.principal, parse_id(own.visit))
    heading_row = parse_number(given.get("rij", ""), _MAX_ROW)
    with open_stored_file(own.session, found.id) as path:
        return read_sample(path, found.file_name, sheet=given.get("blad") or None, heading_row=heading_row)


def _list_unknown(
    own: OwnVisit, mapping: HeadingMapping, context: ReadingContext
) -> Mapping[str, Sequence[str]]:
    found = find_import(own.session, own.signed_in.principal, parse_id(own.visit))
    with open_stored_file(own.session, found.id) as path:
        return list_unknown_words(path, found.file_name, mapping, context)


def _load_context(own: OwnVisit) -> ReadingContext:
    return load_context(
        own.session,
        owner=own.signed_in.organisation_id,
        defaults={},
        language=own.visit.language,
        today=dutch_date(),
    )


def _render_columns(
    own: OwnVisit, sample: Sample, given: Mapping[str, str], problems: Sequence[Problem] = ()
) -> Response:
    if not sample.columns:
        raise NotFound(
            LocalizedText(
                "In dit bestand staan geen kolommen met een kop en rijen eronder.",
                "This file has no columns with a heading and rows below it.",
            )
        )
    language = own.visit.language
    found = find_import(own.session, own.signed_in.principal, parse_id(own.visit))
    mapping = read_mapping(found.mapping, found.mapping_name)
    choices = list_columns(sample, given, mapping)
    context = _load_context(own)
    by_heading = {f"columns.{choice.column.heading}": choice.name for choice in choices}
    summary = [(_locate(problem, by_heading), problem.detail.render(language)) for problem in problems]
    return render_page(
        own.visit.request,
        "website/importing/columns.html",
        status=422 if problems else 200,
        import_id=found.id,
        file_name=found.file_name,
        sample=sample,
        account=[
            sentence.render(language) for sentence in describe_account(sample.account, with_tables=False)
        ],
        skipped=next(
            (table.skipped_rows for table in sample.account.tables if table.name == sample.sheet), ()
        ),
        choices=choices,
        options=list_target_options(choices, language),
        values=list_values(given, mapping, context.vocabularies, language),
        name=given.get("naam", found.mapping_name or Path(found.file_name).stem[:80]),
        summary=summary,
        errors=dict(reversed(summary)),
    )


def _locate(problem: Problem, by_heading: Mapping[str, str]) -> str:
    """The name of the field of the form to which a problem belongs."""
    location = problem.location
    if location in by_heading:
        return by_heading[location]
    if location == "name":
        return "naam"
    if location == "columns":
        return "kolom-0"
    return f"vast-{location.removeprefix('/').removeprefix('values.')}"
