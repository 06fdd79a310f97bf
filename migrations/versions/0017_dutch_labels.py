"""Spell the Dutch labels of sensor types by the official spelling, and word statuses for the reader of a page.

Former labels stay readable on import: `FORMER_LABELS` in app/vocabularies/terms.py. Codes do not change, so code of the
version before reads these rows as well.

Revision ID: 0017
Revises: 0016
"""

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

serves_previous_version = True


class Wording(NamedTuple):
    nl: str
    en: str


LABELS = {
    ("sensorType", "optical_camera"): (
        Wording("Optische / camera sensor", "Optical / camera sensor"),
        Wording("Camera of andere optische sensor", "Camera or other optical sensor"),
    ),
    ("sensorType", "electric"): (
        Wording("Electriciteitssensor", "Electricity sensor"),
        Wording("Elektriciteitssensor", "Electricity sensor"),
    ),
    ("sensorType", "position"): (
        Wording("Positie- of verplaatsingsensor", "Position or displacement sensor"),
        Wording("Positie- of verplaatsingssensor", "Position or displacement sensor"),
    ),
    ("sensorType", "presence"): (
        Wording("Aanwezigheid of nabijheidsensor", "Presence or proximity sensor"),
        Wording("Aanwezigheids- of nabijheidssensor", "Presence or proximity sensor"),
    ),
    ("sensorSubtype", "radar_detector"): (
        Wording("Radar detector", "Radar detector"),
        Wording("Radardetector", "Radar detector"),
    ),
    ("operationalStatus", "due_for_confirmation"): (
        Wording("Te bevestigen", "Due for confirmation"),
        Wording("Niet bevestigd", "Not confirmed"),
    ),
    ("operationalStatus", "expired"): (
        Wording("Verlopen", "Expired"),
        Wording("Had weg moeten zijn", "Should have been removed"),
    ),
}
"""The former and the new label by vocabulary and code."""

DEFINITIONS = {
    ("personalData", "indirect"): (
        Wording(
            "De gegevens zijn gepseudonimiseerd of worden bij de bron gewist.",
            "The data are pseudonymised, or deleted at the source.",
        ),
        Wording(
            "Persoonsgegevens worden meteen gewist of onherkenbaar gemaakt.",
            "Personal data are deleted or made unrecognisable at once.",
        ),
    ),
    ("processing", "de_identified"): (
        Wording(
            "Wat naar een persoon wijst, wordt uit de gegevens gehaald.",
            "What points to a person is taken out of the data.",
        ),
        Wording(
            "Gegevens waarmee iemand herkend kan worden, worden weggehaald.",
            "Data by which somebody can be recognised are taken out.",
        ),
    ),
    ("operationalStatus", "due_for_confirmation"): (
        Wording(
            "De sensor is geplaatst, maar al een jaar niet door de eigenaar bevestigd.",
            "The sensor is in place, but its owner has not confirmed it for a year.",
        ),
        Wording(
            "De sensor is geplaatst. De eigenaar heeft dat al een jaar niet bevestigd.",
            "The sensor is in place. Its owner has not confirmed this for a year.",
        ),
    ),
    ("operationalStatus", "expired"): (
        Wording(
            "De einddatum is voorbij, maar niemand heeft gemeld dat de sensor weg is.",
            "The end date has passed, but nobody has reported the sensor as removed.",
        ),
        Wording(
            "De einddatum is voorbij. De eigenaar heeft niet gemeld dat de sensor weg is.",
            "The end date has passed. The owner has not reported the sensor as removed.",
        ),
    ),
}

VOCABULARY_LABELS = {
    "operationalStatus": (Wording("Gebruik", "Operational status"), Wording("Status", "Status")),
}

UPDATE_TERM = """
UPDATE publication.term SET {column}_nl = :nl, {column}_en = :en
WHERE vocabulary = :vocabulary AND code = :code AND {column}_nl = :old_nl AND {column}_en = :old_en
"""
UPDATE_VOCABULARY = """
UPDATE publication.vocabulary SET label_nl = :nl, label_en = :en
WHERE name = :name AND label_nl = :old_nl AND label_en = :old_en
"""


def upgrade() -> None:
    reword(old=0, new=1)


def downgrade() -> None:
    reword(old=1, new=0)


def reword(*, old: int, new: int) -> None:
    """Replace the wordings that are still as the register came with them: an administrator's own labels stay."""
    connection = op.get_bind()
    for column, wordings in (("label", LABELS), ("definition", DEFINITIONS)):
        for (vocabulary, code), versions in wordings.items():
            names = {"vocabulary": vocabulary, "code": code}
            connection.execute(
                sa.text(UPDATE_TERM.format(column=column)), names | bind(versions[old], versions[new])
            )
    for name, versions in VOCABULARY_LABELS.items():
        connection.execute(sa.text(UPDATE_VOCABULARY), {"name": name} | bind(versions[old], versions[new]))


def bind(old: Wording, new: Wording) -> dict[str, str]:
    return {"nl": new.nl, "en": new.en, "old_nl": old.nl, "old_en": old.en}
