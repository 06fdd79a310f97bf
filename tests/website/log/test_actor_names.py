"""Names of parts of the register: the link in a reminder, and everything that its operators do."""

import pytest
from sqlalchemy.orm import Session

from app.access.actions import ensure_system_principal
from app.core.i18n import LocalizedText
from app.sensors.reminders.mail_links import ACTOR
from app.website.log.actor_names import BY_LINK, COMMAND_LINE, ActorNames
from tests.support.organisations import make_municipality, make_principal


@pytest.mark.parametrize(
    ("part", "name"), [(ACTOR, BY_LINK), ("Seeding", COMMAND_LINE), ("Command line", COMMAND_LINE)]
)
def test_part_of_the_register_is_named_for_what_it_is(
    session: Session, part: str, name: LocalizedText
) -> None:
    organisation = make_municipality(session)
    principal_id = ensure_system_principal(session, part)
    names = ActorNames(session, make_principal(session, organisation), [principal_id], [organisation])
    assert names.name(principal_id) == name
