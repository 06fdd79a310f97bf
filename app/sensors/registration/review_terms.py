"""Terms of a review: how many days a municipality has to decide, and others that are touched to comment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.core.clock import DUTCH_TIME, dutch_date
from app.duties.queries import find_duties

NEAR_DAYS: Final = 3
"""Days before the end of a term at which it counts as near."""


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """The terms of one municipality, in days from the day of submission."""

    review_days: int = 14
    comment_days: int = 7

    def find_due_day(self, submitted_at: datetime) -> date:
        """The last day on which a submission is decided about in time."""
        return dutch_date(submitted_at) + timedelta(days=self.review_days)

    def find_comment_day(self, submitted_at: datetime) -> date:
        """The last day until which the reviewer waits for comments."""
        return dutch_date(submitted_at) + timedelta(days=self.comment_days)


def find_review_terms(session: Session, codes: Collection[str], today: date) -> Mapping[str, ReviewTerms]:
    """The terms that these municipalities have today, by their duty profiles."""
    duties = find_duties(session, sorted(codes), today)
    return {
        duty.municipality_code: ReviewTerms(duty.review_term_days, duty.comment_term_days)
        for duty in duties
        if duty.municipality_code is not None
    }


def start_of_day(day: date) -> datetime:
    """The moment at which a day begins in the Netherlands."""
    return datetime.combine(day, time(), DUTCH_TIME)
