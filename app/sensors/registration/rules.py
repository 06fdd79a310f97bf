"""The rules between the fields of one record.

Each rule yields problems (the record is refused) or warnings (stored with the record), and names the fields it uses:
records with equal values in these have the same outcome, which is cached for many records. Source: domain description,
section 3.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.sensors.fields import FIELDS, PERSONAL_DATA, Needed
from app.sensors.recording import is_camera
from app.sensors.registration.claims import (
    DESCRIBING_TEXTS,
    find_bases_without_personal_data,
    find_regulated_ai,
    find_types_of_personal_data,
    find_words_of_personal_data,
)
from app.sensors.registration.field_parsers import ValidationContext

Given = Collection[str]
"""The names of the fields that are filled in, valid or not."""

Values = Mapping[str, Any]
"""The parsed values by name; None for a field that is empty or refused."""

SENTINEL_YEARS = frozenset({2050, 2099, 2100, 2999, 3000, 9999})
"""Years that people type for "we do not know"."""

MAX_YEARS_AHEAD = 5
"""Maximum term of a registration, in years; it can be renewed."""

VIEW = ("viewDirectionDeg", "viewAngleDeg", "viewRangeM")
"""The fields from which a field of view is derived."""

PUBLIC_BODIES = frozenset(
    {"municipality", "province", "water_authority", "national_government", "other_public"}
)


@dataclass(frozen=True, slots=True)
class FieldRule:
    """`find` uses the values of the fields in `looks_at`, and the state (empty, read, refused) of `asks_for`."""

    find: Callable[[ValidationContext, Given, Values], Iterator[Problem]]
    looks_at: tuple[str, ...]
    asks_for: tuple[str, ...]


def find_problems(validation_context: ValidationContext, given: Given, values: Values) -> Iterator[Problem]:
    """The problems between fields; a field that was given but refused is not reported as missing too."""
    for rule in RULES:
        yield from rule.find(validation_context, given, values)


def find_warnings(validation_context: ValidationContext, given: Given, values: Values) -> Iterator[Problem]:
    """The warnings, which are stored with the record."""
    for rule in WARNING_RULES:
        yield from rule.find(validation_context, given, values)


def _needed(name: str, because: LocalizedText | None = None) -> Problem:
    reason = LocalizedText(f": {because.nl}", f": {because.en}") if because else LocalizedText("", "")
    return Problem(
        ProblemCode.REQUIRED,
        f"/{name}",
        LocalizedText(f"Vul dit in{reason.nl}.", f"Fill this in{reason.en}."),
    )


def _missing(_validation_context: ValidationContext, given: Given, values: Values) -> Iterator[Problem]:
    personal = values["personalData"] in PERSONAL_DATA
    for field in FIELDS:
        if field.name in given:
            continue
        if field.needed is Needed.ALWAYS:
            yield _needed(field.name)
        elif field.needed is Needed.PERSONAL and personal:
            yield _needed(
                field.name,
                LocalizedText("er worden persoonsgegevens verwerkt", "personal data are processed"),
            )


def _type(validation_context: ValidationContext, given: Given, values: Values) -> Iterator[Problem]:
    if values["sensorType"] == "other" and "sensorTypeOther" not in given:
        yield _needed(
            "sensorTypeOther", LocalizedText("de soort is 'anders, namelijk'", "the type is 'other, namely'")
        )
    subtype, sensor_type = values["sensorSubtype"], values["sensorType"]
    if subtype and sensor_type:
        vocabularies = validation_context.vocabularies
        parent = vocabularies.parent("sensorSubtype", subtype)
        if parent is not None and parent != sensor_type:
            wrong = vocabularies.label_with_code("sensorSubtype", subtype)
            right, given_type = (
                vocabularies.label_with_code("sensorType", code) for code in (parent, sensor_type)
            )
            yield Problem(
                ProblemCode.SUBTYPE_OF_OTHER_TYPE,
                "/sensorSubtype",
                LocalizedText(
                    f"{wrong.nl} hoort bij {right.nl}, niet bij {given_type.nl}.",
                    f"{wrong.en} belongs to {right.en}, not to {given_type.en}.",
                ),
                subtype,
            )


def _ground(_validation_context: ValidationContext, given: Given, values: Values) -> Iterator[Problem]:
    bases = set(values["gdprBases"] or ())
    if bases & {"legal_obligation", "public_task"}:
        because = LocalizedText("de grondslag steunt op een wet", "the ground rests on a law")
        yield from (
            _needed(name, because) for name in ("legalBasisText", "legalBasisUrl") if name not in given
        )
    if "legitimate_interests" in bases and "legitimateInterest" not in given:
        yield _needed(
            "legitimateInterest",
            LocalizedText("de grondslag is gerechtvaardigd belang", "the ground is legitimate interests"),
        )


def _retention_and_dpia(
    _validation_context: ValidationContext, given: Given, values: Values
) -> Iterator[Problem]:
    if values["retentionKind"] == "fixed" and "retentionPeriod" not in given:
        yield _needed(
            "retentionPeriod", LocalizedText("de bewaartermijn ligt vast", "the retention is fixed")
        )
    if values["dpiaStatus"] == "done" and not any(
        name in given for name in ("dpiaReference", "dpiaUrl", "dpiaDate")
    ):
        yield _needed(
            "dpiaReference",
            LocalizedText(
                "de DPIA is gedaan: geef kenmerk, link of datum",
                "the DPIA is done: give a reference, link or date",
            ),
        )


def _whereabouts(_validation_context: ValidationContext, given: Given, values: Values) -> Iterator[Problem]:
    mobility = values["mobility"]
    if mobility in ("fixed", "relocatable") and "location" not in given:
        yield _needed(
            "location", LocalizedText("de sensor heeft een vaste plek", "the sensor has a fixed place")
        )
    if mobility == "mobile" and "operatingArea" not in given:
        yield _needed("operatingArea", LocalizedText("de sensor is mobiel", "the sensor is mobile"))
    if mobility == "mobile" and values["location"] is not None:
        detail = LocalizedText(
            "Een mobiele sensor heeft geen vaste plek. Geef alleen het werkgebied.",
            "A mobile sensor has no fixed place. Give its operating area alone.",
        )
        yield Problem(ProblemCode.LOCATION_OF_MOBILE, "/location", detail)
    if mobility == "fixed" and "operatingArea" in given:
        detail = LocalizedText(
            "Een vaste sensor heeft geen werkgebied. Haal het werkgebied weg, of kies mobiel of verplaatsbaar.",
            "A fixed sensor has no operating area. Remove the operating area, or choose mobile or relocatable.",
        )
        yield Problem(ProblemCode.OPERATING_AREA_OF_FIXED, "/operatingArea", detail)
    if values["locationAccuracy"] == "approximate" and "locationAccuracyM" not in given:
        yield _needed(
            "locationAccuracyM", LocalizedText("de locatie is bij benadering", "the location is approximate")
        )
    if values["heightM"] is not None and "heightReference" not in given:
        yield _needed("heightReference", LocalizedText("er is een hoogte gegeven", "a height is given"))


def _placing(validation_context: ValidationContext, _given: Given, values: Values) -> Iterator[Problem]:
    placed = values["placedFrom"]
    if placed and placed.year < 1850:
        detail = LocalizedText(
            "Dit is te lang geleden; kijk het jaartal na.", "This is too long ago; check the year."
        )
        yield Problem(ProblemCode.IMPLAUSIBLE_DATE, "/placedFrom", detail, placed.isoformat())
    if placed and placed > years_later(validation_context.today, MAX_YEARS_AHEAD):
        detail = LocalizedText(
            "Dit is te ver vooruit; kijk het jaartal na.", "This is too far ahead; check the year."
        )
        yield Problem(ProblemCode.IMPLAUSIBLE_DATE, "/placedFrom", detail, placed.isoformat())


def _end(validation_context: ValidationContext, _given: Given, values: Values) -> Iterator[Problem]:
    placed, until = values["placedFrom"], values["activeUntil"]
    if not until:
        return
    latest = years_later(max(validation_context.today, placed or validation_context.today), MAX_YEARS_AHEAD)
    if placed and until <= placed:
        detail = LocalizedText(
            "Deze datum moet na 'geplaatst vanaf' liggen.", "This date must be after 'placed from'."
        )
        yield Problem(ProblemCode.END_BEFORE_START, "/activeUntil", detail, until.isoformat())
    elif until.year in SENTINEL_YEARS or until > latest:
        detail = LocalizedText(
            f"Kies een echte einddatum, uiterlijk {latest:%d-%m-%Y}; daarna kunt u verlengen.",
            f"Choose a real end date, at the latest {latest.isoformat()}; after that you can renew.",
        )
        yield Problem(ProblemCode.END_TOO_FAR, "/activeUntil", detail, until.isoformat(), latest.isoformat())


def _removal(validation_context: ValidationContext, _given: Given, values: Values) -> Iterator[Problem]:
    if values["removedOn"]:
        yield from find_removal_problems(validation_context, values["placedFrom"], values["removedOn"])


def find_removal_problems(
    validation_context: ValidationContext, placed: date | None, removed: date
) -> Iterator[Problem]:
    """The problems of the date of a removal."""
    if placed and removed < placed:
        detail = LocalizedText(
            "De sensor kan niet weg zijn voor hij er was.", "The sensor cannot be gone before it was there."
        )
        yield Problem(ProblemCode.REMOVED_BEFORE_PLACED, "/removedOn", detail, removed.isoformat())
    if removed > validation_context.today:
        detail = LocalizedText(
            "Deze datum ligt in de toekomst. Meld een sensor als verwijderd wanneer hij weg is.",
            "This date is in the future. Report a sensor removed once it is gone.",
        )
        yield Problem(ProblemCode.REMOVED_IN_FUTURE, "/removedOn", detail, removed.isoformat())


def _authorisation(
    _validation_context: ValidationContext, _given: Given, values: Values
) -> Iterator[Problem]:
    decided, until = values["authorisationDecidedOn"], values["authorisationValidUntil"]
    if decided and until and until < decided:
        detail = LocalizedText(
            "Het besluit kan niet aflopen voor het er was.", "The decision cannot end before it was taken."
        )
        yield Problem(ProblemCode.END_BEFORE_START, "/authorisationValidUntil", detail, until.isoformat())


def _visibility(_validation_context: ValidationContext, given: Given, values: Values) -> Iterator[Problem]:
    if (values["visibility"] or "public") != "public" and "visibilityReason" not in given:
        yield _needed(
            "visibilityReason",
            LocalizedText("de sensor niet volledig zichtbaar is", "the sensor is not fully visible"),
        )


def _interest(validation_context: ValidationContext, _given: Given, values: Values) -> Iterator[Problem]:
    owner = validation_context.organisations.get(values["owner"])
    if (
        "legitimate_interests" in (values["gdprBases"] or ())
        and owner
        and owner.organisation_type in PUBLIC_BODIES
    ):
        yield Problem(
            ProblemCode.LEGITIMATE_INTEREST_OF_PUBLIC_BODY,
            "/gdprBases",
            LocalizedText(
                "Een overheid kan zich bij haar taken niet op gerechtvaardigd belang beroepen (AVG art. 6 lid 1).",
                "A public authority cannot rely on legitimate interests for its tasks (GDPR art. 6(1)).",
            ),
        )


def _view(_validation_context: ValidationContext, _given: Given, values: Values) -> Iterator[Problem]:
    camera = is_camera(values) and values["mobility"] != "mobile"
    if camera and values["observedArea"] is None and any(values[name] is None for name in VIEW):
        yield Problem(
            ProblemCode.FIELD_OF_VIEW_UNKNOWN,
            "/viewDirectionDeg",
            LocalizedText(
                "Geef van een camera kijkrichting, kijkhoek en bereik: dan ziet een bewoner wat er in beeld is.",
                "Give the direction, angle and range of a camera, so that residents see what is in view.",
            ),
        )


def _claim(
    find: Callable[[Values], Iterator[Problem]],
) -> Callable[[ValidationContext, Given, Values], Iterator[Problem]]:
    """A rule on claims, which uses the values alone."""
    return lambda _validation_context, _given, values: find(values)


def years_later(day: date, years: int) -> date:
    """The same day some years later, at most in 9999; 29 February becomes 28 February in other years."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


