"""Words of a duty for people: which sensors of which owners it concerns."""

from dataclasses import dataclass
from typing import Final

from app.core.formatting import format_list
from app.core.i18n import LocalizedText
from app.duties.duty import Duty
from app.vocabularies.terms import Vocabularies

_EVERY_SENSOR: Final = LocalizedText("alle soorten", "every kind")
_EVERY_OWNER: Final = LocalizedText("iedereen", "everyone")


@dataclass(frozen=True, slots=True)
class DutyKinds:
    """The kinds of sensors and of owners that a duty concerns, in words."""

    sensors: LocalizedText
    owners: LocalizedText


def name_kinds(duty: Duty, vocabularies: Vocabularies) -> DutyKinds:
    """The kinds of a duty by the labels of their lists."""
    return DutyKinds(
        _list(vocabularies, "sensorType", duty.sensor_types) or _EVERY_SENSOR,
        _list(vocabularies, "organisationType", duty.owner_types) or _EVERY_OWNER,
    )


def _list(vocabularies: Vocabularies, name: str, codes: tuple[str, ...]) -> LocalizedText | None:
    if not codes:
        return None
    labels = [vocabularies.label(name, code) for code in codes]
    return LocalizedText(
        format_list([one.nl for one in labels], "nl"), format_list([one.en for one in labels], "en")
    )
