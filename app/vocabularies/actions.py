"""Changing a vocabulary: adding a term, and changing its words, its place or its end.

No published text has a label in it: each process reads the lists again when their stamp has changed.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.erasure import read_name
from app.audit.actions import record_action
from app.audit.queries import list_entries
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.vocabularies.fixed_terms import FIXED_LISTS
from app.vocabularies.queries import load_vocabularies
from app.vocabularies.tables import TermRow, VocabularyRow
from app.vocabularies.term_fields import TermFields, list_problems, read_fields, write_version

_MOVE: Final = text(
    "UPDATE publication.term SET position = placed.position"
    " FROM unnest(CAST(:codes AS text[])) WITH ORDINALITY AS placed (code, position)"
    " WHERE term.vocabulary = :vocabulary AND term.code = placed.code AND term.position <> placed.position"
)

_COLLEAGUE: Final = LocalizedText("Een collega", "A colleague")
_BROADER_STAYS: Final = LocalizedText(
    "Waar een term bij hoort, verandert niet: sensoren zijn daarop gepubliceerd. Voeg een nieuwe term toe.",
    "What a term belongs to does not change: sensors were published by it. Add a new term.",
)


def add_term(  # noqa: PLR0913 - the parts of a term
    session: Session,
    *,
    principal_id: UUID | None,
    vocabulary: str,
    code: str,
    fields: TermFields,
    today: date,
    valid_from: date | None = None,
) -> None:
    """Add a term that may be used from a day, by default today.

    Raises: InvalidRequest with all problems; NotFound for an unknown list; Conflict for a code that the list has
    already, and for a list that gets no terms.
    """
    _lock(session, vocabulary)
    vocabularies = load_vocabularies(session)
    if vocabulary in FIXED_LISTS:
        raise Conflict(
            LocalizedText(
                "Deze lijst krijgt geen nieuwe termen: regels van het register hangen ervan af.",
                "This vocabulary gets no new terms: rules of the register depend on it.",
            )
        )
    if code in vocabularies.get_vocabulary(vocabulary).terms:
        sentence = LocalizedText("Deze term staat al in de lijst.", "The vocabulary has this term already.")
        raise Conflict(sentence, problems=[Problem(ProblemCode.TAKEN, "/code", sentence, code)])
    problems = [*_check_code(code), *list_problems(vocabularies, vocabulary, code, fields, today)]
    start = valid_from or today
    if fields.valid_until is not None and fields.valid_until <= start:
        sentence = LocalizedText(
            "Kies een dag na de eerste dag van de term.", "Choose a day after the first day of the term."
        )
        problems.append(Problem(ProblemCode.END_BEFORE_START, "/validUntil", sentence))
    if problems:
        raise InvalidRequest(problems=problems)
    term = TermRow(
        vocabulary=vocabulary,
        code=code,
        position=len(vocabularies.get_vocabulary(vocabulary).terms) + 1,
        valid_from=start,
        uri=f"/v1/vocabularies/{vocabulary}/terms/{code}",
        **_write_columns(vocabulary, fields),
    )
    session.add(term)
    session.flush()
    _move(session, vocabulary, code, fields.place)
    _record(session, principal_id, "add_term", term, {"label": fields.label._asdict()})


def amend_term(  # noqa: PLR0913 - which term, what, by whom and when
    session: Session,
    *,
    principal_id: UUID | None,
    vocabulary: str,
    code: str,
    fields: TermFields,
    today: date,
    version: str | None = None,
) -> None:
    """Give a term these fields; its code and its first day stay. What is the same is not recorded.

    `version` is that of the term that the fields were made from. A term that ends cannot be chosen from that day;
    records with it do not change. Raises: NotFound; InvalidRequest with all problems; Conflict where another has
    changed the term since.
    """
    _lock(session, vocabulary)
    vocabularies = load_vocabularies(session)
    before = read_fields(vocabularies, vocabulary, code)
    if version is not None and version != write_version(vocabularies.get_term(vocabulary, code)):
        raise Conflict(_name_last_change(session, vocabulary, code))
    problems = list_problems(vocabularies, vocabulary, code, fields, today)
    if fields.broader != before.broader:
        problems.append(Problem(ProblemCode.READ_ONLY, "/broader", _BROADER_STAYS))
    if problems:
        raise InvalidRequest(problems=problems)
    old, new = _describe(before), _describe(fields)
    changed = [name for name in new if new[name] != old[name]]
    if not changed:
        return
    term = session.get_one(TermRow, (vocabulary, code), populate_existing=True)
    for name, value in _write_columns(vocabulary, fields).items():
        setattr(term, name, value)
    session.flush()
    if fields.place != before.place:
        _move(session, vocabulary, code, fields.place)
    details = {
        "before": {name: old[name] for name in changed},
        "after": {name: new[name] for name in changed},
    }
    _record(session, principal_id, "amend_term", term, details)


def _lock(session: Session, vocabulary: str) -> None:
    """Make others wait who change the same list. Raises: NotFound."""
    found = session.scalar(
        select(VocabularyRow.name).where(VocabularyRow.name == vocabulary).with_for_update()
    )
    if found is None:
        raise NotFound(
            LocalizedText("Deze woordenlijst bestaat niet.", "There is no vocabulary of this name.")
        )


def _check_code(code: str) -> list[Problem]:
    if re.fullmatch("[a-z][a-z0-9_]{0,49}", code) is not None:
        return []
    sentence = LocalizedText(
        "Gebruik hoogstens 50 kleine letters, cijfers en _; begin met een letter.",
        "Use at most 50 lower case letters, digits and _; start with a letter.",
    )
    return [Problem(ProblemCode.INVALID_CODE, "/code", sentence, code)]


def _write_columns(vocabulary: str, fields: TermFields) -> dict[str, Any]:
    is_subtype = vocabulary == "sensorSubtype"
    return {
        "label_nl": fields.label.nl,
        "label_en": fields.label.en,
        "definition_nl": fields.definition.nl,
        "definition_en": fields.definition.en,
        "alternative_labels": list(fields.alternative_labels),
        "parent_code": fields.broader if is_subtype else None,
        "broader": None if is_subtype else fields.broader,
        "valid_until": fields.valid_until,
    }


def _move(session: Session, vocabulary: str, code: str, place: int) -> None:
    """Put a term at a place in its list, and close the gap that it left; beyond the end it is the last."""
    codes = list(
        session.scalars(
            select(TermRow.code)
            .where(TermRow.vocabulary == vocabulary, TermRow.code != code)
            .order_by(TermRow.position, TermRow.code)
        )
    )
    codes.insert(max(place - 1, 0), code)
    session.execute(_MOVE, {"vocabulary": vocabulary, "codes": codes})


def _describe(fields: TermFields) -> dict[str, Any]:
    """The fields in the details of an audit entry."""
    described = asdict(fields)
    return {
        **described,
        "label": fields.label._asdict(),
        "definition": fields.definition._asdict(),
        "alternative_labels": list(fields.alternative_labels),
        "valid_until": fields.valid_until and fields.valid_until.isoformat(),
    }


def _name_last_change(session: Session, vocabulary: str, code: str) -> LocalizedText:
    """The sentence for who changes a term that another has just changed."""
    last = list_entries(session, subject_kind="term", subject_id=f"{vocabulary}/{code}", limit=1)
    principal_id = last[0].principal_id if last else None
    name = read_name(session, principal_id) if principal_id else _COLLEAGUE
    return LocalizedText(
        f"{name.nl} heeft deze term intussen gewijzigd. Bekijk hieronder wat er nu staat.",
        f"{name.en} has changed this term meanwhile. See below what it is now.",
    )


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
