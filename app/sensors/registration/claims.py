"""Rules on claims that contradict each other: no personal data, while another field says that there are."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.sensors.fields import FIELDS, Group
from app.sensors.registration.personal_data_words import find_personal_data_words

PERSONAL_SUBTYPES: Final = frozenset(
    {"anpr", "environment_zone", "red_light_speed", "speed_camera", "surveillance"}
)
"""Subtypes that read number plates or watch people. Source: the descriptions of the vocabulary."""

REGULATED_AI: Final = frozenset(
    {"biometric_identification", "biometric_categorisation", "emotion_recognition"}
)
"""Uses of AI on people's bodies. Source: Regulation (EU) 2024/1689, articles 5 and 50."""

# The name of a product says nothing about what is measured here; a legitimate interest has a warning of its own.
_NOT_DESCRIBING: Final = frozenset({"reference", "manufacturer", "model", "supplier", "legitimateInterest"})

DESCRIBING_TEXTS: Final = tuple(
    field.name
    for field in FIELDS
    if field.is_free_text and field.group is not Group.WHERE and field.name not in _NOT_DESCRIBING
)
"""The free texts that say what is measured, why, and what happens to the data."""


def find_bases_without_personal_data(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A warning for each legal basis of a record without personal data."""
    if values["personalData"] != "none":
        return
    for name in ("gdprBases", "legitimateInterest"):
        if values[name]:
            yield Problem(
                ProblemCode.BASIS_WITHOUT_PERSONAL_DATA,
                f"/{name}",
                LocalizedText(
                    "U geeft een grondslag voor persoonsgegevens, en zegt dat er geen worden verwerkt. Kijk beide na.",
                    "You give a legal basis for personal data, and say that none are processed. Check both.",
                ),
            )


def find_types_of_personal_data(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A warning for each type that is about people or number plates, of a record without personal data."""
    if values["personalData"] != "none":
        return
    if values["sensorSubtype"] in PERSONAL_SUBTYPES:
        yield _contradict(
            "sensorSubtype",
            LocalizedText(
                "Zo'n camera legt mensen of kentekens vast", "Such a camera records people or number plates"
            ),
            values["sensorSubtype"],
        )
    if "personal" in (values["dataTypes"] or ()):
        yield _contradict(
            "dataTypes",
            LocalizedText(
                "Bij de soort gegevens staan persoonsgegevens", "The types of data include personal data"
            ),
            "personal",
        )
    if values["aiUse"] in REGULATED_AI:
        yield _contradict(
            "aiUse",
            LocalizedText("Deze AI gaat over het lichaam van mensen", "This AI is about the body of people"),
            values["aiUse"],
        )


def find_regulated_ai(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A warning that names the articles of the AI Act on AI that looks at people's bodies."""
    if values["aiUse"] in REGULATED_AI:
        yield Problem(
            ProblemCode.AI_ACT,
            "/aiUse",
            LocalizedText(
                "De Europese AI-verordening verbiedt sommige vormen hiervan (artikel 5) en vraagt bij andere dat u "
                "mensen erop wijst (artikel 50). Laat nagaan of dit mag.",
                "The European AI Act forbids some forms of this (article 5) and asks for others that you tell people "
                "about it (article 50). Have it checked whether this is allowed.",
            ),
            values["aiUse"],
        )


def find_words_of_personal_data(name: str, values: Mapping[str, Any]) -> Iterator[Problem]:
    """A warning for the text of this field, when it is about personal data and the record is without."""
    text = values[name]
    if text is None or values["personalData"] != "none":
        return
    if words := find_personal_data_words(text):
        yield _contradict(
            name, LocalizedText(f"Hier staat '{words}'", f"The text here says '{words}'"), words
        )


def _contradict(name: str, found: LocalizedText, value: object) -> Problem:
    return Problem(
        ProblemCode.PERSONAL_DATA_CONTRADICTED,
        f"/{name}",
        LocalizedText(
            f"{found.nl}, maar volgens de melding worden er geen persoonsgegevens verwerkt. Kijk beide na.",
            f"{found.en}, but the registration says that no personal data are processed. Check both.",
        ),
        value,
    )
