"""The table of one organisation: all its registrations, to be changed in any program and imported again.

It has every field, so that importing it unchanged changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import edited_municipalities, may_edit
from app.access.principal import Principal
from app.core.errors import NotPermitted
from app.core.i18n import Language, LocalizedText
from app.files.writers.schema import (
    CSV,
    EXCEL,
    GEOJSON_FORMAT,
    GEOPACKAGE,
    GEOPARQUET,
    Column,
    ColumnKind,
    Format,
    Layer,
)
from app.files.writers.spooled_file import SpooledFile, spool_at_once
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, FIELDS, FieldKind
from app.sensors.registration.owner_table import ADDED, stream_registrations
from app.spatial.crs import Crs

TABLE_FORMATS: Final[tuple[Format, ...]] = (EXCEL, CSV, GEOJSON_FORMAT, GEOPACKAGE, GEOPARQUET)
"""Formats that can be imported again."""

_IDENTIFIER: Final = "reference"
_KINDS: Final = {
    FieldKind.TERMS: ColumnKind.TEXTS,
    FieldKind.DATE: ColumnKind.DATE,
    FieldKind.NUMBER: ColumnKind.NUMBER,
    FieldKind.BOOLEAN: ColumnKind.BOOLEAN,
}

ReportRows = Callable[[int], None]
"""Called with the number of registrations that have been written."""


def find_readable_municipalities(principal: Principal, owner: UUID) -> frozenset[str] | None:
    """Part of an owner's table that a principal may read: None for all, else that in these municipalities.

    Raises: NotPermitted.
    """
    if may_edit(principal, owner):
        return None
    if inside := edited_municipalities(principal):
        return inside
    raise NotPermitted(
        LocalizedText(
            "Met deze sleutel kunt u de registraties van deze organisatie niet opvragen.",
            "With this key you cannot export the registrations of this organisation.",
        )
    )


def spool_registrations(  # noqa: PLR0913 - four options of one export, each with a default
    session: Session,
    owner: UUID,
    form: Format,
    *,
    language: Language | None = None,
    inside: frozenset[str] | None = None,
    report: ReportRows = lambda _: None,
) -> SpooledFile:
    """The table of an owner, with wire names as headings or, in a language, the labels of the template.

    Raises: InvalidRequest for values that the format cannot hold.
    """
    names = _name_columns(language)
    batches = stream_registrations(
        session, owner, _list_properties(form, names), inside=inside, areas_as_text=form is not GEOJSON_FORMAT
    )
    return spool_at_once(form, _describe_table(names, language), _report_rows(batches, report))


def _name_columns(language: Language | None) -> dict[str, str]:
    """Heading of each column, by the name of its field; the location is the geometry, not a column."""
    labels = {one.name: one.label for one in FIELDS} | {name: DERIVED_LABELS[name] for name in ADDED}
    return {
        name: label.render(language) if language else name
        for name, label in labels.items()
        if name != "location"
    }


def _list_properties(form: Format, names: Mapping[str, str]) -> dict[str, str]:
    """Columns without the reference, which is the id; GeoJSON has it as a property too, which programs can edit."""
    return {name: heading for name, heading in names.items() if form is GEOJSON_FORMAT or name != _IDENTIFIER}


def _describe_table(names: Mapping[str, str], language: Language | None) -> Layer:
    columns = (Column(heading, _find_kind(name)) for name, heading in names.items() if name != _IDENTIFIER)
    return Layer(
        "registrations", "Point", tuple(columns), Crs.CRS84, identifier=names[_IDENTIFIER], language=language
    )


def _find_kind(name: str) -> ColumnKind:
    return _KINDS.get(FIELD_BY_NAME[name].kind, ColumnKind.TEXT) if name in FIELD_BY_NAME else ColumnKind.TEXT


def _report_rows(batches: Iterator[Sequence[bytes]], report: ReportRows) -> Iterator[Sequence[bytes]]:
    written = 0
    for features in batches:
        yield features
        written += len(features)
        report(written)
