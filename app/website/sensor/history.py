"""The history of a registration by day: what happened, and old → new values in the words of the page.

A gap between two public versions has a sentence of its own: the registration was withdrawn for that time, or a version
was redacted. The publication does not hold which.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import Any, Final

from app.core.clock import DUTCH_TIME
from app.core.formatting import format_date, format_datetime, format_number
from app.core.i18n import LocalizedText
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, FieldKind
from app.sensors.presentation import UNNAMED, Labels, format_value, label_property
from app.sensors.properties import PROPERTY_BY_NAME
from app.sensors.search.detail import PublicVersion
from app.spatial.crs import rd_from_lonlat
from app.website.sensor.place_words import is_generalised, is_mobile

FIELDS_OF_HISTORY: Final[dict[str, LocalizedText]] = {
    name: field.label
    for name, field in FIELD_BY_NAME.items()
    if not field.is_geometry and name != "removedOn"
} | {"onBehalfOf": DERIVED_LABELS["onBehalfOf"]}
"""Fields whose changes are listed. What the register derives from them, or adds, is left out."""
VIEW_FIELDS: Final = ("viewDirectionDeg", "viewAngleDeg", "viewRangeM")

CREATED: Final = LocalizedText("Voor het eerst in het register.", "In the register for the first time.")
NOTIFIED_BEFORE: Final = LocalizedText(
    "Aangemeld op {registered}. Wat er vóór {first} stond, is niet openbaar.",
    "Registered on {registered}. What it said before {first} is not public.",
)
GAP: Final = LocalizedText(
    "Van {since} tot {until} is niet openbaar wat hier stond: de registratie was ingetrokken, "
    "of een beheerder heeft de inhoud weggehaald.",
    "What it said from {since} until {until} is not public: the registration was withdrawn, "
    "or an administrator took its content away.",
)
CONFIRMED: Final = LocalizedText(
    "De eigenaar bevestigde dat de sensor er op {day} was.",
    "The owner confirmed that the sensor was there on {day}.",
)
REMOVED: Final = LocalizedText(
    "Volgens de eigenaar is de sensor verwijderd op {day}.",
    "According to the owner the sensor was removed on {day}.",
)
NOT_REMOVED: Final = LocalizedText(
    "Volgens de eigenaar is de sensor toch niet verwijderd.",
    "According to the owner the sensor has not been removed after all.",
)
MOVED: Final = LocalizedText(
    "De sensor staat {metres} meter verder dan eerst.", "The sensor is {metres} metres from where it was."
)
MOVED_WITHIN_A_METRE: Final = LocalizedText(
    "De plek is minder dan een meter bijgesteld.", "The place was corrected by less than a metre."
)
OTHER_SQUARE: Final = LocalizedText(
    "De sensor staat in een ander vak van 250 bij 250 meter.",
    "The sensor is in another square of 250 by 250 metres.",
)
OTHER_OPERATING_AREA: Final = LocalizedText(
    "Het gebied waarin de sensor beweegt, is veranderd.", "The area in which the sensor moves has changed."
)
OTHER_OBSERVED_AREA: Final = LocalizedText(
    "Het gebied dat de sensor waarneemt, is veranderd.", "The area that the sensor observes has changed."
)
SAME: Final = LocalizedText(
    "Aan het einde van deze dag stond er hetzelfde als daarvoor.",
    "At the end of this day it said the same as before.",
)
EMPTY: Final = LocalizedText("niet ingevuld", "not filled in")
NOT_PUBLIC: Final = LocalizedText("niet openbaar", "not public")


@dataclass(frozen=True, slots=True)
class HistoryChange:
    """A field that changed, with its old and new value in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryDay:
    """A day on which the registration changed: sentences about what happened, and the values that differ."""

    day: date
    events: tuple[str, ...]
    changes: tuple[HistoryChange, ...]


def describe_history(versions: Sequence[PublicVersion], labels: Labels) -> list[HistoryDay]:
    """The days of a history, newest first; `versions` has at least one version, newest first."""
    days = []
    before: PublicVersion | None = None
    for day, of_day in groupby(reversed(versions), _find_day):
        group = list(of_day)
        events = list(_list_gaps([before, *group] if before else group, labels))
        if before is None:
            events.insert(0, _describe_start(group[0], labels))
        changes = describe_change(before or group[0], group[-1], labels)
        if before and not (events or changes.events or changes.values):
            events.append(labels.render(SAME))
        days.append(HistoryDay(day, (*events, *changes.events), changes.values))
        before = group[-1]
    return days[::-1]


def _find_day(version: PublicVersion) -> date:
    return version.valid_from.astimezone(DUTCH_TIME).date()


