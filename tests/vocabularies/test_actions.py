from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.audit.queries import list_entries
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.vocabularies.actions import add_term, end_term, relabel_term
from app.vocabularies.queries import load_vocabularies

TODAY = date(2026, 11, 21)
KITE = LocalizedText("Vlieger", "Kite")


def add_kite(session: Session, *, code: str = "kite", vocabulary: str = "mounting") -> None:
    add_term(
        session,
        principal_id=None,
        vocabulary=vocabulary,
        code=code,
        label=KITE,
        definition=LocalizedText("Aan een vlieger.", "On a kite."),
        valid_from=TODAY,
    )


def test_new_term_is_last_in_its_list_at_once(session: Session) -> None:
    before = load_vocabularies(session)
    add_kite(session)
    after = load_vocabularies(session)
    assert list(after.labels("mounting")) == [*before.labels("mounting"), "kite"]
    assert after.is_valid("mounting", "kite", TODAY)
    assert after.get_term("mounting", "kite").path == "/v1/vocabularies/mounting/terms/kite"
    assert after.stamp != before.stamp


def test_rolled_back_term_is_not_in_the_list(session: Session) -> None:
    with session.begin_nested() as savepoint:
        add_kite(session)
        assert load_vocabularies(session).is_valid("mounting", "kite", TODAY)
        savepoint.rollback()
    add_kite(session, code="balloon")
    assert "kite" not in load_vocabularies(session).labels("mounting")


def test_unchanged_vocabularies_are_read_once(session: Session) -> None:
    assert load_vocabularies(session) is load_vocabularies(session)


def test_code_is_unique_and_plain(session: Session) -> None:
    add_kite(session)
    with pytest.raises(Conflict):
        add_kite(session)
    with pytest.raises(InvalidRequest) as caught:
        add_kite(session, code="Vlieger!")
    assert caught.value.problems[0].location == "/code"
    with pytest.raises(NotFound):
        add_kite(session, vocabulary="colours")


def test_relabelled_term_keeps_its_code_and_its_old_label_is_in_the_audit_trail(session: Session) -> None:
    relabel_term(session, principal_id=None, vocabulary="mounting", code="facade", label=KITE)
    assert load_vocabularies(session).label("mounting", "facade") == KITE
    entry = list_entries(session, subject_kind="term", subject_id="mounting/facade")[0]
    assert entry.action == "relabel_term"
    assert entry.details == {
        "before": {"nl": "Gevel", "en": "Facade"},
        "after": {"nl": "Vlieger", "en": "Kite"},
    }


def test_term_cannot_end_before_it_begins(session: Session) -> None:
    with pytest.raises(InvalidRequest):
        end_term(
            session, principal_id=None, vocabulary="mounting", code="facade", valid_until=date(2026, 1, 1)
        )
