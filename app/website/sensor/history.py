"""Changes of a sensor's registration from one version to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME
from app.sensors.presentation import Labels, label_property
from app.sensors.search.detail import PublicVersion

BOOKKEEPING: Final = {"version", "updatedAt", "operationalStatus", "confirmBy", "notifiedLate"}
"""Properties that follow from a change or from the date."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One version: its period, and the labels of the fields that it changed."""

    version: int
    valid_from: datetime
    valid_until: datetime | None
    changed: tuple[str, ...]


def describe_history(versions: Sequence[PublicVersion], labels: Labels) -> list[HistoryEntry]:
    """The versions in the given order, newest first; the oldest has no changes."""
    older: list[PublicVersion | None] = [*versions[1:], None]
    return [
        HistoryEntry(
            newer.version,
            newer.valid_from,
            newer.valid_until,
            tuple(_name_changes(newer.feature, before.feature, labels)) if before else (),
        )
        for newer, before in zip(versions, older, strict=True)
    ]


def _name_changes(newer: dict[str, Any], older: dict[str, Any], labels: Labels) -> list[str]:
    fields: dict[str, LocalizedText] = {
        name: field.label for name, field in FIELD_BY_NAME.items()
    } | DERIVED_LABELS
    now = {**newer["properties"], "location": newer["geometry"]}
    then = {**older["properties"], "location": older["geometry"]}
    return [
        label_property(name, label, labels.language)
        for name, label in fields.items()
        if name not in BOOKKEEPING and now.get(name) != then.get(name)
    ]
