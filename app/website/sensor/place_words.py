"""Where a sensor is, in words that are true of a fixed, a mobile and a generalised one."""

from collections.abc import Mapping
from typing import Any, Final

from app.core.formatting import format_list
from app.core.i18n import LocalizedText
from app.sensors.presentation import Labels
from app.website.status_text import Tense, choose_tense

SOMEWHERE: Final = LocalizedText(
    "Ergens in een vak van 250 bij 250 meter", "Somewhere in a square of 250 by 250 metres"
)
MOVES_IN: Final = LocalizedText("Mobiel, in {names}", "Mobile, in {names}")
MOVES: Final = LocalizedText("Mobiel, buiten alle gemeenten", "Mobile, outside all municipalities")

PRECISION: Final = LocalizedText(
    "De precieze plek is met opzet niet openbaar.", "The exact place is not public, on purpose."
)
REASON: Final = LocalizedText(
    "Reden volgens de eigenaar: {reason}", "Reason according to the owner: {reason}"
)
RELOCATED: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText(
        "Deze sensor gaat soms verhuizen. Dit is de eerste plek.",
        "This sensor will be moved now and then. This is its first place.",
    ),
    "present": LocalizedText(
        "Deze sensor verhuist soms. Dit is de laatst gemelde plek.",
        "This sensor is moved now and then. This is the place that was reported last.",
    ),
    "past": LocalizedText(
        "Deze sensor verhuisde soms. Dit is de laatst gemelde plek.",
        "This sensor was moved now and then. This is the place that was reported last.",
    ),
}
TRAVELS: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText(
        "Deze sensor gaat bewegen. Waar hij dan is, staat niet in het register.",
        "This sensor will move. The register does not say where it will be.",
    ),
    "present": LocalizedText(
        "Deze sensor beweegt. Waar hij op dit moment is, staat niet in het register.",
        "This sensor moves. The register does not say where it is at this moment.",
    ),
    "past": LocalizedText(
        "Deze sensor bewoog. Waar hij wanneer was, staat niet in het register.",
        "This sensor moved. The register does not say where it was when.",
    ),
}


def is_generalised(sensor: Mapping[str, Any]) -> bool:
    return bool(sensor["visibility"] == "generalised")


def is_mobile(sensor: Mapping[str, Any]) -> bool:
    return bool(sensor["mobility"] == "mobile")


def find_municipality_code(sensor: Mapping[str, Any]) -> str | None:
    """The municipality of the place, else the first one that a mobile sensor moves in."""
    code: str | None = sensor.get("municipalityCode")
    return code or next(iter(sensor.get("municipalityCodes", ())), None)


def describe_place(sensor: Mapping[str, Any], labels: Labels) -> str:
    """The place in one line: as the owner describes it, with the address and the municipality as far as known."""
    municipality = sensor.get("municipalityCode")
    name = labels.name_municipality(municipality) if municipality else None
    if is_mobile(sensor):
        codes = sensor.get("operatingMunicipalities") or sensor.get("municipalityCodes") or ()
        names = [labels.name_municipality(code) for code in codes]
        if not names:
            return labels.render(MOVES)
        return labels.render(MOVES_IN).format(names=format_list(names, labels.language))
    if is_generalised(sensor):
        return ", ".join(filter(None, (labels.render(SOMEWHERE), name)))
    address = " ".join(filter(None, (sensor.get("postcode"), sensor.get("houseNumber"))))
    return ", ".join(filter(None, (sensor.get("locationDescription"), address, name)))


def list_place_notes(sensor: Mapping[str, Any], labels: Labels) -> list[str]:
    """Sentences about how exact and how lasting the place is; none for a fixed sensor at its exact place."""
    notes = []
    if is_mobile(sensor):
        notes.append(labels.render(TRAVELS[choose_tense(sensor)]))
    elif sensor["mobility"] == "relocatable":
        notes.append(labels.render(RELOCATED[choose_tense(sensor)]))
    if is_generalised(sensor):
        notes.append(labels.render(PRECISION))
        if reason := sensor.get("visibilityReason"):
            notes.append(labels.render(REASON).format(reason=reason))
    return notes
