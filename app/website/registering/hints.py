"""A sentence of help at each question, for someone who fills in the form; and what the answer is for."""

from collections.abc import Mapping
from typing import Final

from app.core.i18n import LocalizedText
from app.imports.field_help import explain_content
from app.sensors.fields import Field, FieldKind

LABELS: Final[Mapping[str, LocalizedText]] = {
    "sensorType": LocalizedText("Wat voor sensor is het?", "What kind of sensor is it?"),
    "sensorTypeOther": LocalizedText("Welke soort is het?", "Which kind is it?"),
    "sensorSubtype": LocalizedText("Wat doet de sensor precies?", "What does the sensor do exactly?"),
    "reference": LocalizedText("Referentie: uw eigen nummer of code", "Reference: your own number or code"),
    "name": LocalizedText("Naam voor de lezer", "Name for the reader"),
    "mobility": LocalizedText("Staat de sensor vast?", "Does the sensor stand still?"),
    "location": LocalizedText("De plek", "The place"),
    "operatingArea": LocalizedText("Het gebied waar de sensor komt", "The area where the sensor moves"),
    "viewDirectionDeg": LocalizedText("Kijkrichting in graden", "Direction of view in degrees"),
    "viewAngleDeg": LocalizedText("Kijkhoek in graden", "Angle of view in degrees"),
    "viewRangeM": LocalizedText("Bereik in meters", "Range in metres"),
    "themes": LocalizedText("Bij welke thema's hoort de sensor?", "To which themes does the sensor belong?"),
    "gdprBases": LocalizedText("Waarom mag dat volgens de AVG?", "Why does the GDPR allow it?"),
    "legalBasisText": LocalizedText("Op welke wet steunt dat?", "On which law does it rest?"),
    "dpiaStatus": LocalizedText("Is er een privacytoets (DPIA)?", "Is there a DPIA?"),
    "retentionKind": LocalizedText("Hoe lang bewaart u de gegevens?", "How long are the data stored?"),
    "placedFrom": LocalizedText("Vanaf welke dag staat de sensor er?", "From which day is the sensor there?"),
    "activeUntil": LocalizedText("Tot wanneer staat de sensor er?", "Until when is the sensor there?"),
    "visibility": LocalizedText("Wie mag de plek zien?", "Who may see the place?"),
    "owner": LocalizedText("Eigenaar, als u dat niet zelf bent", "Owner, unless that is you"),
    "operator": LocalizedText("Beheerder, als dat een ander is", "Operator, if that is another"),
    "controller": LocalizedText(
        "Verwerkingsverantwoordelijke, als dat een ander is", "Data controller, if that is another"
    ),
}
"""Labels as questions, where that of the field is a heading of a table."""

_HINTS: Final[Mapping[str, LocalizedText]] = {
    "reference": LocalizedText(
        "Zoals CAM-014. Daaraan herkent u de sensor later, ook in een bestand.",
        "Such as CAM-014. You recognise the sensor by it later, in a file too.",
    ),
    "name": LocalizedText(
        "Zoals: camera Stationsplein, ingang noord.", "Such as: camera Station Square, north."
    ),
    "measures": LocalizedText(
        "In gewone woorden. Zoals: beelden van het plein, of het aantal fietsers per uur.",
        "In plain words. Such as: images of the square, or the number of cyclists per hour.",
    ),
    "purpose": LocalizedText(
        "In gewone woorden, voor wie langsloopt. Zoals: weten hoe druk het is, om het verkeer te regelen.",
        "In plain words, for someone who walks by. Such as: to know how busy it is, to direct the traffic.",
    ),
    "location": LocalizedText(
        "Kies de plek op de kaart, zoek een adres, of typ coördinaten: 52,37310, 4,89320 of 121394 487383 (RD).",
        "Choose the place on the map, search for an address, or type coordinates: 52.37310, 4.89320 or 121394 487383 "
        "(RD).",
    ),
    "operatingArea": LocalizedText(
        "Namen van gemeenten met een puntkomma ertussen (Leiden; Zoetermeer), of een vlak als GeoJSON of WKT.",
        "Names of municipalities with a semicolon in between (Leiden; Zoetermeer), or an area as GeoJSON or WKT.",
    ),
    "observedArea": LocalizedText(
        "Alleen nodig als richting, hoek en bereik het niet goed beschrijven: een vlak als GeoJSON of WKT.",
        "Needed only where direction, angle and range do not describe it well: an area as GeoJSON or WKT.",
    ),
    "locationDescription": LocalizedText(
        "Zoals: aan de lantaarnpaal voor nummer 12.", "Such as: on the lamp post in front of number 12."
    ),
    "viewDirectionDeg": LocalizedText(
        "Van 0 tot 360: 0 is noord, 90 oost, 180 zuid, 270 west.",
        "From 0 to 360: 0 is north, 90 east, 180 south, 270 west.",
    ),
    "viewAngleDeg": LocalizedText(
        "Hoe breed de sensor kijkt; 360 is rondom.", "How wide the sensor looks; 360 is all around."
    ),
    "viewRangeM": LocalizedText("Hoe ver de sensor iets waarneemt.", "How far the sensor observes."),
    "activeUntil": LocalizedText(
        "Hoogstens vijf jaar vooruit; daarna kunt u verlengen.",
        "At most five years ahead; after that you can renew.",
    ),
    "owner": LocalizedText(
        "De naam of het KVK-nummer van een organisatie in het register. Laat dit leeg als uw eigen organisatie de "
        "eigenaar is.",
        "The name or KVK number of an organisation in the register. Leave it empty if your own organisation is the "
        "owner.",
    ),
    "operator": LocalizedText(
        "De naam of het KVK-nummer van een organisatie in het register.",
        "The name or KVK number of an organisation in the register.",
    ),
    "controller": LocalizedText(
        "Wie beslist over de persoonsgegevens. Laat dit leeg als dat de eigenaar is.",
        "Who decides about the personal data. Leave it empty if that is the owner.",
    ),
    "visibilityReason": LocalizedText(
        "Waarom niet iedereen de precieze plek mag zien.", "Why not everyone may see the exact place."
    ),
    "recipients": LocalizedText(
        "Zoals: de politie, na een aangifte.", "Such as: the police, after a report."
    ),
    "bgtId": LocalizedText(
        "Het nummer van de paal of het gebouw in de BGT, als u dat hebt.",
        "The number of the post or building in the BGT, if you have it.",
    ),
}


def find_label(field: Field) -> LocalizedText:
    """The question to which a field is the answer."""
    return LABELS.get(field.name, field.label)


def find_hint(field: Field) -> LocalizedText | None:
    """A sentence of help; None where the label and the choices say enough."""
    if hint := _HINTS.get(field.name):
        return hint
    if field.kind in (FieldKind.NUMBER, FieldKind.DURATION, FieldKind.URL, FieldKind.TEXT) and (
        field.kind is not FieldKind.TEXT or field.pattern
    ):
        return explain_content(field)
    return None
