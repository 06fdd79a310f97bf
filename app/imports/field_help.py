"""Help texts of the template: the content of each field, and when it is mandatory."""

from collections.abc import Mapping
from typing import Final

from app.core.i18n import LocalizedText
from app.sensors.fields import Field, FieldKind, Needed

_ALWAYS: Final = LocalizedText("altijd", "always")
_PERSONAL: Final = LocalizedText(
    "als er persoonsgegevens worden verwerkt", "when personal data are processed"
)
_ON_LAW: Final = LocalizedText(
    "bij wettelijke verplichting of publieke taak", "for legal obligation or public task"
)
_CONDITIONS: Final[Mapping[str, LocalizedText]] = {
    "sensorTypeOther": LocalizedText("bij de soort 'Anders, namelijk'", "for the type 'Other, namely'"),
    "owner": LocalizedText(
        "als u bij het importeren geen eigenaar kiest", "unless you choose the owner when you import"
    ),
    "location": LocalizedText("voor een vaste of verplaatsbare sensor", "for a fixed or relocatable sensor"),
    "operatingArea": LocalizedText("voor een mobiele sensor", "for a mobile sensor"),
    "locationAccuracyM": LocalizedText("bij een locatie bij benadering", "for an approximate location"),
    "heightReference": LocalizedText("als u een hoogte geeft", "when you give a height"),
    "legalBasisText": _ON_LAW,
    "legalBasisUrl": _ON_LAW,
    "legitimateInterest": LocalizedText("bij gerechtvaardigd belang", "for legitimate interests"),
    "dpiaReference": LocalizedText(
        "als de DPIA is gedaan: kenmerk, link of datum", "when the DPIA is done: reference, link or date"
    ),
    "retentionPeriod": LocalizedText("bij een vaste termijn", "for a fixed period"),
    "visibilityReason": LocalizedText("als de sensor niet openbaar is", "when the sensor is not public"),
}
_ADVICE: Final[Mapping[str, LocalizedText]] = {
    "reference": LocalizedText(
        "Uw eigen nummer of code; bij een volgende keer herkent het register de sensor daaraan.",
        "Your own reference; the register recognises the sensor by it the next time.",
    ),
    "location": LocalizedText(
        "Graden (breedte en lengte) of RD-coördinaten in meters; een van beide is genoeg.",
        "Degrees (latitude and longitude) or RD coordinates in metres; one of the two is enough.",
    ),
    "operatingArea": LocalizedText(
        "Gemeenten, gescheiden door een puntkomma (Amsterdam; Utrecht), of een vlak als WKT.",
        "Municipalities, separated by a semicolon (Amsterdam; Utrecht), or an area as WKT.",
    ),
    "observedArea": LocalizedText(
        "Een vlak als WKT. Met kijkrichting, kijkhoek en bereik berekent het register het zelf.",
        "An area as WKT. From direction, angle and range the register computes it itself.",
    ),
    "postcode": LocalizedText("Zoals 1011 AB.", "Such as 1011 AB."),
    "activeUntil": LocalizedText("Hoogstens vijf jaar vooruit.", "At most five years ahead."),
}
_KINDS: Final[Mapping[FieldKind, LocalizedText]] = {
    FieldKind.URL: LocalizedText(
        "Een webadres dat met https:// begint.", "A web address that starts with https://."
    ),
    FieldKind.TERM: LocalizedText("Kies uit de lijst.", "Choose from the list."),
    FieldKind.DATE: LocalizedText("Een datum, zoals 01-03-2026.", "A date, such as 2026-03-01."),
    FieldKind.BOOLEAN: LocalizedText("Ja of nee.", "Yes or no."),
    FieldKind.DURATION: LocalizedText(
        "Zoals 28 dagen, 6 maanden of 72 uur.", "Such as 28 days, 6 months or 72 hours."
    ),
    FieldKind.ORGANISATION: LocalizedText(
        "Naam, KVK-nummer of id van de organisatie in het register.",
        "Name, KVK number or id of the organisation in the register.",
    ),
}


def explain_need(field: Field) -> LocalizedText | None:
    """Condition under which the field is mandatory; None for one that never is."""
    if condition := _CONDITIONS.get(field.name):
        return condition
    return {Needed.ALWAYS: _ALWAYS, Needed.PERSONAL: _PERSONAL, Needed.NO: None}[field.needed]


def explain_content(field: Field) -> LocalizedText:
    """Content of the field, and its limits."""
    if advice := _ADVICE.get(field.name):
        return advice
    if field.kind is FieldKind.TERMS:
        return LocalizedText(
            f"Kies uit de lijst, hoogstens {field.most}.", f"Choose from the list, at most {field.most}."
        )
    if field.kind is FieldKind.NUMBER:
        return _explain_number(field)
    return _KINDS.get(
        field.kind,
        LocalizedText(
            f"Tekst van hoogstens {field.most} tekens.", f"Text of at most {field.most} characters."
        ),
    )


def _explain_number(field: Field) -> LocalizedText:
    bounds = field.bounds
    units = {"m": LocalizedText("meters", "metres"), "deg": LocalizedText("graden", "degrees")}
    unit = units[field.unit or "m"]
    return LocalizedText(f"Een getal in {unit.nl}, {bounds.nl}.", f"A number in {unit.en}, {bounds.en}.")
