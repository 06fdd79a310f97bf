"""Statements at the top of a sensor's page: whether it is there, and whether it processes personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.core.formatting import format_date, format_duration
from app.core.i18n import LocalizedText
from app.sensors.fields import PERSONAL_DATA
from app.sensors.presentation import Labels

Severity = Literal["ok", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Statement:
    """An answer in one sentence, its explanation, and the owner's page about it."""

    answer: str
    explanation: str | None = None
    severity: Severity = "info"
    link: str | None = None


STATUS_STATEMENTS: Final[dict[str, tuple[Severity, LocalizedText, LocalizedText]]] = {
    "planned": (
        "info",
        LocalizedText("Deze sensor is er nog niet.", "This sensor is not there yet."),
        LocalizedText(
            "De eigenaar plaatst hem op {placedFrom}. Volgens de eigenaar blijft hij tot en met {activeUntil}.",
            "Its owner will place it on {placedFrom}. According to its owner it stays until {activeUntil}.",
        ),
    ),
    "active": (
        "ok",
        LocalizedText(
            "Volgens de eigenaar is deze sensor in gebruik.", "According to its owner this sensor is in use."
        ),
        LocalizedText(
            "Hij is er sinds {placedFrom} en blijft tot en met {activeUntil}.",
            "It has been there since {placedFrom} and stays until {activeUntil}.",
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
            "De eigenaar heeft dat sinds {lastConfirmedOn} niet bevestigd.",
            "According to its owner it stays until {activeUntil}. "
            "The owner has not confirmed this since {lastConfirmedOn}.",
        ),
    ),
    "expired": (
        "error",
        LocalizedText("Deze sensor had al weg moeten zijn.", "This sensor should have been removed by now."),
        LocalizedText(
            "De eigenaar zou hem uiterlijk op {activeUntil} weghalen, maar heeft niet gemeld dat hij weg is. "
            "Ziet u hem nog? Vraag de eigenaar ernaar.",
            "Its owner planned to remove it by {activeUntil}, but has not reported that it is gone. "
            "Do you still see it? Ask the owner.",
        ),
    ),
    "removed": (
        "info",
        LocalizedText(
            "Volgens de eigenaar is deze sensor verwijderd.",
            "According to its owner this sensor has been removed.",
        ),
        LocalizedText(
            "Hij was er van {placedFrom} tot {removedOn}.",
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
        "Volgens de eigenaar verwerkt deze sensor geen persoonsgegevens.",
        "According to its owner this sensor processes no personal data.",
    ),
    "indirect": LocalizedText(
        "Volgens de eigenaar verwerkt deze sensor indirect persoonsgegevens.",
        "According to its owner this sensor processes personal data indirectly.",
    ),
    "yes": LocalizedText(
        "Volgens de eigenaar verwerkt deze sensor persoonsgegevens.",
        "According to its owner this sensor processes personal data.",
    ),
    "special_category": LocalizedText(
        "Volgens de eigenaar verwerkt deze sensor bijzondere persoonsgegevens.",
        "According to its owner this sensor processes special categories of personal data.",
    ),
}

PERSONAL_EXPLANATIONS: Final[dict[str, LocalizedText]] = {
    "none": LocalizedText(
        "Aan wat de sensor meet, is dan niemand te herkennen.",
        "Then no one can be recognised by what the sensor measures.",
    ),
    "indirect": LocalizedText(
        "Persoonsgegevens worden dan meteen gewist of onherkenbaar gemaakt.",
        "Then personal data are deleted or made unrecognisable at once.",
    ),
    "yes": LocalizedText(
        "Met deze gegevens kan iemand herkend worden.",
        "Someone can be recognised by these data.",
    ),
    "special_category": LocalizedText(
        "De wet beschermt deze gegevens extra. Het gaat bijvoorbeeld om iemands gezondheid "
        "of om herkenning aan het gezicht (AVG, artikel 9).",
        "The law gives these data extra protection. They are for example about someone's health, "
        "or recognise a face (GDPR, article 9).",
    ),
}

RETENTION: Final[dict[str, LocalizedText]] = {
    "not_retained": LocalizedText(
        "Volgens de eigenaar worden de gegevens niet bewaard.",
        "According to the owner the data are not stored.",
    ),
    "fixed": LocalizedText(
        "Volgens de eigenaar worden de gegevens na een vaste tijd gewist.",
        "According to the owner the data are deleted after a fixed time.",
    ),
    "until_purpose_met": LocalizedText(
        "Volgens de eigenaar worden de gegevens gewist als ze niet meer nodig zijn.",
        "According to the owner the data are deleted when they are no longer needed.",
    ),
    "unknown": LocalizedText(
        "Het is niet bekend hoe lang de gegevens worden bewaard.",
        "It is not known how long the data are stored.",
    ),
}
RETENTION_PERIOD: Final = LocalizedText(
    "Volgens de eigenaar worden de gegevens {period} bewaard.",
    "According to the owner the data are stored for {period}.",
)
LEGAL_BASIS: Final = LocalizedText("Waarom dat mag", "Legal basis")


def describe_status(sensor: Mapping[str, Any], labels: Labels) -> Statement:
    """Whether the sensor is there now, and until when; `sensor` are the published properties."""
    severity, answer, explanation = STATUS_STATEMENTS[sensor["operationalStatus"]]
    dates = {
        name: format_date(sensor[name], labels.language)
        for name in ("placedFrom", "activeUntil", "removedOn", "lastConfirmedOn")
        if name in sensor
    }
    return Statement(labels.render(answer), labels.render(explanation).format(**dates), severity)


def describe_generalised(sensor: Mapping[str, Any], labels: Labels) -> Statement | None:
    """A statement that the place is not exact, with the reason; None where it is exact."""
    if sensor["visibility"] != "generalised":
        return None
    return Statement(labels.render(GENERALISED), sensor.get("visibilityReason"))


def processes_personal_data(sensor: Mapping[str, Any]) -> bool:
    return sensor["personalData"] in PERSONAL_DATA


def describe_personal_data(sensor: Mapping[str, Any], labels: Labels) -> Statement:
    """Whether personal data are processed, on what legal basis, and how long they are stored."""
    kind = sensor["personalData"]
    sentences = [labels.render(PERSONAL_EXPLANATIONS[kind])]
    if grounds := [labels.name_term("gdprBases", code) for code in sensor.get("gdprBases", ())]:
        sentences.append(f"{labels.render(LEGAL_BASIS)}: {', '.join(grounds).lower()}.")
    if retention := _describe_retention(sensor, labels):
        sentences.append(retention)
    return Statement(
        labels.render(PERSONAL_ANSWERS[kind]),
        " ".join(sentences),
        "warning" if processes_personal_data(sensor) else "ok",
        sensor.get("privacyStatementUrl"),
    )


def _describe_retention(sensor: Mapping[str, Any], labels: Labels) -> str | None:
    if period := sensor.get("retentionPeriod"):
        return labels.render(RETENTION_PERIOD).format(period=format_duration(period, labels.language))
    kind = sensor.get("retentionKind")
    return labels.render(RETENTION[kind]) if kind in RETENTION else None
