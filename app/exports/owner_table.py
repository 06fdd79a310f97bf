"""The table of one organisation: all it has registered, to be changed in whatever program and imported again.

It holds every field, so that importing it unchanged changes nothing.
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
"""Those that can be imported again."""

_IDENTIFIER: Final = "reference"
_KINDS: Final = {
    FieldKind.TERMS: ColumnKind.TEXTS,
    FieldKind.DATE: ColumnKind.DATE,
    FieldKind.NUMBER: ColumnKind.NUMBER,
    FieldKind.BOOLEAN: ColumnKind.BOOLEAN,
}

ReportRows = Callable[[int], None]
"""Is told how many registrations have been written."""


def find_reach(principal: Principal, owner: UUID) -> frozenset[str] | None:
    """How much of an owner's table a principal may have: None for all, else what lies in these municipalities.

    Raises: NotPermitted.
    """
    if may_edit(principal, owner):
        return None
    if inside := edited_municipalities(principal):
        return inside
    raise NotPermitted(
        LocalizedText(
            "Met deze sleutel kunt u de meldingen van deze organisatie niet opvragen.",
            "This key does not allow taking the registrations of this organisation along.",
        )
    )


def spool_registrations(  # noqa: PLR0913 - whose, in which form, for whom, and who hears of it
    session: Session,
    owner: UUID,
    form: Format,
    *,
    language: Language | None = None,
    inside: frozenset[str] | None = None,
    report: ReportRows = lambda _: None,
) -> SpooledFile:
    """The table of an owner, under the names on the wire or, in a language, under the labels of the template.

    Raises: InvalidRequest for what the format cannot hold.
    """
    names = _name_columns(language)
    batches = stream_registrations(
        session, owner, _list_properties(form, names), inside=inside, areas_as_text=form is not GEOJSON_FORMAT
    )
    return spool_at_once(form, _describe_table(names), _tell(batches, report))


def _name_columns(language: Language | None) -> dict[str, str]:
    """What stands above each column, by the field's name; the location is no column but the geometry."""
    labels = {one.name: one.label for one in FIELDS} | {name: DERIVED_LABELS[name] for name in ADDED}
    return {
        name: label.render(language) if language else name
        for name, label in labels.items()
        if name != "location"
    }


def _list_properties(form: Format, names: Mapping[str, str]) -> dict[str, str]:
    """The reference is the id of each feature; of GeoJSON it is a property besides, which programs can edit."""
    return {name: heading for name, heading in names.items() if form is GEOJSON_FORMAT or name != _IDENTIFIER}


def _describe_table(names: Mapping[str, str]) -> Layer:
    columns = (Column(heading, _find_kind(name)) for name, heading in names.items() if name != _IDENTIFIER)
    return Layer("registrations", "Point", tuple(columns), Crs.CRS84, identifier=names[_IDENTIFIER])


def _find_kind(name: str) -> ColumnKind:
    return _KINDS.get(FIELD_BY_NAME[name].kind, ColumnKind.TEXT) if name in FIELD_BY_NAME else ColumnKind.TEXT


def _tell(batches: Iterator[Sequence[bytes]], report: ReportRows) -> Iterator[Sequence[bytes]]:
    written = 0
    for features in batches:
        yield features
        written += len(features)
        report(written)
