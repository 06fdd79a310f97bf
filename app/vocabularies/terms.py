"""All vocabularies in memory: validity of codes, their labels, and the term nearest to a wrong one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.core.suggestions import find_nearest_spelling

MIN_LIKENESS = 0.65
"""Least similarity of a suggestion to the given text (difflib ratio); 1 is the same text."""

FORMER_LABELS: Mapping[str, Mapping[str, str]] = {
    "sensorType": {
        "Optische / camera sensor": "optical_camera",
        "Optical / camera sensor": "optical_camera",
        "Electriciteitssensor": "electric",
        "Positie- of verplaatsingsensor": "position",
        "Aanwezigheid of nabijheidsensor": "presence",
    },
    "sensorSubtype": {"Radar detector": "radar_detector"},
    "operationalStatus": {
        "Te bevestigen": "due_for_confirmation",
        "Due for confirmation": "due_for_confirmation",
        "Verlopen": "expired",
        "Expired": "expired",
    },
}
"""Codes by labels of earlier versions, per vocabulary. Amsterdam's form and older files still have these spellings."""


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a list, valid in the half-open period [valid_from, valid_until).

    `parent` is the sensorType of a sensorSubtype, `broader` the smartCityTheme of a theme. `path` is the term's path in
    the register; the register's address and this path are its URI. `alternative_labels` are other words for it, in
    either language.
    """

    code: str
    label: LocalizedText
    definition: LocalizedText
    parent: str | None
    broader: str | None
    valid_from: date
    valid_until: date | None
    path: str
    alternative_labels: tuple[str, ...] = ()

    def is_valid(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One list, named as its field is on the wire; `terms` by code, in display order."""

    name: str
    label: LocalizedText
    definition: LocalizedText
    terms: Mapping[str, Term]

    @property
    def former_labels(self) -> Mapping[str, str]:
        """Codes by the labels that they had in earlier versions."""
        former = FORMER_LABELS.get(self.name, {})
        return {label: code for label, code in former.items() if code in self.terms}


class Vocabularies:
    """Every list at one moment; `stamp` changes with every change of any of them.

    A vocabulary that does not exist is a programming error: KeyError, except in `get_vocabulary`.
    """

    def __init__(self, stamp: UUID, vocabularies: Mapping[str, Vocabulary]) -> None:
        self.stamp = stamp
        self.by_name = vocabularies

    @classmethod
    def from_json(cls, stamp: UUID, rows: bytes | str) -> "Vocabularies":
        """Parse the result of `queries.VOCABULARIES_SQL`."""
        return cls(stamp, {row["name"]: _read_vocabulary(row) for row in json.loads(rows)})

    def get_vocabulary(self, name: str) -> Vocabulary:
        """The list of this name. Raises: NotFound."""
        try:
            return self.by_name[name]
        except KeyError:
            raise NotFound(
                LocalizedText("Deze woordenlijst bestaat niet.", "There is no vocabulary of this name.")
            ) from None

    def get_term(self, vocabulary: str, code: str) -> Term:
        """The term, valid or ended. Raises: NotFound."""
        try:
            return self.get_vocabulary(vocabulary).terms[code]
        except KeyError:
            raise NotFound(
                LocalizedText("Deze term staat niet in de lijst.", "This term is not in the vocabulary.")
            ) from None

    def is_valid(self, vocabulary: str, code: str, on: date) -> bool:
        """Whether a record may use this code on that day."""
        term = self.by_name[vocabulary].terms.get(code)
        return term is not None and term.is_valid(on)

    def labels(self, vocabulary: str) -> dict[str, LocalizedText]:
        """The label of each code, in display order; ended terms too, for old records."""
        return {code: term.label for code, term in self.by_name[vocabulary].terms.items()}

    def label(self, vocabulary: str, code: str) -> LocalizedText:
        """The label of this code; the code itself where the list does not have it."""
        term = self.by_name[vocabulary].terms.get(code)
        return term.label if term else LocalizedText(code, code)

    def label_with_code(self, vocabulary: str, code: str) -> LocalizedText:
        """The label with the code behind it, for messages: readers know one of them."""
        label = self.label(vocabulary, code)
        return LocalizedText(f"{label.nl} ({code})", f"{label.en} ({code})")

    def parent(self, vocabulary: str, code: str) -> str | None:
        """The sensorType that a sensorSubtype belongs to, if it belongs to one."""
        term = self.by_name[vocabulary].terms.get(code)
        return term.parent if term else None

    def broader(self, vocabulary: str, code: str) -> str | None:
        """The smartCityTheme that a theme is part of."""
        term = self.by_name[vocabulary].terms.get(code)
        return term.broader if term else None

    def nearest(self, vocabulary: str, wrong: str, on: date | None = None) -> str | None:
        """The code whose spelling is nearest: a code or a label in either language; None if nothing is near.

        Only terms valid on that day are offered; without `on`, only terms without an end.
        """
        chosen = self.by_name[vocabulary]
        offered = [
            term for term in chosen.terms.values() if (term.is_valid(on) if on else term.valid_until is None)
        ]
        codes: dict[str, str] = {}
        for term in offered:
            for spelling in (term.code, term.label.nl, term.label.en):
                codes.setdefault(spelling, term.code)
        for spelling, code in chosen.former_labels.items():
            if any(term.code == code for term in offered):
                codes.setdefault(spelling, code)
        return find_nearest_spelling(wrong, codes, fold=_fold, cutoff=MIN_LIKENESS)


def _fold(spelling: str) -> str:
    return spelling.strip().casefold().replace("_", " ").replace("-", " ")


def _read_vocabulary(row: dict[str, Any]) -> Vocabulary:
    return Vocabulary(
        name=row["name"],
        label=LocalizedText(row["label_nl"], row["label_en"]),
        definition=LocalizedText(row["definition_nl"], row["definition_en"]),
        terms={term["code"]: _read_term(term) for term in row["terms"]},
    )


def _read_term(row: dict[str, Any]) -> Term:
    return Term(
        code=row["code"],
        label=LocalizedText(row["label_nl"], row["label_en"]),
        definition=LocalizedText(row["definition_nl"], row["definition_en"]),
        parent=row["parent_code"],
        broader=row["broader"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        path=row["uri"],
        alternative_labels=tuple(row["alternative_labels"]),
    )
