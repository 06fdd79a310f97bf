"""Codes, names and provinces of municipalities in a search: one that no boundary in force has is explained."""

from dataclasses import dataclass
from typing import Literal

from app.core.closed_lists import refuse_value
from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.parameter_values import InvalidParameter
from app.core.problems import ABSENT, ProblemCode
from app.core.suggestions import find_nearest
from app.municipalities.directory import Directory, NamedMunicipality, Successor

Identification = Literal["code", "name"]


@dataclass(frozen=True, slots=True)
class BoundaryValues:
    """The values of the boundaries of the edition in force."""

    directory: Directory

    def explain_value(self, name: str, word: str) -> InvalidParameter | None:
        """The mistake in a value that no boundary has, with the nearest one; None for another value."""
        if name == "province":
            provinces = {each.province for each in self.directory.municipalities if each.in_force}
            known = sorted(province for province in provinces if province)
            # The source of an edition may be without provinces.
            if not known or word in known:
                return None
            return refuse_value(name, word, find_nearest(word, known))
        if name == "code":
            return explain_municipality(self.directory, name, word, "code")
        if name == "name":
            return explain_municipality(self.directory, name, word, "name")
        return None


def explain_municipality(
    directory: Directory,
    name: str,
    word: str,
    identification: Identification,
    advice: LocalizedText | None = None,
) -> InvalidParameter | None:
    """The mistake in a code or name, exactly as it is in the edition in force; None for one that is.

    `advice` follows the sentence on a municipality that has ended, with `{code}` for its code; without it the sentence
    names the successor.
    """
    if any(each.in_force and getattr(each, identification) == word for each in directory.municipalities):
        return None
    try:
        found = directory.get_municipality(word)
    except InvalidRequest as unknown:
        [problem] = unknown.problems
        meant = next((each for each in directory.municipalities if each.code == problem.suggestion), None)
        suggestion = getattr(meant, identification) if meant else problem.suggestion
        return InvalidParameter(problem.code, problem.detail, suggestion)
    if found.in_force:
        return refuse_value(name, word, getattr(found, identification))
    detail = _explain_end(found, advice)
    successor = found.successor
    return InvalidParameter(
        ProblemCode.UNKNOWN_MUNICIPALITY, detail, getattr(successor, identification) if successor else ABSENT
    )


def _explain_end(ended: NamedMunicipality, advice: LocalizedText | None) -> LocalizedText:
    if advice is not None:
        further = LocalizedText(advice.nl.format(code=ended.code), advice.en.format(code=ended.code))
    else:
        further = _name_successor(ended.successor)
    return LocalizedText(
        f"{ended.name} ({ended.code}) is geen gemeente meer.{further.nl}",
        f"{ended.name} ({ended.code}) is no longer a municipality.{further.en}",
    )


def _name_successor(successor: Successor | None) -> LocalizedText:
    if successor is None:
        return LocalizedText("", "")
    name = f"{successor.name} ({successor.code})"
    return LocalizedText(
        f" Het grootste deel ligt nu in {name}.", f" The largest part of it is now in {name}."
    )
