"""Changing a vocabulary: adding, relabelling and ending a term.

Where a label is copied, the caller must update the copies.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.actions import record_action
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.formatting import format_date
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.vocabularies.tables import TermRow, VocabularyRow


def add_term(  # noqa: PLR0913 - the fields of a term
    session: Session,
    *,
    principal_id: UUID | None,
    vocabulary: str,
    code: str,
    label: LocalizedText,
    definition: LocalizedText,
    valid_from: date,
    parent: str | None = None,
    broader: str | None = None,
) -> None:
    """Add a term at the end of a list.

    Raises: InvalidRequest for a code with other characters, NotFound for an unknown list, Conflict for a code that the
    list has already.
    """
    if re.fullmatch("[a-z][a-z0-9_]*", code) is None:
        sentence = LocalizedText(
            "Gebruik kleine letters, cijfers en _; begin met een letter.",
            "Use lower case letters, digits and _; start with a letter.",
        )
        raise InvalidRequest(problems=[Problem(ProblemCode.INVALID_CODE, "/code", sentence, code)])
    if session.get(VocabularyRow, vocabulary) is None:
        raise NotFound(
            LocalizedText("Deze woordenlijst bestaat niet.", "There is no vocabulary of this name.")
        )
    if session.get(TermRow, (vocabulary, code)) is not None:
        raise Conflict(
            LocalizedText("Deze term staat al in de lijst.", "The vocabulary has this term already.")
        )
    last = select(func.max(TermRow.position)).where(TermRow.vocabulary == vocabulary)
    term = TermRow(
        vocabulary=vocabulary,
        code=code,
        parent_code=parent,
        broader=broader,
        position=(session.scalar(last) or 0) + 1,
        label_nl=label.nl,
        label_en=label.en,
        definition_nl=definition.nl,
        definition_en=definition.en,
        valid_from=valid_from,
        uri=f"/v1/vocabularies/{vocabulary}/terms/{code}",
    )
    session.add(term)
    _record(session, principal_id, "add_term", term, {"label": label._asdict()})


def relabel_term(
    session: Session, *, principal_id: UUID | None, vocabulary: str, code: str, label: LocalizedText
) -> None:
    """Give a term another label; its code and meaning stay. Raises: NotFound."""
    term = _get_term(session, vocabulary, code)
    before = LocalizedText(term.label_nl, term.label_en)
    term.label_nl, term.label_en = label
    details = {"before": before._asdict(), "after": label._asdict()}
    _record(session, principal_id, "relabel_term", term, details)


def end_term(
    session: Session, *, principal_id: UUID | None, vocabulary: str, code: str, valid_until: date
) -> None:
    """End a term: from that day it cannot be chosen. Records with the term do not change.

    Raises: NotFound; InvalidRequest when the term would end before it begins.
    """
    term = _get_term(session, vocabulary, code)
    if valid_until <= term.valid_from:
        sentence = LocalizedText(
            f"Kies een dag na {format_date(term.valid_from, 'nl')}.",
            f"Choose a day after {format_date(term.valid_from, 'en')}.",
        )
        problem = Problem(ProblemCode.END_BEFORE_START, "/validUntil", sentence, valid_until.isoformat())
        raise InvalidRequest(problems=[problem])
    term.valid_until = valid_until
    _record(session, principal_id, "end_term", term, {"validUntil": valid_until.isoformat()})


def _get_term(session: Session, vocabulary: str, code: str) -> TermRow:
    term = session.get(TermRow, (vocabulary, code))
    if term is None:
        raise NotFound(
            LocalizedText("Deze term staat niet in de lijst.", "This term is not in the vocabulary.")
        )
    return term


def _record(
    session: Session, principal_id: UUID | None, action: str, term: TermRow, details: Mapping[str, Any]
) -> None:
    session.flush()
    record_action(
        session,
        principal_id=principal_id,
        action=action,
        subject_kind="term",
        subject_ids=[f"{term.vocabulary}/{term.code}"],
        details=details,
    )
