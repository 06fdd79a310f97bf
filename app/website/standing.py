"""What a resident must know first: is the sensor there, and does it concern data about people?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.core.language import Text
from app.core.wording import word_date, word_duration
from app.sensors.fields import PERSONAL_DATA
from app.website.glossary import Glossary

Look = Literal["ok", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Statement:
    """An answer in one sentence, what to know besides, and the page where the owner tells more."""

    answer: str
    explanation: str | None = None
    look: Look = "info"
    link: str | None = None


STANDINGS: Final[dict[str, tuple[Look, Text, Text]]] = {
    "planned": (
        "info",
        Text("Deze sensor is er nog niet.", "This sensor is not there yet."),
        Text(
            "Hij wordt geplaatst op {placedFrom} en blijft volgens de eigenaar tot en met {activeUntil}.",
            "It will be placed on {placedFrom} and stay, says its owner, until the end of {activeUntil}.",
        ),
    ),
    "active": (
        "ok",
        Text("Deze sensor is in gebruik.", "This sensor is in use."),
        Text(
            "Hij is er sinds {placedFrom} en blijft volgens de eigenaar tot en met {activeUntil}.",
            "It has been there since {placedFrom} and stays, says its owner, until the end of {activeUntil}.",
        ),
    ),
    "due_for_confirmation": (
        "warning",
        Text(
            "Deze sensor is waarschijnlijk nog in gebruik.",
            "This sensor is probably still in use.",
        ),
        Text(
            "Volgens de eigenaar blijft hij tot en met {activeUntil}. "
            "Dat is sinds {lastConfirmedOn} niet meer bevestigd.",
            "It stays, says its owner, until the end of {activeUntil}. "
            "That has not been confirmed since {lastConfirmedOn}.",
        ),
    ),
    "expired": (
        "error",
        Text("Deze sensor had al weg moeten zijn.", "This sensor should have been gone by now."),
        Text(
            "De eigenaar zou hem uiterlijk {activeUntil} weghalen en heeft niet gemeld dat dat gebeurd is. "
            "Ziet u hem nog? Vraag de eigenaar ernaar.",
            "Its owner was to remove it by {activeUntil} and has not told that this was done. "
            "Do you still see it? Ask the owner.",
        ),
    ),
    "removed": (
        "info",
        Text("Deze sensor is verwijderd.", "This sensor has been removed."),
        Text(
            "Hij stond er van {placedFrom} tot {removedOn}.",
            "It was there from {placedFrom} until {removedOn}.",
        ),
    ),
}

GENERALISED: Final = Text(
    "De plek is niet precies: de sensor staat ergens in een vak van 250 bij 250 meter.",
    "The place is not exact: the sensor is somewhere in a square of 250 by 250 metres.",
)

PERSONAL_ANSWERS: Final[dict[str, Text]] = {
    "none": Text("Deze sensor verwerkt geen persoonsgegevens.", "This sensor processes no personal data."),
    "indirect": Text(
        "Deze sensor verwerkt indirect persoonsgegevens.", "This sensor processes personal data indirectly."
    ),
    "yes": Text("Deze sensor verwerkt persoonsgegevens.", "This sensor processes personal data."),
    "special_category": Text(
        "Deze sensor verwerkt bijzondere persoonsgegevens.",
        "This sensor processes special categories of personal data.",
    ),
}

PERSONAL_EXPLANATIONS: Final[dict[str, Text]] = {
    "none": Text(
        "Wat hij meet, is niet tot een persoon te herleiden.",
        "What it measures cannot be traced to a person.",
    ),
    "indirect": Text(
        "De gegevens worden bij de bron gewist of versleuteld, zodat ze niet zomaar naar een persoon wijzen.",
        "The data are deleted at the source or pseudonymised, so that they do not simply point to a person.",
    ),
    "yes": Text(
        "Wat hij meet, kan naar een persoon wijzen.",
        "What it measures can point to a person.",
    ),
    "special_category": Text(
        "Het gaat om gegevens die de wet extra beschermt, zoals over gezondheid of om biometrie "
        "(AVG, artikel 9).",
        "These are data that the law protects more strongly, such as on health, or biometrics "
        "(GDPR, article 9).",
    ),
}


def state_standing(sensor: Mapping[str, Any], glossary: Glossary) -> Statement:
    """Whether the sensor is there now, and until when; `sensor` are the published properties."""
    look, answer, explanation = STANDINGS[sensor["operationalStatus"]]
    dates = {
        name: word_date(sensor[name], glossary.language)
        for name in ("placedFrom", "activeUntil", "removedOn", "lastConfirmedOn")
        if name in sensor
    }
    return Statement(glossary.word(answer), glossary.word(explanation).format(**dates), look)


def state_generalised(sensor: Mapping[str, Any], glossary: Glossary) -> Statement | None:
    """That the place is not exact, and why; None when it is."""
    if sensor["visibility"] != "generalised":
        return None
    return Statement(glossary.word(GENERALISED), sensor.get("visibilityReason"))


def processes_personal_data(sensor: Mapping[str, Any]) -> bool:
    return sensor["personalData"] in PERSONAL_DATA


def state_personal_data(sensor: Mapping[str, Any], glossary: Glossary) -> Statement:
    """Whether data about people are processed, on which ground and for how long they are kept."""
    kind = sensor["personalData"]
    sentences = [glossary.word(PERSONAL_EXPLANATIONS[kind])]
    if grounds := [glossary.name_term("gdprBases", code) for code in sensor.get("gdprBases", ())]:
        sentences.append(f"{glossary.word(Text('Grondslag', 'Ground'))}: {', '.join(grounds)}.")
    if retention := _word_retention(sensor, glossary):
        sentences.append(f"{glossary.word(Text('Bewaartermijn', 'Kept for'))}: {retention}.")
    return Statement(
        glossary.word(PERSONAL_ANSWERS[kind]),
        " ".join(sentences),
        "warning" if processes_personal_data(sensor) else "ok",
        sensor.get("privacyStatementUrl"),
    )


def _word_retention(sensor: Mapping[str, Any], glossary: Glossary) -> str | None:
    if period := sensor.get("retentionPeriod"):
        return word_duration(period, glossary.language)
    kind = sensor.get("retentionKind")
    return glossary.name_term("retentionKind", kind).lower() if kind else None
