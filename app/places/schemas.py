"""Suggestions and the answer of a spot as JSON."""

from urllib.parse import quote, urlencode

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.core.i18n import Language
from app.core.templates import API, localise_path
from app.places.address_service import Availability, Lookup
from app.places.found_places import FoundPlaces
from app.places.locatieserver import NearestAddress
from app.places.page_paths import write_sensor_path, write_spot_path
from app.places.place_names import PLACE_NAMES_ATTRIBUTION
from app.places.sensor_address import word_address
from app.places.spot import BANDS, SpotAnswer, SpotGroup, SpotSensor
from app.places.spot_recording import describe_spot_recording
from app.places.spot_text import describe_spot, describe_unknown_views
from app.places.suggestion import KIND_LABELS, Suggestion, SuggestionKind
from app.sensors.search.operational_status import OperationalStatus

ADDRESS_ATTRIBUTION = "Kadaster, PDOK (CC BY 4.0)"


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class SuggestionDocument(_Document):
    """Something that the text may mean."""

    type: SuggestionKind
    type_label: str
    label: str
    detail: str | None = Field(None, description="Where it is, if the label does not say so.")
    position: tuple[float, float] | None = Field(
        None, description="A point in it: longitude and latitude (CRS84). Absent for what has no place."
    )
    precision: str | None = Field(
        None,
        description="How exact it is, where it is not what was typed: the town and not the address, or a similar name.",
    )
    page: str = Field(description="The page about it.")


class SuggestionsDocument(_Document):
    """The possible meanings of a text, the best first."""

    query: str = Field(description="The text that was searched for, without characters that no name has.")
    suggestions: list[SuggestionDocument]
    address_search: Availability = Field(
        description="Whether streets and addresses were searched as well: they come from PDOK."
    )
    notice: str | None = Field(None, description="What could not be searched, and what to do.")
    attribution: list[str] = Field(description="Sources to name beside the suggestions.")


class SpotSensorDocument(_Document):
    """A sensor that concerns the spot."""

    id: str
    public_code: str
    name: str | None = None
    sensor_type: str
    sensor_subtype: str | None = None
    measures: str
    owner_name: str | None = None
    operational_status: OperationalStatus
    counts: bool = Field(
        description="Whether it is there today and the sentence counts it. False for a planned sensor and for one that "
        "should have been removed."
    )
    place_is_exact: bool = Field(
        description="False where the register shows only a square of 250 metres; then there is no distance."
    )
    distance_m: float | None = Field(None, description="Metres from the spot, of a sensor that stands near.")
    within_m: int | None = Field(
        None, description=f"The smallest of {', '.join(map(str, BANDS))} metres that it stands within."
    )
    page: str
    item: str = Field(description="All of its properties, as a GeoJSON feature.")


class SpotGroupDocument(_Document):
    """The sensors of one group."""

    number: int = Field(description="How many are there today.")
    is_whole: bool = Field(description="False where there are more sensors than the list has.")
    sensors: list[SpotSensorDocument]


class AddressDocument(_Document):
    """The nearest address."""

    name: str
    position: tuple[float, float]
    distance_m: float


class SensorAddressDocument(_Document):
    """The nearest address of a sensor."""

    public_code: str
    text: str | None = Field(None, description="The address in words, if there is one near.")
    address_search: Availability
    attribution: list[str]


class SpotMunicipalityDocument(_Document):
    """The municipality of the spot."""

    code: str
    name: str


class SpotLinkDocument(_Document):
    """A related address."""

    rel: str
    href: str
    type: str = "application/json"


class SpotDocument(_Document):
    """The sensors of one spot, in words and in groups."""

    position: tuple[float, float] = Field(description="Longitude and latitude (CRS84), to about a metre.")
    sentence: str = Field(description="The answer in words.")
    unknown_views: str | None = Field(
        None, description="Cameras near by of which the register has no field of view."
    )
    recording: str | None = Field(
        None,
        description="Whether the sensors that can see the spot film, record sound and keep data, by their owners.",
    )
    municipality: SpotMunicipalityDocument | None = None
    address: AddressDocument | None = None
    address_search: Availability
    can_see: SpotGroupDocument = Field(
        description="Fixed sensors whose field of view or observed area has the spot."
    )
    comes_by: SpotGroupDocument = Field(description="Mobile sensors whose operating area has the spot.")
    stands_near: SpotGroupDocument = Field(
        description=f"Other fixed sensors within {BANDS[-1]} metres, the nearest first; then those with a place that "
        "is not exact."
    )
    links: list[SpotLinkDocument]
    attribution: list[str]


