"""Parsers of one value of one field: they return the value to store, or add a problem.

No parser raises: it returns the value, or adds problems and returns None.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.organisations.contact_details import find_contact_details, may_hold_contact_details
from app.organisations.queries import OrganisationKind
from app.sensors.fields import Field, FieldKind
from app.sensors.plain_text import NO_VALUES, fold_reference
from app.spatial.crs import Crs
from app.spatial.geojson import parse_geometry
from app.vocabularies.queries import Vocabularies

MAX_SHOWN_LENGTH = 2000
MAX_TERMS_NAMED = 8
"""Maximum number of codes listed in a sentence; a longer list is better looked up."""

# Characters that turn the direction of text are among them: they can make one name look like another.
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Nearly every valid address matches this; only the others are parsed.
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9]{1,60}(?:[-.][a-z0-9]{1,60}){0,9}(?:/[A-Za-z0-9_.~/%?=&#-]{0,1000})?"
)
# Printable ASCII without a backslash, and single spaces: such a reference is stored as it is given.
_PLAIN_REFERENCE = re.compile(r"(?!.{65})[!-\[\]-~]+(?: [!-\[\]-~]+)*")
_DUTCH_DATE = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DURATION = re.compile(
    r"P(?=\d|T\d)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?(T(?=\d)(\d{1,5}H)?(\d{1,5}M)?(\d{1,5}S)?)?"
)

# Spellings in files: a choice from a list, or a box to tick.
_YES_OR_NO = LocalizedText("Kies ja of nee (true of false).", "Choose yes or no (true or false).")


@dataclass(slots=True)
class ValidationContext:
    """The reference data with which one record is parsed, and the problems found."""

    vocabularies: Vocabularies
    organisations: Mapping[UUID, OrganisationKind]
    municipalities: frozenset[str]
    crs: Crs
    today: date
    problems: list[Problem] = dataclass_field(default_factory=list)

    def refuse(
        self,
        location: str,
        code: ProblemCode,
        detail: LocalizedText,
        value: object = ABSENT,
        suggestion: object = ABSENT,
    ) -> None:
        self.problems.append(Problem(code, location, detail, _showable(value), suggestion))

    def take_problems(self) -> tuple[Problem, ...]:
        """Return the problems found so far and start a new list."""
        found, self.problems = tuple(self.problems), []
        return found


def _showable(value: object) -> object:
    """The value as it may be repeated in an answer: shortened, and without what JSON cannot represent."""
    if value is ABSENT:
        return value
    try:
        written = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)[:MAX_SHOWN_LENGTH]
    return (
        value
        if len(written) <= MAX_SHOWN_LENGTH and not CONTROL.search(written)
        else written[:MAX_SHOWN_LENGTH]
    )


def read_value(validation_context: ValidationContext, field: Field, raw: Any) -> Any:
    """The value of one field as it is stored, or None where it is empty or refused."""
    return None if is_empty(raw) else _READERS[field.kind](validation_context, field, raw)


def make_plain_test(field: Field) -> Callable[[str], bool] | None:
    """A test for texts that are stored as given and are safe on one line; nearly all texts pass.

    Used for many records at once; other texts are parsed one by one.
    """
    if field.kind is FieldKind.URL:
        return lambda text: _PLAIN_URL.fullmatch(text) is not None
    if field.kind is not FieldKind.TEXT:
        return None
    if field.name == "reference":
        return lambda text: (
            _PLAIN_REFERENCE.fullmatch(text) is not None
            and text not in NO_VALUES
            and not may_hold_contact_details(text)
        )
    # No spaces at its ends, backslashes, control characters, or characters beyond European letters.
    letter = r"!-\[\]-~\u00a1-\u024f"
    plain = re.compile(field.pattern or rf"[{letter}](?:[ {letter}]{{0,{field.most - 2}}}[{letter}])?")

    def is_plain(text: str) -> bool:
        return (
            plain.fullmatch(text) is not None
            and text not in NO_VALUES
            and not (field.is_free_text and may_hold_contact_details(text))
        )

    return is_plain


def is_empty(raw: Any) -> bool:
    """Whether the value is empty."""
    return raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []


def _read_text(validation_context: ValidationContext, field: Field, raw: Any) -> str | None:
    pointer = f"/{field.name}"
    if not isinstance(raw, str):
        validation_context.refuse(
            pointer, ProblemCode.WRONG_TYPE, LocalizedText("Geef hier tekst.", "Give text here."), raw
        )
        return None
    if CONTROL.search(raw):
        detail = LocalizedText(
            "De tekst bevat stuurtekens. Typ de tekst opnieuw, zonder te plakken.",
            "The text holds control characters. Type it again instead of pasting.",
        )
        validation_context.refuse(pointer, ProblemCode.CONTROL_CHARACTERS, detail, CONTROL.sub("\ufffd", raw))
        return None
    value = fold_reference(raw) if field.name == "reference" else raw.strip()
    if value in NO_VALUES or not value:
        validation_context.refuse(pointer, ProblemCode.INVALID_TEXT, _STANDS_FOR_NOTHING, raw)
        return None
    if len(value) > field.most:
        detail = LocalizedText(
            f"Te lang: {len(value)} tekens, hoogstens {field.most}.",
            f"Too long: {len(value)} characters, at most {field.most}.",
        )
        validation_context.refuse(pointer, ProblemCode.TOO_LONG, detail, raw)
        return None
    if field.pattern and not re.fullmatch(field.pattern, value):
        detail = _PATTERN_ADVICE.get(
            field.name, LocalizedText("Dit heeft niet de juiste vorm.", "This has not the right form.")
        )
        validation_context.refuse(pointer, ProblemCode.WRONG_PATTERN, detail, raw)
        return None
    # The text as it was given is searched, so that positions count in what the writer sees. A value with a pattern has
    # no place for them: the digits of a BGT object are no telephone number.
    contact_details = find_contact_details(raw, pointer) if not field.pattern else []
    validation_context.problems.extend(contact_details)
    return None if contact_details else value


_STANDS_FOR_NOTHING = LocalizedText(
    "Dit betekent dat er niets is ingevuld. Vul iets in, of laat het leeg.",
    "This means that nothing was filled in. Fill in something, or leave it empty.",
)
_PATTERN_ADVICE = {
    "postcode": LocalizedText("Schrijf een postcode als 1011 AB.", "Write a postcode like 1011 AB."),
    "bgtId": LocalizedText(
        "Een BGT-object is bijvoorbeeld G0363. met 32 hexadecimale tekens of een UUID.",
        "A BGT object is for instance G0363. with 32 hexadecimal characters or a UUID.",
    ),
}


def _read_url(validation_context: ValidationContext, field: Field, raw: Any) -> str | None:
    value = _read_text(validation_context, field, raw)
    if value is None or _PLAIN_URL.fullmatch(value):
        return value
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s<>\"\\]", value):
        detail = LocalizedText(
            "Geef een volledig webadres dat met https:// of http:// begint.",
            "Give a complete web address that starts with https:// or http://.",
        )
        validation_context.refuse(f"/{field.name}", ProblemCode.INVALID_URL, detail, raw)
        return None
    return value


def _read_term(
    validation_context: ValidationContext, field: Field, raw: Any, pointer: str | None = None
) -> str | None:
    assert field.vocabulary is not None  # noqa: S101 - a term field without a list is a mistake in FIELDS
    pointer = pointer or f"/{field.name}"
    if not isinstance(raw, str):
        validation_context.refuse(
            pointer,
            ProblemCode.WRONG_TYPE,
            LocalizedText("Geef een code als tekst.", "Give a code as text."),
            raw,
        )
        return None
    code = raw.strip()
    if validation_context.vocabularies.is_valid(field.vocabulary, code, validation_context.today):
        return code
    nearest = validation_context.vocabularies.nearest(field.vocabulary, code)
    advice = _advise_term(validation_context, field.vocabulary, nearest)
    detail = LocalizedText(
        f"Deze waarde staat niet in de lijst. {advice.nl}", f"This value is not in the list. {advice.en}"
    )
    validation_context.refuse(pointer, ProblemCode.UNKNOWN_VALUE, detail, raw, nearest or ABSENT)
    return None


def _advise_term(
    validation_context: ValidationContext, vocabulary: str, nearest: str | None
) -> LocalizedText:
    """The nearest term, or the list of terms, with label and code."""

    def name(code: str) -> LocalizedText:
        return validation_context.vocabularies.label_with_code(vocabulary, code)

    if nearest:
        return LocalizedText(f"Bedoelt u {name(nearest).nl}?", f"Did you mean {name(nearest).en}?")
    terms = validation_context.vocabularies.by_name[vocabulary].terms.values()
    choice = [name(term.code) for term in terms if term.is_valid(validation_context.today)]
    if len(choice) > MAX_TERMS_NAMED:
        some = LocalizedText(
            *(
                ", ".join(getattr(term, tongue) for term in choice[:MAX_TERMS_NAMED])
                for tongue in ("nl", "en")
            )
        )
        return LocalizedText(
            f"Kies bijvoorbeeld {some.nl}; de hele lijst staat in het sjabloon.",
            f"Choose for instance {some.en}; the whole list is in the template.",
        )
    return LocalizedText(
        f"Kies uit: {', '.join(term.nl for term in choice)}.",
        f"Choose from: {', '.join(term.en for term in choice)}.",
    )


def _read_terms(validation_context: ValidationContext, field: Field, raw: Any) -> list[str] | None:
    pointer = f"/{field.name}"
    if not isinstance(raw, list):
        validation_context.refuse(
            pointer,
            ProblemCode.WRONG_TYPE,
            LocalizedText("Geef een lijst van codes.", "Give a list of codes."),
            raw,
        )
        return None
    if len(raw) > field.most:
        detail = LocalizedText(f"Kies er hoogstens {field.most}.", f"Choose at most {field.most}.")
        validation_context.refuse(pointer, ProblemCode.TOO_MANY, detail, len(raw))
        return None
    codes = [
        _read_term(validation_context, field, item, f"{pointer}/{index}") for index, item in enumerate(raw)
    ]
    if None in codes:
        return None
    return list(dict.fromkeys(code for code in codes if code is not None))


def _read_date(validation_context: ValidationContext, field: Field, raw: Any) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        if isinstance(raw, str) and _ISO_DATE.fullmatch(raw.strip()):
            return date.fromisoformat(raw.strip())
        if isinstance(raw, str) and (dutch := _DUTCH_DATE.fullmatch(raw.strip())):
            day, month, year = (int(part) for part in dutch.groups())
            return date(year, month, day)
    except ValueError:
        pass
    detail = LocalizedText(
        "Schrijf een dag die bestaat, als 2026-03-01 of 01-03-2026.",
        "Write a day that exists, like 2026-03-01 or 01-03-2026.",
    )
    validation_context.refuse(f"/{field.name}", ProblemCode.INVALID_DATE, detail, raw)
    return None


def _read_number(validation_context: ValidationContext, field: Field, raw: Any) -> float | None:
    pointer = f"/{field.name}"
    # An integer too large for a double overflows; JSON sets no limit to it.
    if (
        isinstance(raw, bool)
        or not isinstance(raw, int | float)
        or abs(raw) > 1e300
        or not math.isfinite(raw)
    ):
        validation_context.refuse(
            pointer, ProblemCode.INVALID_NUMBER, LocalizedText("Geef een getal.", "Give a number."), raw
        )
        return None
    value = float(raw)
    if not field.admits(value):
        bounds = field.bounds
        detail = LocalizedText(f"Geef een getal van {bounds.nl}.", f"Give a number of {bounds.en}.")
        validation_context.refuse(pointer, ProblemCode.OUT_OF_RANGE, detail, raw)
        return None
    return value


def _read_boolean(validation_context: ValidationContext, field: Field, raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    validation_context.refuse(f"/{field.name}", ProblemCode.INVALID_BOOLEAN, _YES_OR_NO, raw)
    return None


def _read_duration(validation_context: ValidationContext, field: Field, raw: Any) -> str | None:
    if isinstance(raw, str) and _DURATION.fullmatch(raw.strip()):
        return raw.strip()
    detail = LocalizedText(
        "Schrijf een bewaarduur als P28D (28 dagen), P6M (6 maanden) of PT72H (72 uur).",
        "Write a retention period like P28D (28 days), P6M (6 months) or PT72H (72 hours).",
    )
    validation_context.refuse(f"/{field.name}", ProblemCode.INVALID_DURATION, detail, raw)
    return None


def _read_organisation(validation_context: ValidationContext, field: Field, raw: Any) -> UUID | None:
    identifier = parse_uuid(raw)
    if identifier in validation_context.organisations:
        return identifier
    detail = LocalizedText(
        "Deze organisatie staat niet in het register. Geef het id van een organisatie die erin staat.",
        "This organisation is not in the register. Give the id of one that is.",
    )
    validation_context.refuse(f"/{field.name}", ProblemCode.UNKNOWN_ORGANISATION, detail, raw)
    return None


def parse_uuid(raw: Any) -> UUID | None:
    """The UUID that a text holds, or None."""
    try:
        return UUID(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _read_point(validation_context: ValidationContext, field: Field, raw: Any) -> Any:
    return _read_geometry(validation_context, field, raw, ("Point",))


def _read_area(validation_context: ValidationContext, field: Field, raw: Any) -> Any:
    return _read_geometry(validation_context, field, raw, ("Polygon", "MultiPolygon"))


def _read_geometry(
    validation_context: ValidationContext, field: Field, raw: Any, allowed: tuple[str, ...]
) -> Any:
    if isinstance(raw, BaseGeometry):
        # A geometry that was registered before; only new ones are in the reference system of the request.
        return raw
    geometry, problems = parse_geometry(raw, validation_context.crs, f"/{field.name}", allowed=allowed)
    validation_context.problems.extend(problems)
    return geometry


_READERS: dict[FieldKind, Callable[[ValidationContext, Field, Any], Any]] = {
    FieldKind.TEXT: _read_text,
    FieldKind.URL: _read_url,
    FieldKind.TERM: _read_term,
    FieldKind.TERMS: _read_terms,
    FieldKind.DATE: _read_date,
    FieldKind.NUMBER: _read_number,
    FieldKind.BOOLEAN: _read_boolean,
    FieldKind.DURATION: _read_duration,
    FieldKind.ORGANISATION: _read_organisation,
    FieldKind.POINT: _read_point,
    FieldKind.AREA: _read_area,
}
