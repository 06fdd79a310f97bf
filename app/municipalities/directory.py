"""Look-up of municipalities by code or name, with the names of every edition in memory."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.core.errors import InvalidRequest, NotFound, RegisterError
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode, Where
from app.core.suggestions import find_nearest
from app.municipalities.codes import drop_qualifier, fold_name, folded_aliases, parse_code
from app.municipalities.provinces import Province

APPROXIMATE_ATTRIBUTION: Final = LocalizedText(
    "GeoNames (CC BY 4.0), Natural Earth; bij benadering, geen officiële grenzen",
    "GeoNames (CC BY 4.0), Natural Earth; approximate, not official boundaries",
)


@dataclass(frozen=True, slots=True)
class NamedEdition:
    """The boundaries of one year, with their source and attribution."""

    edition: int
    approximate: bool
    in_force: bool
    source: str
    attribution: str
    loaded_at: datetime

    def render_attribution(self, language: str | None) -> str:
        """The attribution for a page in `nl` or another language; that of official boundaries has one form."""
        if language == "nl" and self.attribution == APPROXIMATE_ATTRIBUTION.en:
            return APPROXIMATE_ATTRIBUTION.nl
        return self.attribution


@dataclass(frozen=True, slots=True)
class Successor:
    """The municipality that took over most of a territory; `share` is its part of it, 0 to 1."""

    code: str
    name: str
    since_edition: int
    share: float


@dataclass(frozen=True, slots=True)
class NamedMunicipality:
    """A municipality in its newest edition; `in_force` is whether that edition decides today.

    `former_names` are names of the same code in other editions; may be empty.
    `extent` (degrees, longitude first) and `extent_rd` (metres) are west, south, east, north.
    """

    edition: int
    code: str
    name: str
    province: str | None
    approximate: bool
    in_force: bool
    extent: tuple[float, float, float, float]
    extent_rd: tuple[float, float, float, float]
    former_names: tuple[str, ...] = ()
    successor: Successor | None = None


class Directory:
    """Every municipality of all editions, once: from the edition in force, else from the newest that has its code.

    `municipalities` are in order of code, `editions` newest first; both are empty before the first edition is loaded.
    """

    def __init__(
        self, stamp: str, editions: list[NamedEdition], municipalities: list[NamedMunicipality]
    ) -> None:
        self.stamp = stamp
        self.editions = tuple(editions)
        self.municipalities = tuple(municipalities)
        self._by_code = {municipality.code: municipality for municipality in municipalities}
        # Two dictionaries of names: names in force take precedence over former ones.
        self._by_name: dict[bool, dict[str, set[str]]] = {True: {}, False: {}}
        for municipality in municipalities:
            self._add_name(municipality.name, municipality.code, in_force=municipality.in_force)
            for former in municipality.former_names:
                self._add_name(former, municipality.code, in_force=False)

    def _add_name(self, name: str, code: str, *, in_force: bool) -> None:
        for spelling in (name, drop_qualifier(name)):
            self._by_name[in_force].setdefault(fold_name(spelling), set()).add(code)

    @classmethod
    def from_json(cls, stamp: str, rows: bytes | str) -> "Directory":
        """Parse the result of `queries.DIRECTORY_SQL`."""
        read = json.loads(rows)
        editions = [
            NamedEdition(**{**row, "loaded_at": datetime.fromisoformat(row["loaded_at"])})
            for row in read["editions"]
        ]
        return cls(stamp, editions, _read_municipalities(read["municipalities"], read["successions"]))

    @property
    def edition_in_force(self) -> NamedEdition | None:
        """The edition that decides where sensors lie."""
        return next((edition for edition in self.editions if edition.in_force), None)

    def list_codes_in(self, province: Province) -> tuple[str, ...]:
        """The codes of the municipalities of a province in the edition in force, in order."""
        return tuple(
            one.code for one in self.municipalities if one.in_force and one.province == province.name
        )

    def get_edition(self, edition: int) -> NamedEdition:
        """The edition of this year, which is one of `editions`."""
        return next(each for each in self.editions if each.edition == edition)

    def find_by_code(self, code: str) -> NamedMunicipality | None:
        """The municipality with this code, written as `GM0363`."""
        return self._by_code.get(code)

    def get_municipality(
        self, asked: str, *, where: Where = "query", location: str = "municipality"
    ) -> NamedMunicipality:
        """The municipality with this code in any spelling, or this name with any capitals and accents.

        Raises: InvalidRequest (NotFound for a path) with the nearest name, or the codes to choose from.
        """
        codes = self._find_codes(asked)
        if len(codes) == 1:
            return self._by_code[codes[0]]
        error: type[RegisterError] = NotFound if where == "path" else InvalidRequest
        code, suggestion, detail = (
            self._explain_choice(asked, codes) if codes else self._explain_unknown(asked)
        )
        problem = Problem(code, location, detail, value=asked, suggestion=suggestion, where=where)
        raise error(detail, problems=[problem])

    def list_named(self, asked: str) -> tuple[NamedMunicipality, ...]:
        """The municipalities with this code, or with this name; in order of code, may be empty."""
        return tuple(self._by_code[code] for code in self._find_codes(asked))

    def _find_codes(self, asked: str) -> list[str]:
        try:
            code = parse_code(asked)
        except ValueError:
            pass
        else:
            return [code] if code in self._by_code else []
        for in_force in (True, False):
            for alias in folded_aliases(fold_name(asked)):
                if codes := self._by_name[in_force].get(alias):
                    return sorted(codes)
        return []

    def _explain_choice(self, asked: str, codes: list[str]) -> tuple[ProblemCode, object, LocalizedText]:
        choice = ", ".join(f"{self._by_code[code].name} = {code}" for code in codes)
        detail = LocalizedText(
            f"Er zijn meer gemeenten met de naam {asked}. Kies een code: {choice}.",
            f"Several municipalities are called {asked}. Choose a code: {choice}.",
        )
        return ProblemCode.AMBIGUOUS_MUNICIPALITY, codes[0], detail

    def _explain_unknown(self, asked: str) -> tuple[ProblemCode, object, LocalizedText]:
        if not asked.strip():
            return ProblemCode.UNKNOWN_MUNICIPALITY, ABSENT, _NAME_ONE
        nl, en = f"{asked} is geen gemeente die wij kennen.", f"{asked} is not a municipality we know."
        nearest = self._find_nearest(asked)
        if nearest is None:
            return ProblemCode.UNKNOWN_MUNICIPALITY, ABSENT, LocalizedText(nl, en)
        meant = f"{nearest.name} ({nearest.code})"
        return (
            ProblemCode.UNKNOWN_MUNICIPALITY,
            nearest.code,
            LocalizedText(f"{nl} Bedoelt u {meant}?", f"{en} Did you mean {meant}?"),
        )

    def _find_nearest(self, asked: str) -> NamedMunicipality | None:
        for in_force in (True, False):
            names = self._by_name[in_force]
            if (name := find_nearest(asked, names.keys(), fold=fold_name, cutoff=0.7)) is not None:
                return self._by_code[min(names[name])]
        return None


_NAME_ONE = LocalizedText("Geef een naam of code, zoals GM0363.", "Give a name or code, such as GM0363.")


def _read_municipalities(
    rows: list[dict[str, Any]], successions: list[dict[str, Any]]
) -> list[NamedMunicipality]:
    named = {row["code"]: row for row in rows}
    followed = {row["code"]: row for row in successions}
    return [
        NamedMunicipality(
            **_freeze_lists(row),
            successor=None if row["in_force"] else _follow(code, followed, named),
        )
        for code, row in named.items()
    ]


def _freeze_lists(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _follow(
    code: str, successions: dict[str, dict[str, Any]], named: dict[str, dict[str, Any]]
) -> Successor | None:
    # A successor can itself be taken over later; this finds the one that has the territory today. Each code has at most
    # one succession, to a later year, so the loop ends.
    if code not in successions:
        return None
    first = step = successions[code]
    share = first["share"]
    while step["successor_code"] in successions and not named[step["successor_code"]]["in_force"]:
        step = successions[step["successor_code"]]
        share *= step["share"]
    successor_code = step["successor_code"]
    return Successor(successor_code, named[successor_code]["name"], first["since_edition"], round(share, 4))
