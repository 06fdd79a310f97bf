"""Counts of submissions that wait for a reviewer, for the pages that every person begins at."""

from app.access.permissions import reviewed_municipalities
from app.core.clock import dutch_date
from app.sensors.registration.review_queue import QueueCounts, count_submissions
from app.website.account.visits import OwnVisit


def count_reviews(own: OwnVisit) -> QueueCounts | None:
    """How many submissions wait; None for a person who reviews for no municipality."""
    principal = own.signed_in.principal
    if not reviewed_municipalities(principal):
        return None
    return count_submissions(own.session, principal, dutch_date(own.visit.now))