_NEEDED_ALWAYS = tuple(field.name for field in FIELDS if field.needed is Needed.ALWAYS)
_NEEDED_PERSONAL = tuple(field.name for field in FIELDS if field.needed is Needed.PERSONAL)

RULES = (
    FieldRule(_missing, ("personalData",), _NEEDED_ALWAYS + _NEEDED_PERSONAL),
    FieldRule(_type, ("sensorType", "sensorSubtype"), ("sensorTypeOther",)),
    FieldRule(_ground, ("gdprBases",), ("legalBasisText", "legalBasisUrl", "legitimateInterest")),
    FieldRule(
        _retention_and_dpia,
        ("retentionKind", "dpiaStatus"),
        ("retentionPeriod", "dpiaReference", "dpiaUrl", "dpiaDate"),
    ),
    FieldRule(
        _whereabouts,
        ("mobility", "locationAccuracy"),
        ("location", "operatingArea", "locationAccuracyM", "heightM", "heightReference"),
    ),
    FieldRule(_placing, ("placedFrom",), ()),
    FieldRule(_end, ("placedFrom", "activeUntil"), ()),
    FieldRule(_removal, ("placedFrom", "removedOn"), ()),
    FieldRule(_authorisation, ("authorisationDecidedOn", "authorisationValidUntil"), ()),
    FieldRule(_visibility, ("visibility",), ("visibilityReason",)),
)
"""The rules whose problems refuse a record, in the order of the report."""

WARNING_RULES = (
    FieldRule(_interest, ("owner", "gdprBases"), ()),
    FieldRule(_view, ("sensorType", "sensorSubtype", "mobility"), ("observedArea", *VIEW)),
    FieldRule(
        _claim(find_bases_without_personal_data), ("personalData", "gdprBases"), ("legitimateInterest",)
    ),
    FieldRule(
        _claim(find_types_of_personal_data), ("personalData", "sensorSubtype", "dataTypes", "aiUse"), ()
    ),
    FieldRule(_claim(find_regulated_ai), ("aiUse",), ()),
    # A rule for each text, so that a text that many records have is read once.
    *(
        FieldRule(_claim(partial(find_words_of_personal_data, name)), ("personalData", name), ())
        for name in DESCRIBING_TEXTS
    ),
)
"""The rules whose warnings are stored with the record."""
