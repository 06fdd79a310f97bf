"""Names of query parameters for people, as forms and messages on pages show them."""

from collections.abc import Mapping
from typing import Final

from app.core.i18n import LocalizedText
from app.sensors.fields import FIELD_LABELS
from app.sensors.properties import PROPERTY_BY_NAME
from app.sensors.search.operational_status import STATUS_PROPERTY

FACET_LABELS: Final[Mapping[str, LocalizedText]] = {
    "sensorType": LocalizedText("Soort sensor", "Kind of sensor"),
    "smartCityTheme": LocalizedText("Waarvoor", "Purpose"),
    "personalData": LocalizedText(
        "Persoonsgegevens, volgens de eigenaar", "Personal data, according to the owner"
    ),
    "gdprBases": LocalizedText("Waarom dat mag", "Legal basis"),
    STATUS_PROPERTY: LocalizedText("Status", "Status"),
    "mobility": LocalizedText("Vast of mobiel", "Fixed or mobile"),
    "owner": LocalizedText("Eigenaar", "Owner"),
    "province": LocalizedText("Provincie", "Province"),
}
"""Labels of the filters with values to choose from."""

PARAMETER_LABELS: Final[Mapping[str, LocalizedText]] = {
    **FIELD_LABELS,
    **{name: described.label for name, described in PROPERTY_BY_NAME.items()},
    **FACET_LABELS,
    "municipality": LocalizedText("Gemeente", "Municipality"),
    "asOf": LocalizedText("Zoals op", "As of"),
    "q": LocalizedText("Woorden", "Words"),
    "bbox": LocalizedText("Gebied op de kaart", "Area on the map"),
    "bbox-crs": LocalizedText("Coördinatenstelsel van het gebied", "Coordinate system of the area"),
    "near": LocalizedText("Bij een plek", "Near a place"),
    "nearCrs": LocalizedText("Coördinatenstelsel van de plek", "Coordinate system of the place"),
    "radius": LocalizedText("Afstand in meters", "Distance in metres"),
    "covers": LocalizedText("Kan een plek zien", "Can see a place"),
    "coversCrs": LocalizedText(
        "Coördinatenstelsel van de plek die gezien wordt", "Coordinate system of the place seen"
    ),
    "datetime": LocalizedText("Periode", "Period"),
    "filter": LocalizedText("Filter", "Filter"),
    "filter-lang": LocalizedText("Taal van het filter", "Language of the filter"),
    "filter-crs": LocalizedText("Coördinatenstelsel van het filter", "Coordinate system of the filter"),
    "crs": LocalizedText("Coördinatenstelsel", "Coordinate system"),
    "sortby": LocalizedText("Volgorde", "Order"),
    "limit": LocalizedText("Aantal per pagina", "Number per page"),
    "cursor": LocalizedText("Vervolg van de lijst", "Continuation of the list"),
    "properties": LocalizedText("Velden", "Fields"),
    "beeld": LocalizedText("Beeld van de kaart", "View of the map"),
    "weergave": LocalizedText("Weergave", "View"),
    "by": LocalizedText("Verdeeld naar", "Divided by"),
    "f": LocalizedText("Soort bestand", "File format"),
    "lang": LocalizedText("Taal", "Language"),
    "plek": LocalizedText("Plek", "Spot"),
    "zoek": LocalizedText("Wat u zoekt", "What you search for"),
    "soort": LocalizedText("Soort", "Kind"),
    "gemeente": LocalizedText("Gemeente", "Municipality"),
    "code": LocalizedText("Registratienummer", "Registration number"),
}
"""Labels of all parameters of pages and of searches in the API, by name."""
