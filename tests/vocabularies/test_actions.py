"""Adding and changing terms: what is stored, what is refused, and what the audit trail has."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.audit.queries import list_entries
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.vocabularies.actions import add_term, amend_term
from app.vocabularies.queries import load_vocabularies
from app.vocabularies.term_fields import TermFields, read_fields, write_version
from tests.support.vocabularies import KITE, add_new_term, make_fields, relabel_term

TODAY = date(2026, 11, 21)


def amend(
    session: Session, vocabulary: str, code: str, *, version: str | None = None, **changes: Any
) -> None:
    fields = replace(read_fields(load_vocabularies(session), vocabulary, code), **changes)
    amend_term(
        session,
        principal_id=None,
        vocabulary=vocabulary,
        code=code,
        fields=fields,
        today=TODAY,
        version=version,
    )


def list_locations(session: Session, vocabulary: str, code: str, fields: TermFields) -> set[str]:
    with pytest.raises(InvalidRequest) as caught:
        add_term(session, principal_id=None, vocabulary=vocabulary, code=code, fields=fields, today=TODAY)
    return {problem.location for problem in caught.value.problems}


def test_new_term_is_last_in_its_list_at_once(session: Session) -> None:
    before = load_vocabularies(session)
    add_new_term(session, "mounting", "kite")
    after = load_vocabularies(session)
    assert list(after.labels("mounting")) == [*before.labels("mounting"), "kite"]
    assert after.is_valid("mounting", "kite", dutch_date())
    assert not after.is_valid("mounting", "kite", dutch_date() - timedelta(days=1))
    assert after.get_term("mounting", "kite").path == "/v1/vocabularies/mounting/terms/kite"
    assert after.stamp != before.stamp


def test_term_takes_its_place_and_the_others_move_up(session: Session) -> None:
    before = list(load_vocabularies(session).labels("mounting"))
    fields = make_fields(place=2)
    add_term(session, principal_id=None, vocabulary="mounting", code="kite", fields=fields, today=TODAY)
    assert list(load_vocabularies(session).labels("mounting")) == [before[0], "kite", *before[1:]]
    amend(session, "mounting", "kite", place=1)
    assert list(load_vocabularies(session).labels("mounting")) == ["kite", *before]


def test_rolled_back_term_is_not_in_the_list(session: Session) -> None:
    with session.begin_nested() as savepoint:
        add_new_term(session, "mounting", "kite")
        assert load_vocabularies(session).is_valid("mounting", "kite", dutch_date())
        savepoint.rollback()
    add_new_term(session, "mounting", "balloon")
    assert "kite" not in load_vocabularies(session).labels("mounting")


def test_unchanged_vocabularies_are_read_once(session: Session) -> None:
    assert load_vocabularies(session) is load_vocabularies(session)


def test_code_is_unique_and_the_list_must_exist(session: Session) -> None:
    add_new_term(session, "mounting", "kite")
    with pytest.raises(Conflict):
        add_new_term(session, "mounting", "kite", LocalizedText("Zweefvlieger", "Glider"))
    with pytest.raises(NotFound):
        add_new_term(session, "colours", "red")


def test_every_problem_of_a_new_term_is_named_at_once(session: Session) -> None:
    nothing = TermFields(LocalizedText("", "x" * 101), LocalizedText("a\nb", ""), ("gevel",), 1)
    assert list_locations(session, "mounting", "Vlieger!", nothing) == {
        "/code",
        "/label/nl",
        "/label/en",
        "/definition/nl",
        "/definition/en",
        "/alternativeLabels",
    }


def test_word_of_another_term_is_refused_in_the_lists_that_are_searched_together(session: Session) -> None:
    taken = replace(make_fields(), alternative_labels=("FLITSPAAL",))
    assert list_locations(session, "sensorType", "kite", taken) == {"/alternativeLabels"}


def test_theme_needs_the_theme_that_it_belongs_to(session: Session) -> None:
    assert list_locations(session, "themes", "kites", make_fields()) == {"/broader"}
    assert list_locations(session, "themes", "kites", make_fields(broader="nothing")) == {"/broader"}
    add_new_term(session, "themes", "kites", broader="sustainability")
    assert load_vocabularies(session).broader("themes", "kites") == "sustainability"
    with pytest.raises(InvalidRequest):
        amend(session, "themes", "kites", broader="circularity")


def test_list_that_rules_depend_on_gets_no_terms_and_loses_none(session: Session) -> None:
    with pytest.raises(Conflict):
        add_new_term(session, "visibility", "secret")
    for vocabulary, code in (("visibility", "internal"), ("sensorType", "other")):
        with pytest.raises(InvalidRequest):
            amend(session, vocabulary, code, valid_until=TODAY)
    relabel_term(session, "visibility", "internal", KITE)
    assert load_vocabularies(session).label("visibility", "internal") == KITE


def test_relabelled_term_keeps_its_code_and_its_old_label_is_in_the_audit_trail(session: Session) -> None:
    relabel_term(session, "mounting", "facade", KITE)
    assert load_vocabularies(session).label("mounting", "facade") == KITE
    entry = list_entries(session, subject_kind="term", subject_id="mounting/facade")[0]
    assert entry.action == "amend_term"
    assert entry.details == {
        "before": {"label": {"nl": "Gevel", "en": "Facade"}},
        "after": {"label": {"nl": "Vlieger", "en": "Kite"}},
    }


def test_term_that_does_not_change_is_not_recorded(session: Session) -> None:
    amend(session, "mounting", "facade")
    assert not list_entries(session, subject_kind="term", subject_id="mounting/facade")


def test_term_ends_today_or_later_and_the_end_can_be_taken_back(session: Session) -> None:
    for day in (TODAY - timedelta(days=1), date(2025, 1, 1)):
        with pytest.raises(InvalidRequest):
            amend(session, "mounting", "facade", valid_until=day)
    amend(session, "mounting", "facade", valid_until=TODAY)
    assert not load_vocabularies(session).is_valid("mounting", "facade", TODAY)
    amend(session, "mounting", "facade", valid_until=None)
    assert load_vocabularies(session).is_valid("mounting", "facade", TODAY)


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


def test_second_of_two_who_change_a_term_is_told(engine: Engine) -> None:
    with transaction(engine) as session:
        version = write_version(load_vocabularies(session).get_term("mounting", "facade"))

    def change(number: int) -> str:
        try:
            with transaction(engine) as session:
                label = LocalizedText(f"Muur {number}", f"Wall {number}")
                amend(session, "mounting", "facade", version=version, label=label)
        except Conflict as refused:
            return refused.detail.nl if refused.detail else ""
        return "changed"

    with ThreadPoolExecutor(2) as pool:
        refusal, done = sorted(pool.map(change, range(2)))
    assert "intussen gewijzigd" in refusal
    assert done == "changed"
