"""The dimensions by which sensors are counted: for each the stored column, and how values are made of it.

`SOURCES` is the only place that decides it. Counts on request and the stored counts are made from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    func,
    literal_column,
    not_,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from app.municipalities.queries import select_provinces
from app.organisations.queries import select_organisation_type
from app.sensors.search.completeness import has_personal_data, list_field_states, says
from app.sensors.search.operational_status import operational_status

Day = ColumnElement[Any]
Read = Callable[[FromClause, Day], ColumnElement[Any]]


class Dimension(StrEnum):
    """A property of sensors by whose values they can be counted; named as in the API."""

    MUNICIPALITY = "municipality"
    PROVINCE = "province"
    SENSOR_TYPE = "sensorType"
    THEME = "theme"
    SMART_CITY_THEME = "smartCityTheme"
    OWNER = "owner"
    OWNER_TYPE = "ownerType"
    PERSONAL_DATA = "personalData"
    LEGAL_GROUND = "legalGround"
    OPERATIONAL_STATUS = "operationalStatus"
    MOBILITY = "mobility"
    PLACED_MONTH = "placedMonth"
    """The month of placing, up to the day of the search; a planned sensor has none."""
    ENDED_MONTH = "endedMonth"
    """The month of the end, up to the day of the search; a sensor that has not ended has none."""
    NOTIFIED_LATE = "notifiedLate"
    CONFIRMED = "confirmed"
    FIELD_STATE = "fieldState"
    """Whether each field that matters is filled in; see `completeness.py`."""


PUBLIC_DIMENSIONS: Final = tuple(one for one in Dimension if one is not Dimension.FIELD_STATE)
"""Dimensions by which the API counts; the completeness of fields has an address of its own."""

ITEM_PARAMETERS: Final[dict[Dimension, str]] = {
    Dimension.MUNICIPALITY: "municipality",
    Dimension.PROVINCE: "province",
    Dimension.SENSOR_TYPE: "sensorType",
    Dimension.THEME: "themes",
    Dimension.SMART_CITY_THEME: "smartCityTheme",
    Dimension.OWNER: "owner",
    Dimension.PERSONAL_DATA: "personalData",
    Dimension.LEGAL_GROUND: "gdprBases",
    Dimension.OPERATIONAL_STATUS: "operationalStatus",
    Dimension.MOBILITY: "mobility",
}
"""The parameter of items that selects the sensors counted under a value. The other dimensions have none."""

CONFIRMED: Final = "confirmed"
OVERDUE: Final = "overdue"
"""Values of `CONFIRMED`; a removed sensor has none, since it needs no confirmation."""

NOT_NEEDED: Final = "not_needed"
"""The value of `LEGAL_GROUND` of a sensor that processes no personal data, and so needs no ground."""


def find_item_parameter(dimension: Dimension, value: str | None) -> str | None:
    """The parameter of items that selects the sensors counted under this value; None where there is none."""
    return None if value in (None, NOT_NEEDED) else ITEM_PARAMETERS.get(dimension)


@dataclass(frozen=True, slots=True)
class DimensionSource:
    """Where the values of a dimension come from.

    `read` gives the column of a table of sensors, or an expression over its columns and a day. `expand` makes of it
    the distinct values of a sensor, which may be none or several; without it the column is the value.
    """

    read: Read
    expand: Callable[[ColumnElement[Any]], Select[Any]] | None = None
    overlaps: bool = False
    """Whether a sensor may have several values, so that the counts may add up to more than the total."""


def _column(name: str) -> Read:
    return lambda table, _: table.c[name]


def _placed_month(table: FromClause, day: Day) -> ColumnElement[Any]:
    return case((table.c.placed_from <= day, _month(table.c.placed_from)))


def _ended_month(table: FromClause, day: Day) -> ColumnElement[Any]:
    # As the operational status has it: removed on the day itself, expired from the day after the last.
    return case(
        (table.c.removed_on <= day, _month(table.c.removed_on)),
        (table.c.active_until < day, _month(table.c.active_until)),
    )


def _month(day: ColumnElement[Any]) -> ColumnElement[Any]:
    month: ColumnElement[Any] = func.to_char(day, literal_column("'YYYY-MM'"))
    return month


def _each_of(codes: ColumnElement[Any]) -> Select[Any]:
    return select(func.unnest(codes).label("value")).distinct()


def _legal_grounds(table: FromClause, _: Day) -> ColumnElement[Any]:
    grounds = table.c.gdpr_bases
    has_none = func.coalesce(func.cardinality(grounds), literal_column("0")) == literal_column("0")
    needs_none = and_(has_none, not_(has_personal_data(table)))
    return case((needs_none, literal_column(f"ARRAY['{NOT_NEEDED}']", ARRAY(Text))), else_=grounds)


def _confirmed(table: FromClause, day: Day) -> ColumnElement[Any]:
    overdue: ColumnElement[str] = literal_column(f"'{OVERDUE}'")
    return case(
        (table.c.removed_on <= day, null()),
        (table.c.confirm_by < day, overdue),
        else_=literal_column(f"'{CONFIRMED}'"),
    )


def _notified_late(table: FromClause, _: Day) -> ColumnElement[Any]:
    return cast(says(table, "notifiedLate", "true"), Text)


def _field_states(table: FromClause, _: Day) -> ColumnElement[Any]:
    return list_field_states(table)


SOURCES: Final[dict[Dimension, DimensionSource]] = {
    Dimension.MUNICIPALITY: DimensionSource(_column("municipality_codes"), _each_of, overlaps=True),
    Dimension.PROVINCE: DimensionSource(_column("municipality_codes"), select_provinces, overlaps=True),
    Dimension.SENSOR_TYPE: DimensionSource(_column("sensor_type")),
    Dimension.THEME: DimensionSource(_column("themes"), _each_of, overlaps=True),
    Dimension.SMART_CITY_THEME: DimensionSource(_column("smart_city_theme"), _each_of, overlaps=True),
    Dimension.OWNER: DimensionSource(_column("owner_id")),
    Dimension.OWNER_TYPE: DimensionSource(_column("owner_id"), select_organisation_type),
    Dimension.PERSONAL_DATA: DimensionSource(_column("personal_data")),
    Dimension.LEGAL_GROUND: DimensionSource(_legal_grounds, _each_of, overlaps=True),
    Dimension.OPERATIONAL_STATUS: DimensionSource(operational_status),
    Dimension.MOBILITY: DimensionSource(_column("mobility")),
    Dimension.PLACED_MONTH: DimensionSource(_placed_month),
    Dimension.ENDED_MONTH: DimensionSource(_ended_month),
    Dimension.NOTIFIED_LATE: DimensionSource(_notified_late),
    Dimension.CONFIRMED: DimensionSource(_confirmed),
    Dimension.FIELD_STATE: DimensionSource(_field_states, _each_of, overlaps=True),
}
