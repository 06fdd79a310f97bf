"""Terms and status messages in words."""

from datetime import date, timedelta

import pytest

from app.website.reviewing.review_words import Term, word_term

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("days", "nl", "en", "is_overdue"),
    [
        (3, "nog 3 dagen", "3 days left", False),
        (1, "nog 1 dag", "1 day left", False),
        (0, "vandaag", "today", False),
        (-1, "1 dag te laat", "1 day overdue", True),
        (-1200, "1.200 dagen te laat", "1,200 days overdue", True),
    ],
)
def test_term_is_worded_by_the_days_that_are_left(days: int, nl: str, en: str, *, is_overdue: bool) -> None:
    due_on = TODAY + timedelta(days=days)
    assert word_term(due_on, TODAY, "nl") == Term(nl, is_overdue)
    assert word_term(due_on, TODAY, "en") == Term(en, is_overdue)
