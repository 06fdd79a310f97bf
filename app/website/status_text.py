"""What a resident must know first: is the sensor there, and does it concern data about people?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.core.formatting import format_date, format_duration
from app.core.i18n import LocalizedText
from app.sensors.fields import PERSONAL_DATA
from app.sensors.presentation import Labels

Look = Literal["ok", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Statement:
    """An answer in one sentence, what to know besides, and the page where the owner tells more."""

    answer: str
    explanation: str | None = None
    look: Look = "info"
    link: str | None = None


STATUS_STATEMENTS: Final[dict[str, tuple[Look, LocalizedText, LocalizedText]]] = {
    "planned": (
        "info",
        LocalizedText("Deze sensor is er nog niet.", "This sensor is not there yet."),
        LocalizedText(
            "Hij wordt geplaatst op {placedFrom} en blijft volgens de eigenaar tot en met {activeUntil}.",
            "It will be placed on {placedFrom} and stay, says its owner, until the end of {activeUntil}.",
        ),
    ),
    "active": (
        "ok",
        LocalizedText("Deze sensor is in gebruik.", "This sensor is in use."),
        LocalizedText(
            "Hij is er sinds {placedFrom} en blijft volgens de eigenaar tot en met {activeUntil}.",
            "It has been there since {placedFrom} and stays, says its owner, until the end of {activeUntil}.",
        ),
    ),
    "due_for_confirmation": (
        "warning",
        LocalizedText(
            "Deze sensor is waarschijnlijk nog in gebruik.",
            "This sensor is probably still in use.",
        ),
        LocalizedText(
            "Volgens de eigenaar blijft hij tot en met {activeUntil}. "
            "Dat is sinds {lastConfirmedOn} niet meer bevestigd.",
            "It stays, says its owner, until the end of {activeUntil}. "
            "That has not been confirmed since {lastConfirmedOn}.",
        ),
    ),
    "expired": (
        "error",
        LocalizedText("Deze sensor had al weg moeten zijn.", "This sensor should have been gone by now."),
        LocalizedText(
            "De eigenaar zou hem uiterlijk {activeUntil} weghalen en heeft niet gemeld dat dat gebeurd is. "
            "Ziet u hem nog? Vraag de eigenaar ernaar.",
            "Its owner was to remove it by {activeUntil} and has not told that this was done. "
            "Do you still see it? Ask the owner.",
        ),
    ),
    "removed": (
        "info",
        LocalizedText("Deze sensor is verwijderd.", "This sensor has been removed."),
        LocalizedText(
            "Hij stond er van {placedFrom} tot {removedOn}.",
            "It was there from {placedFrom} until {removedOn}.",
        ),
    ),
}

GENERALISED: Final = LocalizedText(
    "De plek is niet precies: de sensor staat ergens in een vak van 250 bij 250 meter.",
    "The place is not exact: the sensor is somewhere in a square of 250 by 250 metres.",
)

PERSONAL_ANSWERS: Final[dict[str, LocalizedText]] = {
    "none": LocalizedText(
        "Deze sensor verwerkt geen persoonsgegevens.", "This sensor processes no personal data."
    ),
    "indirect": LocalizedText(
        "Deze sensor verwerkt indirect persoonsgegevens.", "This sensor processes personal data indirectly."
    ),
    "yes": LocalizedText("Deze sensor verwerkt persoonsgegevens.", "This sensor processes personal data."),
    "special_category": LocalizedText(
        "Deze sensor verwerkt bijzondere persoonsgegevens.",
        "This sensor processes special categories of personal data.",
    ),
}

PERSONAL_EXPLANATIONS: Final[dict[str, LocalizedText]] = {
    "none": LocalizedText(
        "Wat hij meet, is niet tot een persoon te herleiden.",
        "What it measures cannot be traced to a person.",
    ),
    "indirect": LocalizedText(
        "De gegevens worden bij de bron gewist of versleuteld, zodat ze niet zomaar naar een persoon wijzen.",
        "The data are deleted at the source or pseudonymised, so that they do not simply point to a person.",
    ),
    "yes": LocalizedText(
        "Wat hij meet, kan naar een persoon wijzen.",
        "What it measures can point to a person.",
    ),
    "special_category": LocalizedText(
        "Het gaat om gegevens die de wet extra beschermt, zoals over gezondheid of om biometrie "
        "(AVG, artikel 9).",
        "These are data that the law protects more strongly, such as on health, or biometrics "
        "(GDPR, article 9).",
    ),
}


def describe_status(sensor: Mapping[str, Any], labels: Labels) -> Statement:
    """Whether the sensor is there now, and until when; `sensor` are the published properties."""
    look, answer, explanation = STATUS_STATEMENTS[sensor["operationalStatus"]]
    dates = {
        name: format_date(sensor[name], labels.language)
        for name in ("placedFrom", "activeUntil", "removedOn", "lastConfirmedOn")
        if name in sensor
    }
    return Statement(labels.word(answer), labels.word(explanation).format(**dates), look)


def describe_generalised(sensor: Mapping[str, Any], labels: Labels) -> Statement | None:
    """That the place is not exact, and why; None when it is."""
    if sensor["visibility"] != "generalised":
        return None
    return Statement(labels.word(GENERALISED), sensor.get("visibilityReason"))


def processes_personal_data(sensor: Mapping[str, Any]) -> bool:
    return sensor["personalData"] in PERSONAL_DATA


def describe_personal_data(sensor: Mapping[str, Any], labels: Labels) -> Statement:
    """Whether data about people are processed, on which ground and for how long they are kept."""
    kind = sensor["personalData"]
    sentences = [labels.word(PERSONAL_EXPLANATIONS[kind])]
    if grounds := [labels.name_term("gdprBases", code) for code in sensor.get("gdprBases", ())]:
        sentences.append(f"{labels.word(LocalizedText('Grondslag', 'Ground'))}: {', '.join(grounds)}.")
    if retention := _word_retention(sensor, labels):
        sentences.append(f"{labels.word(LocalizedText('Bewaartermijn', 'Kept for'))}: {retention}.")
    return Statement(
        labels.word(PERSONAL_ANSWERS[kind]),
        " ".join(sentences),
        "warning" if processes_personal_data(sensor) else "ok",
        sensor.get("privacyStatementUrl"),
    )


def _word_retention(sensor: Mapping[str, Any], labels: Labels) -> str | None:
    if period := sensor.get("retentionPeriod"):
        return format_duration(period, labels.language)
    kind = sensor.get("retentionKind")
    return labels.name_term("retentionKind", kind).lower() if kind else None
