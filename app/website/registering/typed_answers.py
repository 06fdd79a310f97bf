"""Answers as they are typed in the form, read as the cells of a file are; and a registration as such answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from app.core.formatting import format_duration
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.places.typed_position import find_position
from app.records.cell_parsers import parse_duration
from app.records.layouts.areas import Refused
from app.records.layouts.columns import make_reader
from app.records.layouts.notices import AssumptionLog
from app.records.layouts.reading_context import ReadingContext
from app.sensors.fields import FIELD_BY_NAME, Field, FieldKind
from app.sensors.registration.drafts import Answers
from app.sensors.registration.queries import version_as_request
from app.sensors.registration.version_record import SensorVersion
from app.website.account.forms import FormFields

YES: Final = "true"
NO: Final = "false"

_DEGREE_DECIMALS: Final = 7
"""A centimetre: finer than any owner measures."""

_UNREADABLE_PLACE: Final = LocalizedText(
    "Wij kunnen deze plek niet lezen. Schrijf bijvoorbeeld 52,37310, 4,89320 of 121394 487383 (RD), of kies de plek "
    "op de kaart.",
    "We cannot read this place. Write for instance 52.37310, 4.89320 or 121394 487383 (RD), or choose it on the map.",
)


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """The answers as a request to register: values by field, and what could not be read."""

    request: Mapping[str, Any]
    problems: tuple[Problem, ...]


def take_answers(form: FormFields, names: tuple[str, ...], saved: Answers) -> Answers:
    """The answers that a form sent for these fields: a text each, or the codes of a list; empty where it was left open.

    A browser changes line breaks, and sends terms in the order of the page: an answer that differs from the saved one
    only in these is the saved one.
    """
    return {name: _take(form, FIELD_BY_NAME[name], saved.get(name)) for name in names}


def _take(form: FormFields, field: Field, saved: str | list[str] | None) -> str | list[str]:
    if field.kind is FieldKind.TERMS:
        codes = [code for code in form.list_values(field.name) if code]
        return saved if isinstance(saved, list) and sorted(saved) == sorted(codes) else codes
    typed = form.get(field.name, "").strip()
    if isinstance(saved, str) and _drop_breaks(typed) == _drop_breaks(saved):
        return saved
    return typed


def _drop_breaks(text: str) -> str:
    return re.sub(r"[\r\n]", "", text).strip()


def read_answers(answers: Answers, context: ReadingContext) -> ReadAnswers:
    """The answers as values, read as an import reads a cell with the same text."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, answer in answers.items():
        field = FIELD_BY_NAME.get(name)
        if field is None or not answer:
            continue
        try:
            values[name] = _read(field, answer, context)
        except Refused as refused:
            found = refused.problem
            problems.append(Problem(found.code, f"/{name}", found.detail, found.value, found.suggestion))
    return ReadAnswers(values, tuple(problems))


def _read(field: Field, answer: str | list[str], context: ReadingContext) -> Any:
    if field.kind is FieldKind.TERMS:
        return answer
    if field.kind is FieldKind.POINT:
        position = find_position(str(answer))
        if position is None:
            raise Refused(Problem(ProblemCode.INVALID_POSITION, "", _UNREADABLE_PLACE, str(answer)[:255]))
        return {"type": "Point", "coordinates": [position.lon, position.lat]}
    return make_reader(field, context, AssumptionLog())(answer)


def write_answers(version: SensorVersion, context: ReadingContext) -> dict[str, str | list[str]]:
    """A registration as answers that read as the same values."""
    return {
        name: _write(FIELD_BY_NAME[name], value, context)
        for name, value in version_as_request(version).items()
        if name in FIELD_BY_NAME
    }


def _write(field: Field, value: Any, context: ReadingContext) -> str | list[str]:
    match value:
        case list() if field.kind is FieldKind.TERMS:
            return list(value)
        case list():
            return "; ".join(context.directory.get_municipality(code).name for code in value)
        case bool():
            written = YES if value else NO
        case float():
            written = write_number(value)
        case Point():
            written = write_place(value.x, value.y)
        case BaseGeometry():
            written = write_area(value)
        case str() if field.kind is FieldKind.DURATION:
            written = _write_duration(value, context)
        case _ if field.kind is FieldKind.ORGANISATION:
            written = _write_organisation(value, context)
        case _:
            written = str(value)
    return written


def _write_duration(value: str, context: ReadingContext) -> str:
    """The duration in words where these are read as the same; else as ISO 8601."""
    words = format_duration(value, context.language)
    return words if parse_duration(words) == value else value


def _write_organisation(identifier: str, context: ReadingContext) -> str:
    """Its name where that means no other; else its id."""
    name = context.organisations.names.get(identifier)
    return name if name and context.organisations.find(name) == identifier else identifier


def write_place(longitude: float, latitude: float) -> str:
    """A place in degrees as people write it: latitude first."""
    return f"{latitude:.{_DEGREE_DECIMALS}f}, {longitude:.{_DEGREE_DECIMALS}f}"


def write_area(area: BaseGeometry) -> str:
    """An area as WKT, in degrees."""
    return str(shapely.to_wkt(area, rounding_precision=_DEGREE_DECIMALS))


def write_number(value: float) -> str:
    """A number as it is typed in the Netherlands, without a decimal comma where it is whole."""
    written = str(int(value)) if value.is_integer() else str(value)
    # A power of ten is read with a decimal point alone.
    return written if "e" in written else written.replace(".", ",")
