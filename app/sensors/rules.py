"""The rules between fields of one record: what one answer asks of another.

Each rule yields problems (refused) or warnings (kept with the record), and names the fields it looks at: records that
agree in these have the same outcome, so that it can be remembered for many. Source: domain description, section 3.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.errors import Problem
from app.core.language import Text
from app.sensors.fields import FIELDS, PERSONAL_DATA, Needed
from app.sensors.reading import Reading

Given = Collection[str]
"""The names of the fields that are filled in, rightly or not."""

Values = Mapping[str, Any]
"""What was read, by name; None for what is empty or refused."""

SENTINEL_YEARS = frozenset({2050, 2099, 2100, 2999, 3000, 9999})
"""Years that people type for "we do not know"."""

LONGEST_YEARS = 5
"""A registration runs at most this long, then it is renewed."""

VIEW = ("viewDirectionDeg", "viewAngleDeg", "viewRangeM")
"""What a field of view is made from."""

PUBLIC_BODIES = frozenset(
    {"municipality", "province", "water_authority", "national_government", "other_public"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` uses the values of `looks_at`, and of `asks_for` whether they are given, and whether read: no more."""

    find: Callable[[Reading, Given, Values], Iterator[Problem]]
    looks_at: tuple[str, ...]
    asks_for: tuple[str, ...]


def find_problems(reading: Reading, given: Given, values: Values) -> Iterator[Problem]:
    """What is wrong between the fields; a field that was given but refused is not called missing as well."""
    for rule in RULES:
        yield from rule.find(reading, given, values)


def find_warnings(reading: Reading, given: Given, values: Values) -> Iterator[Problem]:
    """What deserves a look, and is kept with the record."""
    for rule in WARNINGS:
        yield from rule.find(reading, given, values)


def _needed(name: str, because: Text | None = None) -> Problem:
    reason = Text(f": {because.nl}", f": {because.en}") if because else Text("", "")
    return Problem("required", f"/{name}", Text(f"Vul dit in{reason.nl}.", f"Fill this in{reason.en}."))


def _missing(_reading: Reading, given: Given, values: Values) -> Iterator[Problem]:
    personal = values["personalData"] in PERSONAL_DATA
    for field in FIELDS:
        if field.name in given:
            continue
        if field.needed is Needed.ALWAYS:
            yield _needed(field.name)
        elif field.needed is Needed.PERSONAL and personal:
            yield _needed(
                field.name, Text("er worden persoonsgegevens verwerkt", "personal data are processed")
            )


def _type(reading: Reading, given: Given, values: Values) -> Iterator[Problem]:
    if values["sensorType"] == "other" and "sensorTypeOther" not in given:
        yield _needed(
            "sensorTypeOther", Text("de soort is 'anders, namelijk'", "the type is 'other, namely'")
        )
    subtype, sensor_type = values["sensorSubtype"], values["sensorType"]
    if subtype and sensor_type:
        parent = reading.vocabularies.parent("sensorSubtype", subtype)
        if parent is not None and parent != sensor_type:
            yield Problem(
                "subtype_of_other_type",
                "/sensorSubtype",
                Text(
                    f"Deze aanduiding hoort bij {parent}, niet bij {sensor_type}.",
                    f"This subtype belongs to {parent}, not to {sensor_type}.",
                ),
                subtype,
            )


def _ground(_reading: Reading, given: Given, values: Values) -> Iterator[Problem]:
    bases = set(values["gdprBases"] or ())
    if bases & {"legal_obligation", "public_task"}:
        because = Text("de grondslag steunt op een wet", "the ground rests on a law")
        yield from (
            _needed(name, because) for name in ("legalBasisText", "legalBasisUrl") if name not in given
        )
    if "legitimate_interests" in bases and "legitimateInterest" not in given:
        yield _needed(
            "legitimateInterest",
            Text("de grondslag is gerechtvaardigd belang", "the ground is legitimate interests"),
        )


def _retention_and_dpia(_reading: Reading, given: Given, values: Values) -> Iterator[Problem]:
    if values["retentionKind"] == "fixed" and "retentionPeriod" not in given:
        yield _needed("retentionPeriod", Text("de bewaartermijn ligt vast", "the retention is fixed"))
    if values["dpiaStatus"] == "done" and not any(
        name in given for name in ("dpiaReference", "dpiaUrl", "dpiaDate")
    ):
        yield _needed(
            "dpiaReference",
            Text(
                "de DPIA is gedaan: geef kenmerk, link of datum",
                "the DPIA is done: give a reference, link or date",
            ),
        )


def _whereabouts(_reading: Reading, given: Given, values: Values) -> Iterator[Problem]:
    mobility = values["mobility"]
    if mobility in ("fixed", "relocatable") and "location" not in given:
        yield _needed("location", Text("de sensor heeft een vaste plek", "the sensor has a fixed place"))
    if mobility == "mobile" and "operatingArea" not in given:
        yield _needed("operatingArea", Text("de sensor is mobiel", "the sensor is mobile"))
    if mobility == "mobile" and values["location"] is not None:
        detail = Text(
            "Een mobiele sensor heeft geen vaste plek. Geef alleen het werkgebied.",
            "A mobile sensor has no fixed place. Give its operating area alone.",
        )
        yield Problem("location_of_mobile", "/location", detail)
    if values["locationAccuracy"] == "approximate" and "locationAccuracyM" not in given:
        yield _needed(
            "locationAccuracyM", Text("de locatie is bij benadering", "the location is approximate")
        )
    if values["heightM"] is not None and "heightReference" not in given:
        yield _needed("heightReference", Text("er is een hoogte gegeven", "a height is given"))


