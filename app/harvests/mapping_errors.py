"""The mistakes of a mapping file, gathered while it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from app.core.errors import ABSENT, Problem
from app.core.i18n import LocalizedText


@dataclass(slots=True)
class MappingErrors:
    """Locations are those of TOML: `fields.measures.path`."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(
        self,
        code: str,
        location: str,
        detail: LocalizedText,
        value: object = ABSENT,
        suggestion: object = ABSENT,
    ) -> None:
        self.problems.append(Problem(code, location, detail, value, suggestion))

    def refuse_unknown(self, name: object, known: Iterable[str], location: str) -> None:
        """A name that is none of these; the nearest is suggested, or a few of them named."""
        names = list(known)
        nearest = find_nearest_name(str(name), names) if name is not ABSENT else None
        some = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        advice = (
            LocalizedText(f"Bedoelt u {nearest}?", f"Did you mean {nearest}?")
            if nearest
            else LocalizedText(f"Kies bijvoorbeeld uit: {some}.", f"Choose, for instance, from: {some}.")
        )
        detail = (
            LocalizedText(f"Dit ontbreekt. {advice.nl}", f"This is missing. {advice.en}")
            if name is ABSENT
            else LocalizedText(
                f"{name} kennen wij hier niet. {advice.nl}", f"We do not know {name} here. {advice.en}"
            )
        )
        self.refuse("unknown_name", location, detail, suggestion=nearest or ABSENT)

    def check_names(self, table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        """Every key of a table is one that we know."""
        names = list(known)
        for name in table:
            if name not in names:
                self.refuse_unknown(name, names, f"{where}{name}")

    def take_table(
        self, table: Mapping[str, Any], name: str, *, location: str = "", needed: bool = False
    ) -> Mapping[str, Any]:
        """The table under a name; empty where there is none."""
        found = table.get(name)
        if isinstance(found, dict):
            return found
        if found is not None or needed:
            heading = location or name
            detail = LocalizedText(
                f"Hier hoort een tabel: [{heading}].", f"Here belongs a table: [{heading}]."
            )
            self.refuse("required" if found is None else "type", heading, detail)
        return {}

    def take_text(
        self, table: Mapping[str, Any], name: str, location: str, *, needed: bool = False
    ) -> str | None:
        """The text under a name; None where there is none."""
        found = table.get(name)
        if isinstance(found, str) and found.strip():
            return found.strip()
        if found is not None or needed:
            detail = LocalizedText(
                "Geef hier tekst tussen aanhalingstekens.", "Give text in quotation marks here."
            )
            self.refuse("required" if found is None else "type", location, detail)
        return None


def find_nearest_name(wrong: str, known: Iterable[str]) -> str | None:
    """The name that was probably meant, also where it was written in other capitals."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(wrong[:100].casefold(), folded, 1)
    return folded[close[0]] if close else None
