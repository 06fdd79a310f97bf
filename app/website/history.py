"""What changed in a sensor's registration from one version to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.core.language import Text
from app.sensors.dossier import PublicVersion
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME
from app.website.glossary import Glossary

BOOKKEEPING: Final = {"version", "updatedAt", "operationalStatus", "confirmBy", "notifiedLate"}
"""These follow from a change, or from the date, and tell nothing besides."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One version: from when until when it held, and the labels of what it changed."""

    version: int
    valid_from: datetime
    valid_until: datetime | None
    changed: tuple[str, ...]


def tell_history(versions: Sequence[PublicVersion], glossary: Glossary) -> list[Episode]:
    """The versions, newest first as they come; the oldest changed nothing."""
    older: list[PublicVersion | None] = [*versions[1:], None]
    return [
        Episode(
            newer.version,
            newer.valid_from,
            newer.valid_until,
            tuple(_name_changes(newer.feature, before.feature, glossary)) if before else (),
        )
        for newer, before in zip(versions, older, strict=True)
    ]


def _name_changes(newer: dict[str, Any], older: dict[str, Any], glossary: Glossary) -> list[str]:
    labels: dict[str, Text] = {name: field.label for name, field in FIELD_BY_NAME.items()} | DERIVED_LABELS
    now = {**newer["properties"], "location": newer["geometry"]}
    then = {**older["properties"], "location": older["geometry"]}
    return [
        glossary.word(label)
        for name, label in labels.items()
        if name not in BOOKKEEPING and now.get(name) != then.get(name)
    ]
