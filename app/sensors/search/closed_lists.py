"""Values of closed lists in a search: one that no sensor can have is explained, and not searched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.parameter_values import InvalidParameter
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.suggestions import MAX_SUGGESTIONS, ask_whether_meant, find_nearest
from app.municipalities.directory import NamedMunicipality
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.plain_text import tidy_code
from app.sensors.search.operational_status import OPERATIONAL_STATUSES, STATUS_PROPERTY
from app.sensors.search.reference_data import ReferenceData

_MUNICIPALITY_CODES: Final = ("municipalityCode", "municipalityCodes")
_MUNICIPALITY_NAME: Final = "municipalityName"


def find_vocabulary(name: str) -> str | None:
    """The vocabulary of a property's codes; None for other properties."""
    if name == "smartCityTheme":
        return name
    field = FIELD_BY_NAME.get(name)
    return field.vocabulary if field else None


@dataclass(frozen=True, slots=True)
class ClosedLists:
    """The values that a property can have, on a day."""

    reference_data: ReferenceData
    today: date

    def explain_value(self, name: str, word: str) -> InvalidParameter | None:
        """The mistake in a value that no sensor can have, with the nearest one; None for a value that may occur."""
        if name == STATUS_PROPERTY:
            known = word in OPERATIONAL_STATUSES
            return None if known else _refuse(name, word, find_nearest(word, OPERATIONAL_STATUSES))
        if (vocabulary := find_vocabulary(name)) is not None:
            vocabularies = self.reference_data.vocabularies
            # Sensors registered earlier may still have a term that has ended.
            if word in vocabularies.labels(vocabulary):
                return None
            return _refuse(name, word, vocabularies.nearest(vocabulary, word, self.today))
        if name == "publicCode":
            tidied = tidy_code(word)
            return None if tidied == word else _refuse(name, word, tidied or None)
        if name in _MUNICIPALITY_CODES or name == _MUNICIPALITY_NAME:
            return self._explain_municipality(name, word)
        return None

    def list_problems(self, compared: Iterable[tuple[str, str]]) -> Iterator[Problem]:
        """The problems of values in a filter, each with the name of its property; no more than get a suggestion."""
        found = 0
        for name, word in sorted(compared):
            if (mistake := self.explain_value(name, word)) is not None:
                yield Problem(
                    mistake.code, "filter", mistake.detail, word[:100], mistake.suggestion, where="query"
                )
                found += 1
            if found == MAX_SUGGESTIONS:
                return

    def _explain_municipality(self, name: str, word: str) -> InvalidParameter | None:
        directory = self.reference_data.directory
        if any(one.in_force and _identify(name, one) == word for one in directory.municipalities):
            return None
        try:
            found = directory.get_municipality(word)
        except InvalidRequest as unknown:
            [problem] = unknown.problems
            meant = next((one for one in directory.municipalities if one.code == problem.suggestion), None)
            return InvalidParameter(
                problem.code, problem.detail, _identify(name, meant) if meant else problem.suggestion
            )
        if found.in_force:
            return _refuse(name, word, _identify(name, found))
        detail = LocalizedText(
            f"{found.name} ({found.code}) is geen gemeente meer. Zoek met municipality={found.code}.",
            f"{found.name} ({found.code}) is no longer a municipality. Search by municipality={found.code}.",
        )
        successor = found.successor
        suggestion: object = ABSENT
        if successor is not None:
            suggestion = successor.name if name == _MUNICIPALITY_NAME else successor.code
        return InvalidParameter(ProblemCode.UNKNOWN_MUNICIPALITY, detail, suggestion)


def _identify(name: str, municipality: NamedMunicipality) -> str:
    return municipality.name if name == _MUNICIPALITY_NAME else municipality.code


def _refuse(name: str, word: str, nearest: str | None) -> InvalidParameter:
    meant = ask_whether_meant(nearest)
    detail = LocalizedText(
        f"“{word[:50]}” is geen waarde van {name}.{meant.nl}",
        f"“{word[:50]}” is no value of {name}.{meant.en}",
    )
    return InvalidParameter(ProblemCode.UNKNOWN_VALUE, detail, nearest or ABSENT)
