"""Terms that tests add, end and relabel."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.vocabularies.actions import add_term, amend_term
from app.vocabularies.queries import load_vocabularies
from app.vocabularies.term_fields import TermFields, read_fields

KITE = LocalizedText("Vlieger", "Kite")
LAST = 10_000


def make_fields(label: LocalizedText = KITE, *, broader: str | None = None, place: int = LAST) -> TermFields:
    """The fields of a new term."""
    definition = LocalizedText("Aan een vlieger.", "On a kite.")
    return TermFields(label, definition, (), place, broader)


def add_new_term(
    session: Session, vocabulary: str, code: str, label: LocalizedText = KITE, *, broader: str | None = None
) -> None:
    """Add a term at the end of a list, valid from today."""
    fields = make_fields(label, broader=broader)
    add_term(session, principal_id=None, vocabulary=vocabulary, code=code, fields=fields, today=dutch_date())


def end_term(session: Session, vocabulary: str, code: str, day: date) -> None:
    """End a term as of a day, which may have passed."""
    fields = replace(read_fields(load_vocabularies(session), vocabulary, code), valid_until=day)
    today = min(day, dutch_date()) - timedelta(days=1)
    amend_term(session, principal_id=None, vocabulary=vocabulary, code=code, fields=fields, today=today)


def relabel_term(session: Session, vocabulary: str, code: str, label: LocalizedText) -> None:
    """Give a term another label."""
    fields = replace(read_fields(load_vocabularies(session), vocabulary, code), label=label)
    amend_term(
        session, principal_id=None, vocabulary=vocabulary, code=code, fields=fields, today=dutch_date()
    )
