"""All vocabularies in memory: is this a term, what is it called, and which term was meant."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from app.core.errors import NotFound
from app.core.i18n import LocalizedText

MIN_LIKENESS = 0.65
"""Below it a suggestion is a riddle; 1 is the same text."""
MAX_GUESS_LENGTH = 100
"""Nobody means a term by a longer text, and comparing texts takes the product of their lengths."""


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a list, valid in the half-open period [valid_from, valid_until).

    `parent` is the sensorType of a sensorSubtype, `broader` the smartCityTheme of a theme; `path` is the
    term's address in the register, which is its URI once the register's own address stands before it.
    """

    code: str
    label: LocalizedText
    definition: LocalizedText
    parent: str | None
    broader: str | None
    valid_from: date
    valid_until: date | None
    path: str

    def is_valid(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One list, named as its field is on the wire; `terms` by code, in the order to show them."""

    name: str
    label: LocalizedText
    definition: LocalizedText
    terms: Mapping[str, Term]


class Vocabularies:
    """Every list at one moment; `stamp` differs whenever anything in them does.

    A vocabulary that does not exist is a programming mistake: KeyError, save in `get_vocabulary`.
    """

    def __init__(self, stamp: UUID, vocabularies: Mapping[str, Vocabulary]) -> None:
        self.stamp = stamp
        self.by_name = vocabularies

    @classmethod
    def from_json(cls, stamp: UUID, rows: bytes | str) -> "Vocabularies":
        """Read the answer of `queries.VOCABULARIES_SQL`."""
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
        """The term, whether or not it is still valid. Raises: NotFound."""
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
        """The label of each code, in the order to show them; terms of the past too, for old records."""
        return {code: term.label for code, term in self.by_name[vocabulary].terms.items()}

    def label(self, vocabulary: str, code: str) -> LocalizedText:
        """What this code is called; the code itself where the list does not have it."""
        term = self.by_name[vocabulary].terms.get(code)
        return term.label if term else LocalizedText(code, code)

    def parent(self, vocabulary: str, code: str) -> str | None:
        """The sensorType that a sensorSubtype belongs to, if it belongs to one."""
        term = self.by_name[vocabulary].terms.get(code)
        return term.parent if term else None

    def broader(self, vocabulary: str, code: str) -> str | None:
        """The smartCityTheme that a theme is part of."""
        term = self.by_name[vocabulary].terms.get(code)
        return term.broader if term else None

    def nearest(self, vocabulary: str, wrong: str, on: date | None = None) -> str | None:
        """The code that was probably meant: by code or by label, in either language; None if nothing is near.

        Without `on`, only a term without end is offered.
        """
        meant: dict[str, str] = {}
        for term in self.by_name[vocabulary].terms.values():
            if term.is_valid(on) if on else term.valid_until is None:
                for spelling in (term.code, term.label.nl, term.label.en):
                    meant.setdefault(_fold(spelling), term.code)
        close = get_close_matches(_fold(wrong[:MAX_GUESS_LENGTH]), meant, n=1, cutoff=MIN_LIKENESS)
        return meant[close[0]] if close else None


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
    )
