"""Statements that follow from the status of a sensor: is it there, and does it process personal data?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.core.formatting import format_date
from app.core.i18n import LocalizedText
from app.sensors.fields import PERSONAL_DATA
from app.sensors.presentation import Labels

Severity = Literal["ok", "info", "warning", "error"]
Tense = Literal["future", "present", "past"]


@dataclass(frozen=True, slots=True)
class Statement:
    """An answer in one sentence and its explanation."""

    answer: str
    explanation: str | None = None
    severity: Severity = "info"


STATUS_STATEMENTS: Final[dict[str, tuple[Severity, LocalizedText, LocalizedText]]] = {
    "planned": (
        "info",
        LocalizedText("Deze sensor is er nog niet.", "This sensor is not there yet."),
        LocalizedText(
            "Volgens de eigenaar komt hij er op {placedFrom} en blijft hij tot en met {activeUntil}.",
            "According to its owner it will be there from {placedFrom} until {activeUntil}.",
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

TENSES: Final[dict[str, Tense]] = {"planned": "future", "removed": "past"}
"""The tense of what a page says about a sensor of each status; that of any other status is the present."""

PERSONAL_ANSWERS: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText(
        "Volgens de eigenaar gaat deze sensor {data} verwerken.",
        "According to its owner this sensor will process {data}.",
    ),
    "present": LocalizedText(
        "Volgens de eigenaar verwerkt deze sensor {data}.",
        "According to its owner this sensor processes {data}.",
    ),
    "past": LocalizedText(
        "Volgens de eigenaar verwerkte deze sensor {data}.",
        "According to its owner this sensor processed {data}.",
    ),
}
PERSONAL_OBJECTS: Final[dict[str, LocalizedText]] = {
    "none": LocalizedText("geen persoonsgegevens", "no personal data"),
    "indirect": LocalizedText("indirect persoonsgegevens", "personal data indirectly"),
    "yes": LocalizedText("persoonsgegevens", "personal data"),
    "special_category": LocalizedText("bijzondere persoonsgegevens", "special categories of personal data"),
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


def choose_tense(sensor: Mapping[str, Any]) -> Tense:
    """The tense of what is said of a sensor that is not there yet, is there, or is gone."""
    return TENSES.get(sensor["operationalStatus"], "present")


def describe_status(sensor: Mapping[str, Any], labels: Labels) -> Statement:
    """Whether the sensor is there now, and until when; `sensor` are the published properties."""
    severity, answer, explanation = STATUS_STATEMENTS[sensor["operationalStatus"]]
    dates = {
        name: format_date(sensor[name], labels.language)
        for name in ("placedFrom", "activeUntil", "removedOn", "lastConfirmedOn")
        if name in sensor
    }
    return Statement(labels.render(answer), labels.render(explanation).format(**dates), severity)


def processes_personal_data(sensor: Mapping[str, Any]) -> bool:
    return sensor["personalData"] in PERSONAL_DATA


def describe_personal_data(sensor: Mapping[str, Any], labels: Labels) -> Statement:
    """Whether personal data are, were or will be processed, and what that means."""
    kind = sensor["personalData"]
    severity: Severity = "warning" if processes_personal_data(sensor) else "ok"
    if kind not in PERSONAL_OBJECTS:
        # An answer that an administrator added to the vocabulary.
        return Statement(
            labels.name_term("personalData", kind), labels.define_term("personalData", kind), severity
        )
    answer = labels.render(PERSONAL_ANSWERS[choose_tense(sensor)])
    return Statement(
        answer.format(data=labels.render(PERSONAL_OBJECTS[kind])),
        labels.render(PERSONAL_EXPLANATIONS[kind]),
        severity,
    )