def _placing(reading: Reading, _given: Given, values: Values) -> Iterator[Problem]:
    placed = values["placedFrom"]
    if placed and placed.year < 1850:
        detail = Text("Dit is te lang geleden; kijk het jaartal na.", "This is too long ago; check the year.")
        yield Problem("implausible_date", "/placedFrom", detail, placed.isoformat())
    if placed and placed > years_later(reading.today, LONGEST_YEARS):
        detail = Text("Dit is te ver vooruit; kijk het jaartal na.", "This is too far ahead; check the year.")
        yield Problem("implausible_date", "/placedFrom", detail, placed.isoformat())


def _end(reading: Reading, _given: Given, values: Values) -> Iterator[Problem]:
    placed, until = values["placedFrom"], values["activeUntil"]
    if not until:
        return
    latest = years_later(max(reading.today, placed or reading.today), LONGEST_YEARS)
    if placed and until <= placed:
        detail = Text(
            "Deze datum moet na 'geplaatst vanaf' liggen.", "This date must be after 'placed from'."
        )
        yield Problem("end_before_start", "/activeUntil", detail, until.isoformat())
    elif until.year in SENTINEL_YEARS or until > latest:
        detail = Text(
            f"Kies een echte einddatum, uiterlijk {latest:%d-%m-%Y}; daarna kunt u verlengen.",
            f"Choose a real end date, at the latest {latest.isoformat()}; after that you can renew.",
        )
        yield Problem("end_too_far", "/activeUntil", detail, until.isoformat(), latest.isoformat())


def _removal(reading: Reading, _given: Given, values: Values) -> Iterator[Problem]:
    if values["removedOn"]:
        yield from find_removal_problems(reading, values["placedFrom"], values["removedOn"])


def find_removal_problems(reading: Reading, placed: date | None, removed: date) -> Iterator[Problem]:
    """What is wrong with the day on which a sensor is said to be gone."""
    if placed and removed < placed:
        detail = Text(
            "De sensor kan niet weg zijn voor hij er was.", "The sensor cannot be gone before it was there."
        )
        yield Problem("removed_before_placed", "/removedOn", detail, removed.isoformat())
    if removed > reading.today:
        detail = Text(
            "Deze datum ligt in de toekomst. Meld een sensor als verwijderd wanneer hij weg is.",
            "This date is in the future. Report a sensor removed once it is gone.",
        )
        yield Problem("removed_in_future", "/removedOn", detail, removed.isoformat())


def _visibility(_reading: Reading, given: Given, values: Values) -> Iterator[Problem]:
    if (values["visibility"] or "public") != "public" and "visibilityReason" not in given:
        yield _needed(
            "visibilityReason",
            Text("de sensor niet volledig zichtbaar is", "the sensor is not fully visible"),
        )


def _interest(reading: Reading, _given: Given, values: Values) -> Iterator[Problem]:
    owner = reading.organisations.get(values["owner"])
    if (
        "legitimate_interests" in (values["gdprBases"] or ())
        and owner
        and owner.organisation_type in PUBLIC_BODIES
    ):
        yield Problem(
            "legitimate_interest_of_public_body",
            "/gdprBases",
            Text(
                "Een overheid kan zich bij haar taken niet op gerechtvaardigd belang beroepen (AVG art. 6 lid 1).",
                "A public authority cannot rely on legitimate interests for its tasks (GDPR art. 6(1)).",
            ),
        )


def _view(_reading: Reading, _given: Given, values: Values) -> Iterator[Problem]:
    # A light cell is an optical sensor that sees nobody.
    camera = values["sensorType"] == "optical_camera" and values["sensorSubtype"] != "light_cell"
    camera = camera and values["mobility"] != "mobile"
    if camera and values["observedArea"] is None and any(values[name] is None for name in VIEW):
        yield Problem(
            "field_of_view_unknown",
            "/viewDirectionDeg",
            Text(
                "Geef van een camera kijkrichting, kijkhoek en bereik: dan ziet een bewoner wat er in beeld is.",
                "Give the direction, angle and range of a camera, so that residents see what is in view.",
            ),
        )


def years_later(day: date, years: int) -> date:
    """The same day some years later, at most in 9999; 29 February becomes 28 February where there is none."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


_NEEDED_ALWAYS = tuple(field.name for field in FIELDS if field.needed is Needed.ALWAYS)
_NEEDED_PERSONAL = tuple(field.name for field in FIELDS if field.needed is Needed.PERSONAL)

RULES = (
    Rule(_missing, ("personalData",), _NEEDED_ALWAYS + _NEEDED_PERSONAL),
    Rule(_type, ("sensorType", "sensorSubtype"), ("sensorTypeOther",)),
    Rule(_ground, ("gdprBases",), ("legalBasisText", "legalBasisUrl", "legitimateInterest")),
    Rule(
        _retention_and_dpia,
        ("retentionKind", "dpiaStatus"),
        ("retentionPeriod", "dpiaReference", "dpiaUrl", "dpiaDate"),
    ),
    Rule(
        _whereabouts,
        ("mobility", "locationAccuracy"),
        ("location", "operatingArea", "locationAccuracyM", "heightM", "heightReference"),
    ),
    Rule(_placing, ("placedFrom",), ()),
    Rule(_end, ("placedFrom", "activeUntil"), ()),
    Rule(_removal, ("placedFrom", "removedOn"), ()),
    Rule(_visibility, ("visibility",), ("visibilityReason",)),
)
"""What is refused, in the order in which it is told."""

WARNINGS = (
    Rule(_interest, ("owner", "gdprBases"), ()),
    Rule(_view, ("sensorType", "sensorSubtype", "mobility"), ("observedArea", *VIEW)),
)
"""What is kept with the record."""
