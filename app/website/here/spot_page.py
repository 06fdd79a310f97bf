"""The context of the page of one spot: words and lists, made from the answer."""

from dataclasses import dataclass
from typing import Any, Final

from app.core.address_search import finds_addresses
from app.core.i18n import LocalizedText
from app.places.address_service import Availability, Lookup
from app.places.found_places import NO_ADDRESSES
from app.places.locatieserver import NearestAddress
from app.places.sensor_address import word_address
from app.places.spot import BANDS, SpotAnswer, SpotGroup, SpotSensor
from app.places.spot_recording import describe_spot_recording
from app.places.spot_text import describe_spot, describe_unknown_views
from app.places.suggestion import SuggestionKind
from app.places.typed_position import find_position
from app.sensors.presentation import Labels
from app.website.list_row import ListRow, make_list_row

SHOWN_NEAR: Final = 25
AT_ADDRESS_METRES: Final = 25
"""An address as near as this is the place itself, for a phone that knows where it is to ten metres."""
MAP_DEGREES_EAST: Final = 0.0030
MAP_DEGREES_NORTH: Final = 0.0018
"""Half the width and height of the map: about 200 metres, so that fields of view can be told apart."""

NOT_EXACT: Final = {
    SuggestionKind.PLACE: LocalizedText(
        "U zocht een plaats. Dit is een punt in het midden ervan.",
        "You searched for a town. This is a point in the middle of it.",
    ),
    SuggestionKind.STREET: LocalizedText(
        "U zocht een straat of plein. Dit is één punt erop.",
        "You searched for a street or square. This is one point on it.",
    ),
}
"""How exact the spot is, by the kind of location that was searched for."""
LOOKS_AWAY: Final = LocalizedText("kijkt niet naar deze plek", "does not look at this spot")
"""The remark on a camera near by of which the field of view is known and does not have the spot."""
BY_ADDRESS: Final = LocalizedText(
    "Zoek op straat of adres voor een andere plek.", "Search by street or address for another spot."
)


@dataclass(frozen=True, slots=True)
class NearGroup:
    """Sensors that stand near, within one distance or at a place that is not exact."""

    heading: str
    rows: tuple[ListRow, ...]


def describe_spot_page(
    answer: SpotAnswer,
    address: Lookup[NearestAddress | None],
    labels: Labels,
    searched: str,
    kind: SuggestionKind | None,
) -> dict[str, Any]:
    """The context of the template `website/here/spot.html`."""
    unknown_views = describe_unknown_views(answer)
    recording = describe_spot_recording(answer)
    not_exact = [NOT_EXACT[kind]] if kind in NOT_EXACT else []
    if not_exact and finds_addresses():
        not_exact.append(BY_ADDRESS)
    lon, lat = (round(degrees, 5) for degrees in answer.spot.lonlat)
    typed = find_position(searched)
    reading = typed.reading if typed and typed.is_at(lon, lat) else None
    return {
        "sentence": labels.render(describe_spot(answer)),
        "recording": labels.render(recording) if recording else None,
        "unknown_views": labels.render(unknown_views) if unknown_views else None,
        "title": labels.render(word_title(address.result)),
        "place": labels.render(describe_place(answer, address)),
        "not_exact": " ".join(map(labels.render, not_exact)),
        "reading": labels.render(reading) if reading else None,
        "searched": searched,
        "municipality": answer.municipality,
        "edition": labels.directory.edition_in_force,
        "seeing": _list_rows(answer.seeing, labels),
        "passing": _list_rows(answer.passing, labels),
        "near": _group_near(answer, labels),
        "hidden_near": max(0, len(answer.near.sensors) - SHOWN_NEAR),
        "is_whole": answer.seeing.is_whole and answer.passing.is_whole and answer.near.is_whole,
        "at": f"{lon},{lat}",
        "radius": BANDS[-1],
        "position": (lon, lat),
        "bounds": (
            lon - MAP_DEGREES_EAST,
            lat - MAP_DEGREES_NORTH,
            lon + MAP_DEGREES_EAST,
            lat + MAP_DEGREES_NORTH,
        ),
    }


def word_title(nearest: NearestAddress | None) -> LocalizedText:
    """The title of the page: with the address, if one is near."""
    words = word_address(nearest)
    if words is None:
        return LocalizedText("Sensoren op deze plek", "Sensors on this spot")
    return LocalizedText(f"Sensoren {words.nl}", f"Sensors {words.en}")


def describe_place(answer: SpotAnswer, address: Lookup[NearestAddress | None]) -> LocalizedText:
    """Where the spot is: the nearest address and the municipality, as far as they are known."""
    nearest, municipality = address.result, answer.municipality
    words = []
    if nearest:
        metres = round(nearest.distance_metres)
        words.append(
            LocalizedText(f"Bij {nearest.name}.", f"At {nearest.name}.")
            if metres <= AT_ADDRESS_METRES
            else LocalizedText(
                f"Het dichtstbijzijnde adres is {nearest.name}, op {metres} meter.",
                f"The nearest address is {nearest.name}, at {metres} metres.",
            )
        )
    if municipality:
        words.append(LocalizedText(f"Gemeente {municipality.name}.", f"Municipality of {municipality.name}."))
    else:
        words.append(
            LocalizedText(
                "Deze plek ligt niet in een Nederlandse gemeente.", "This spot is in no Dutch municipality."
            )
        )
    if address.availability in NO_ADDRESSES and address.availability is not Availability.OFF:
        words.append(
            LocalizedText(
                "Het dichtstbijzijnde adres kunnen wij nu niet opzoeken.",
                "We cannot look up the nearest address now.",
            )
        )
    return LocalizedText(" ".join(one.nl for one in words), " ".join(one.en for one in words))


def _list_rows(group: SpotGroup, labels: Labels) -> list[ListRow]:
    """The rows of a group, those that are there today first."""
    ordered = sorted(group.sensors, key=lambda sensor: not sensor.is_there)
    return [_make_row(sensor, labels) for sensor in ordered]


def _group_near(answer: SpotAnswer, labels: Labels) -> list[NearGroup]:
    shown = answer.near.sensors[:SHOWN_NEAR]
    groups = []
    for band in (*BANDS, None):
        rows = tuple(
            _make_row(sensor, labels, LOOKS_AWAY if sensor.id in answer.looking_away else None)
            for sensor in shown
            if sensor.band == band
        )
        heading = (
            LocalizedText(f"Binnen {band} meter", f"Within {band} metres")
            if band
            else LocalizedText(
                "In de buurt, de precieze plek is niet openbaar", "Near by, the exact place is not public"
            )
        )
        if rows:
            groups.append(NearGroup(labels.render(heading), rows))
    return groups


def _make_row(sensor: SpotSensor, labels: Labels, remark: LocalizedText | None = None) -> ListRow:
    distance = {} if sensor.distance_metres is None else {"distanceM": sensor.distance_metres}
    said = labels.render(remark) if remark else None
    return make_list_row({**sensor.properties, **distance}, labels, said)
