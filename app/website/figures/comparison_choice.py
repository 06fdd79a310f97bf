"""The municipalities that a comparison asks for, and what it left out of them and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.municipalities.directory import NamedMunicipality
from app.sensors.presentation import Labels

MAX_COMPARED: Final = 5
_MAX_ASKED: Final = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """Municipalities in force, each once; a sentence for each name left out; and the names that are not known."""

    municipalities: tuple[NamedMunicipality, ...]
    notices: tuple[LocalizedText, ...]
    unknown: tuple[str, ...]


def choose_municipalities(asked: Sequence[str], labels: Labels) -> Choice:
    """The first municipalities with these names or codes. A former one is replaced by its successor."""
    chosen: dict[str, NamedMunicipality] = {}
    notices: list[LocalizedText] = []
    unknown: list[str] = []
    too_many: list[str] = []
    for name in [each.strip()[:100] for each in asked if each.strip()][:_MAX_ASKED]:
        try:
            found = labels.directory.get_municipality(name)
        except InvalidRequest as error:
            unknown.append(name)
            notices.append(error.problems[0].detail)
            continue
        if found.successor is not None:
            successor = labels.directory.get_municipality(found.successor.code)
            notices.append(
                LocalizedText(
                    f"{found.name} is opgegaan in {successor.name}.",
                    f"{found.name} became part of {successor.name}.",
                )
            )
            found = successor
        if found.code in chosen:
            notices.append(
                LocalizedText(
                    f"{found.name} is één keer meegenomen: “{name}” is dezelfde gemeente.",
                    f"{found.name} is shown once: “{name}” is the same municipality.",
                )
            )
        elif len(chosen) == MAX_COMPARED:
            too_many.append(found.name)
        else:
            chosen[found.code] = found
    if too_many:
        names = ", ".join(dict.fromkeys(too_many))
        notices.append(
            LocalizedText(
                f"Niet meegenomen: {names}. U kunt hoogstens {MAX_COMPARED} gemeenten vergelijken. "
                "Haal er een weg om een andere te vergelijken.",
                f"Left out: {names}. At most {MAX_COMPARED} municipalities can be compared. "
                "Remove one to compare another.",
            )
        )
    return Choice(tuple(chosen.values()), tuple(notices), tuple(dict.fromkeys(unknown)))
