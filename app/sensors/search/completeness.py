"""The fields that matter to a reader, and the sensors to which each applies: the only list of them.

A mandatory field is in it where files of former registers may lack it. Fields that a generalised sensor hides are not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal_column, not_, true
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import Text

from app.sensors.fields import PERSONAL_DATA

FILLED: Final = "filled"
MISSING: Final = "missing"

Condition = Callable[[FromClause], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class FieldThatMatters:
    """A field by its name, and the condition of the sensors to which it applies."""

    name: str
    applies: Condition


def says(table: FromClause, name: str, value: str) -> ColumnElement[bool]:
    """Whether a published sensor has this JSON value of a property.

    A quotation mark within a text of the properties has a backslash before it, so the name in them is the name itself.
    """
    # Two literals: a colon before a letter would be a bound value in a statement of text.
    written: ColumnElement[str] = literal_column(f"""('"{name}":' || '{value}')""")
    return func.strpos(table.c.feature_properties, written) > literal_column("0")


def _always(_: FromClause) -> ColumnElement[bool]:
    return true()


def has_personal_data(table: FromClause) -> ColumnElement[bool]:
    """Whether a published sensor processes personal data; null where that is not filled in."""
    return _is_any(table.c.personal_data, *sorted(PERSONAL_DATA))


def _with_ground(*grounds: str) -> Condition:
    listed = ", ".join(f"'{ground}'" for ground in grounds)

    def applies(table: FromClause) -> ColumnElement[bool]:
        overlaps: ColumnElement[bool] = table.c.gdpr_bases.bool_op("&&")(literal_column(f"ARRAY[{listed}]"))
        return and_(has_personal_data(table), overlaps)

    return applies


def _with_fixed_retention(table: FromClause) -> ColumnElement[bool]:
    return and_(has_personal_data(table), _is_any(table.c.retention_kind, "fixed"))


def _is_any(column: ColumnElement[Any], *codes: str) -> ColumnElement[bool]:
    return column.in_([literal_column(f"'{code}'") for code in codes])


FIELDS_THAT_MATTER: Final = (
    FieldThatMatters("summary", _always),
    FieldThatMatters("dataTypes", _always),
    FieldThatMatters("moreInfoUrl", _always),
    FieldThatMatters("gdprBases", has_personal_data),
    FieldThatMatters("legalBasisText", _with_ground("legal_obligation", "public_task")),
    FieldThatMatters("legitimateInterest", _with_ground("legitimate_interests")),
    FieldThatMatters("privacyStatementUrl", has_personal_data),
    FieldThatMatters("dpiaStatus", has_personal_data),
    FieldThatMatters("retentionKind", has_personal_data),
    FieldThatMatters("retentionPeriod", _with_fixed_retention),
    FieldThatMatters("recipients", has_personal_data),
    FieldThatMatters("processing", has_personal_data),
)
"""Fields in the order in which pages show them."""


def list_field_states(table: FromClause) -> ColumnElement[Any]:
    """A list with `name=filled` or `name=missing` for each field that applies to a sensor."""
    states: list[ColumnElement[Any]] = [
        case(
            (and_(field.applies(table), not_(says(table, field.name, "null"))), _literal(field.name, FILLED)),
            (field.applies(table), _literal(field.name, MISSING)),
        )
        for field in FIELDS_THAT_MATTER
    ]
    listed: ColumnElement[Any] = array(states, type_=Text)
    return func.array_remove(listed, literal_column("NULL"), type_=ARRAY(Text))


def _literal(name: str, state: str) -> ColumnElement[str]:
    return literal_column(f"'{name}={state}'")