def describe_places(found: FoundPlaces, public_url: str, language: Language) -> SuggestionsDocument:
    """The suggestions of a search, with pages in the language of the answer."""
    kinds = {one.kind for one in found.suggestions}
    sources = []
    if kinds & {SuggestionKind.STREET, SuggestionKind.ADDRESS}:
        sources.append(ADDRESS_ATTRIBUTION)
    if SuggestionKind.PLACE in kinds:
        sources.append(PLACE_NAMES_ATTRIBUTION)
    return SuggestionsDocument(
        query=found.text,
        suggestions=[_describe_suggestion(one, public_url, language) for one in found.suggestions],
        address_search=found.addresses,
        notice=" ".join(one.render(language) for one in found.notices) or None,
        attribution=sources,
    )


def describe_spot_answer(
    answer: SpotAnswer, address: Lookup[NearestAddress | None], public_url: str, language: Language
) -> SpotDocument:
    """The answer of a spot, with sentences and pages in the language of the answer."""
    lon, lat = (round(degrees, 5) for degrees in answer.spot.lonlat)
    at = f"{lon},{lat}"
    items = f"{public_url}{API}/collections/sensors/items"
    unknown = describe_unknown_views(answer)
    recording = describe_spot_recording(answer)
    nearest = address.result
    return SpotDocument(
        position=(lon, lat),
        sentence=describe_spot(answer).render(language),
        unknown_views=unknown.render(language) if unknown else None,
        recording=recording.render(language) if recording else None,
        municipality=SpotMunicipalityDocument(code=answer.municipality.code, name=answer.municipality.name)
        if answer.municipality
        else None,
        address=AddressDocument(
            name=nearest.name,
            position=(round(nearest.lon, 7), round(nearest.lat, 7)),
            distance_m=round(nearest.distance_metres, 1),
        )
        if nearest
        else None,
        address_search=address.availability,
        can_see=_describe_group(answer.seeing, public_url, language),
        comes_by=_describe_group(answer.passing, public_url, language),
        stands_near=_describe_group(answer.near, public_url, language),
        links=[
            SpotLinkDocument(rel="self", href=f"{public_url}{API}/places/spot?at={at}"),
            SpotLinkDocument(
                rel="alternate",
                href=public_url + localise_path(write_spot_path(lon, lat), language),
                type="text/html",
            ),
            SpotLinkDocument(rel="items", href=f"{items}?covers={at}", type="application/geo+json"),
            SpotLinkDocument(
                rel="items",
                href=f"{items}?{urlencode({'near': at, 'radius': BANDS[-1]}, safe=',')}",
                type="application/geo+json",
            ),
        ],
        attribution=[ADDRESS_ATTRIBUTION] if nearest else [],
    )


def describe_nearest_address(
    public_code: str, found: Lookup[NearestAddress | None], language: Language
) -> SensorAddressDocument:
    """The nearest address of a sensor, in the language of the answer."""
    words = word_address(found.result)
    return SensorAddressDocument(
        public_code=public_code,
        text=words.render(language) if words else None,
        address_search=found.availability,
        attribution=[ADDRESS_ATTRIBUTION] if words else [],
    )


def _describe_suggestion(one: Suggestion, public_url: str, language: Language) -> SuggestionDocument:
    return SuggestionDocument(
        type=one.kind,
        type_label=KIND_LABELS[one.kind].render(language),
        label=one.label.render(language),
        detail=one.detail.render(language) if one.detail else None,
        position=one.position,
        precision=one.precision.render(language) if one.precision else None,
        page=public_url + localise_path(one.path, language),
    )


def _describe_group(group: SpotGroup, public_url: str, language: Language) -> SpotGroupDocument:
    return SpotGroupDocument(
        number=len(group.there),
        is_whole=group.is_whole,
        sensors=[_describe_sensor(sensor, public_url, language) for sensor in group.sensors],
    )


def _describe_sensor(sensor: SpotSensor, public_url: str, language: Language) -> SpotSensorDocument:
    known = sensor.properties
    code = known["publicCode"]
    return SpotSensorDocument(
        id=str(sensor.id),
        public_code=code,
        name=known.get("name"),
        sensor_type=known["sensorType"],
        sensor_subtype=known.get("sensorSubtype"),
        measures=known["measures"],
        owner_name=known.get("ownerName"),
        operational_status=known["operationalStatus"],
        counts=sensor.is_there,
        place_is_exact=sensor.is_exact,
        distance_m=sensor.distance_metres,
        within_m=sensor.band,
        page=public_url + localise_path(write_sensor_path(code), language),
        item=f"{public_url}{API}/collections/sensors/items/{quote(str(sensor.id))}",
    )
