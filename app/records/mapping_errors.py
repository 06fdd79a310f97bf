"""Problems of a mapping file, collected while it is parsed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest


@dataclass(slots=True)
class MappingErrors:
    """Problems of one mapping; their locations are TOML keys such as `fields.measures.path`."""

    problems: list[Problem] = field(default_factory=list)

    def add(
        self,
        code: ProblemCode,
        location: str,
        detail: LocalizedText,
        value: object = ABSENT,
        suggestion: object = ABSENT,
    ) -> None:
        self.problems.append(Problem(code, location, detail, value, suggestion))

    def add_unknown(self, name: object, known: Iterable[str], location: str) -> None:
        """Add a problem for an unknown name, with the nearest known name or some of the known names."""
        names = list(known)
        nearest = find_nearest(str(name), names) if name is not ABSENT else None
        some = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        advice = ask_whether_meant(
            nearest,
            LocalizedText(f" Kies bijvoorbeeld uit: {some}.", f" Choose, for instance, from: {some}."),
        )
        detail = (
            LocalizedText(f"Dit ontbreekt.{advice.nl}", f"This is missing.{advice.en}")
            if name is ABSENT
            else LocalizedText(f"{name} kan hier niet.{advice.nl}", f"{name} is not allowed here.{advice.en}")
        )
        self.add(ProblemCode.UNKNOWN_VALUE, location, detail, suggestion=nearest or ABSENT)

    def check_names(self, table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        """Check that every key of a table is known."""
        names = list(known)
        for name in table:
            if name not in names:
                self.add_unknown(name, names, f"{where}{name}")

    def get_table(
        self, table: Mapping[str, Any], name: str, *, location: str = "", needed: bool = False
    ) -> Mapping[str, Any]:
        """The table under a name; empty where there is none."""
        found = table.get(name)
        if isinstance(found, dict):
            return found
        if found is not None or needed:
            heading = location or name
            detail = LocalizedText(f"Voeg een tabel toe: [{heading}].", f"Add a table: [{heading}].")
            self.add(ProblemCode.REQUIRED if found is None else ProblemCode.WRONG_TYPE, heading, detail)
        return {}

    def get_text(
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
            self.add(ProblemCode.REQUIRED if found is None else ProblemCode.WRONG_TYPE, location, detail)
        return None
