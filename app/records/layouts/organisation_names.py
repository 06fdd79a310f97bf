"""Which organisation does a cell mean: by id, name, KVK number, or its code in TOOI or as a municipality."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.files.table import Cell
from app.municipalities.codes import fold_name
from app.organisations.queries import StoredOrganisation

_TOOI: Final = "https://identifier.overheid.nl/tooi/id/"


class OrganisationNames:
    """Every organisation of the register, to be found by what people write.

    A private person or sole trader is found by id only, so that an import does not reveal that they are registered.
    """

    def __init__(self, organisations: Iterable[StoredOrganisation]) -> None:
        self.names: dict[str, str | None] = {}
        """Names by id; None for those whose name is not public."""
        self._meant: dict[str, set[str]] = {}
        for kept in organisations:
            identifier, organisation = str(kept.id), kept.organisation
            self.names[identifier] = None if organisation.is_nameless else organisation.name
            if organisation.is_nameless:
                continue
            numbers = (
                organisation.kvk_number,
                organisation.oin,
                organisation.tooi_code,
                organisation.municipality_code,
            )
            for spelling in (organisation.name, *numbers):
                if spelling:
                    self._meant.setdefault(fold_name(spelling), set()).add(identifier)

    def find(self, cell: Cell) -> str | Problem:
        """The id of the organisation, or what is wrong; the problem's location is for the caller to fill in."""
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        # A spreadsheet takes the zeros off the front of a KVK number.
        text = f"{cell:08d}" if isinstance(cell, int) else str(cell).strip()
        if text.startswith(_TOOI):
            text = text.rpartition("/")[2]
        try:
            identifier = str(UUID(text))
        except ValueError:
            pass
        else:
            if identifier in self.names:
                return identifier
        meant = self._meant.get(fold_name(text), set())
        if len(meant) == 1:
            return next(iter(meant))
        return _explain_choice(text, sorted(meant)) if meant else self._explain_unknown(text)

    def _explain_unknown(self, text: str) -> Problem:
        names = [name for name in self.names.values() if name]
        nearest = find_nearest(text, names, fold=fold_name)
        advice = ask_whether_meant(
            nearest,
            LocalizedText(
                " Geef de volledige naam, het KVK-nummer of het id, of vraag de beheerder om deze organisatie.",
                " Give its full name, KVK number or id, or ask the administrator for this organisation.",
            ),
        )
        detail = LocalizedText(
            f"Deze organisatie staat niet in het register.{advice.nl}",
            f"This organisation is not in the register.{advice.en}",
        )
        suggestion: Any = nearest or ABSENT
        return Problem(ProblemCode.UNKNOWN_ORGANISATION, "", detail, text[:255], suggestion)


def _explain_choice(text: str, identifiers: list[str]) -> Problem:
    choice = ", ".join(identifiers)
    detail = LocalizedText(
        f"Meer organisaties heten zo. Geef het id: {choice}.",
        f"More organisations are called this. Give the id: {choice}.",
    )
    return Problem(ProblemCode.AMBIGUOUS_ORGANISATION, "", detail, text[:255])
