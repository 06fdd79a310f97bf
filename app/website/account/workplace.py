"""The workplace of an editor who is signed in: the organisation, the data that answers are read with, and its words."""

from dataclasses import dataclass
from uuid import UUID

from app.access.context import ActionContext
from app.access.permissions import edited_municipalities, require_editor
from app.core.clock import dutch_date
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText
from app.core.observability import current_request_id
from app.records.layouts.reading_context import ReadingContext, load_context
from app.sensors.presentation import Labels
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST
from app.website.account.visits import OwnVisit

CHOOSE_FIRST = LocalizedText(
    "Kies eerst op uw werkplek voor welke organisatie u werkt.",
    "First choose at your workplace which organisation you work for.",
)


@dataclass(frozen=True, slots=True)
class Workplace:
    """An editor at work for one organisation."""

    own: OwnVisit
    organisation_id: UUID
    action: ActionContext
    reading: ReadingContext
    labels: Labels

    @property
    def home_bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the municipality that is edited for, else of the country, in degrees."""
        codes = sorted(edited_municipalities(self.action.principal))
        found = [self.reading.directory.find_by_code(code) for code in codes]
        return next((one.extent for one in found if one), (WEST, SOUTH, EAST, NORTH))


def open_workplace(own: OwnVisit) -> Workplace:
    """The workplace for the organisation that the person acts for. Raises: NotPermitted for who edits for none."""
    organisation_id = own.signed_in.organisation_id
    if organisation_id is None:
        raise NotPermitted(CHOOSE_FIRST)
    require_editor(own.signed_in.principal, organisation_id)
    language, today = own.visit.language, dutch_date(own.visit.now)
    reading = load_context(own.session, owner=organisation_id, defaults={}, language=language, today=today)
    return Workplace(
        own=own,
        organisation_id=organisation_id,
        action=ActionContext(
            principal=own.signed_in.principal,
            today=today,
            request_id=current_request_id.get(),
            notification_term_days=own.visit.state.settings.notification_term_days,
        ),
        reading=reading,
        labels=Labels(language, reading.vocabularies, reading.directory),
    )
