"""The workplace of a reviewer who is signed in: the municipalities reviewed for, the data of words, and the day."""

from dataclasses import dataclass
from uuid import UUID

from app.access.context import ActionContext
from app.access.permissions import reviewed_municipalities
from app.core.clock import dutch_date
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText
from app.core.observability import current_request_id
from app.records.layouts.reading_context import ReadingContext, load_context
from app.sensors.presentation import Labels
from app.website.account.visits import OwnVisit
from app.website.account.workplace import CHOOSE_FIRST

_NO_REVIEWER = LocalizedText(
    "Beoordelen doet een beoordelaar van een gemeente. Een beheerder van uw gemeente geeft die rol, ook aan zichzelf,"
    " bij Mensen en uitnodigingen. Bij Taken staat wie er beoordeelt.",
    "Reviewing is for a reviewer of a municipality. An administrator of your municipality gives that role, also to"
    " themselves, at People and invitations. Tasks says who reviews.",
)


@dataclass(frozen=True, slots=True)
class ReviewWorkplace:
    """A reviewer at work. `municipality_codes` are of the municipalities that are reviewed for, in their order."""

    own: OwnVisit
    organisation_id: UUID
    municipality_codes: tuple[str, ...]
    action: ActionContext
    reading: ReadingContext
    labels: Labels


def open_review_workplace(own: OwnVisit) -> ReviewWorkplace:
    """The workplace for the municipality that the person acts for. Raises: NotPermitted for who reviews for none."""
    if own.signed_in.organisation_id is None:
        raise NotPermitted(CHOOSE_FIRST)
    codes = reviewed_municipalities(own.signed_in.principal)
    if not codes:
        raise NotPermitted(_NO_REVIEWER)
    language, today = own.visit.language, dutch_date(own.visit.now)
    reading = load_context(own.session, owner=None, defaults={}, language=language, today=today)
    return ReviewWorkplace(
        own=own,
        organisation_id=own.signed_in.organisation_id,
        municipality_codes=tuple(sorted(codes)),
        action=ActionContext(
            principal=own.signed_in.principal,
            today=today,
            request_id=current_request_id.get(),
            notification_term_days=own.visit.state.settings.notification_term_days,
        ),
        reading=reading,
        labels=Labels(language, reading.vocabularies, reading.directory),
    )