def _describe_start(first: PublicVersion, labels: Labels) -> str:
    registered = datetime.fromisoformat(first.feature["properties"]["registeredAt"])
    registered_on = registered.astimezone(DUTCH_TIME).date()
    day = _find_day(first)
    if registered_on >= day:
        return labels.render(CREATED)
    return labels.render(NOTIFIED_BEFORE).format(
        registered=format_date(registered_on, labels.language), first=format_date(day, labels.language)
    )


def _list_gaps(versions: Sequence[PublicVersion], labels: Labels) -> Iterator[str]:
    for older, newer in pairwise(versions):
        if older.valid_until is not None and older.valid_until < newer.valid_from:
            yield labels.render(GAP).format(
                since=format_datetime(older.valid_until, labels.language),
                until=format_datetime(newer.valid_from, labels.language),
            )


@dataclass(frozen=True, slots=True)
class HistoryDifference:
    """A change from one version to the next: sentences about what happened, and the values that differ."""

    events: tuple[str, ...]
    values: tuple[HistoryChange, ...]


def describe_change(
    older: PublicVersion, newer: PublicVersion, labels: Labels, *, sees_all: bool = False
) -> HistoryDifference:
    """The change between two versions; `sees_all` is for those from whom nothing of them is hidden."""
    then, now = older.feature["properties"], newer.feature["properties"]
    values = tuple(
        HistoryChange(
            label_property(name, label, labels.language),
            _format_side(name, then, labels, sees_all=sees_all),
            _format_side(name, now, labels, sees_all=sees_all),
        )
        for name, label in FIELDS_OF_HISTORY.items()
        if then.get(name) != now.get(name)
    )
    moves = _list_moves(older, newer, labels, sees_all=sees_all)
    return HistoryDifference((*_list_events(then, now, labels), *moves), values)


def _list_events(then: Mapping[str, Any], now: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    confirmed = now.get("lastConfirmedOn")
    if confirmed and then.get("lastConfirmedOn") != confirmed:
        yield labels.render(CONFIRMED).format(day=format_date(confirmed, labels.language))
    removed = now.get("removedOn")
    if then.get("removedOn") == removed:
        return
    if removed:
        yield labels.render(REMOVED).format(day=format_date(removed, labels.language))
    else:
        yield labels.render(NOT_REMOVED)


def _list_moves(
    older: PublicVersion, newer: PublicVersion, labels: Labels, *, sees_all: bool
) -> Iterator[str]:
    """Sentences on the place and the areas. No distance is given where either place is not exact."""
    then, now = older.feature["properties"], newer.feature["properties"]
    places = [version.feature["geometry"]["coordinates"] for version in (older, newer)]
    has_moved = places[0] != places[1]
    if is_mobile(then) or is_mobile(now):
        if (
            is_mobile(then)
            and is_mobile(now)
            and older.areas.get("operating") != newer.areas.get("operating")
        ):
            yield labels.render(OTHER_OPERATING_AREA)
    elif not sees_all and (is_generalised(then) or is_generalised(now)):
        if has_moved and is_generalised(then) and is_generalised(now):
            yield labels.render(OTHER_SQUARE)
    elif has_moved:
        yield _describe_distance(places[0], places[1], labels)
    is_view_same = all(then.get(name) == now.get(name) for name in VIEW_FIELDS) and not has_moved
    # A derived area follows from the view, which is listed; a generalised sensor has no public area.
    if (
        is_view_same
        and older.areas.get("observed") != newer.areas.get("observed")
        and (sees_all or not (is_generalised(then) or is_generalised(now)))
    ):
        yield labels.render(OTHER_OBSERVED_AREA)


def _describe_distance(then: tuple[float, float], now: tuple[float, float], labels: Labels) -> str:
    (x, y), (to_x, to_y) = rd_from_lonlat(*then), rd_from_lonlat(*now)
    metres = round(((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5)
    if metres == 0:
        return labels.render(MOVED_WITHIN_A_METRE)
    return labels.render(MOVED).format(metres=format_number(metres, labels.language))


def _format_side(name: str, values: Mapping[str, Any], labels: Labels, *, sees_all: bool) -> str:
    field = FIELD_BY_NAME.get(name)
    value = values.get(name)
    if value is None:
        hidden = field is not None and field.precise and is_generalised(values) and not sees_all
        return labels.render(NOT_PUBLIC if hidden else EMPTY)
    if name == "onBehalfOf" or (field is not None and field.kind is FieldKind.ORGANISATION):
        return values.get(f"{name}Name") or labels.render(UNNAMED)
    return ", ".join(format_value(PROPERTY_BY_NAME[name], value, labels).words)
