"""Names of those who acted: of a person inside the organisation concerned, of the organisation for everyone else."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.erasure import show_name
from app.access.permissions import may_see_private
from app.access.principal import Principal
from app.access.queries import Actor, find_actors
from app.core.i18n import LANGUAGES, LocalizedText
from app.organisations.queries import find_faces, name_organisation
from app.sensors.reminders.mail_links import ACTOR as LINK_IN_REMINDER

COMMAND_LINE: Final = LocalizedText("Beheer van het register", "Management of the register")
BY_LINK: Final = LocalizedText("Via de link in een mail", "By the link in a mail")
SOMEONE: Final = LocalizedText("Iemand van een andere organisatie", "Someone of another organisation")


class ActorNames:
    """The names of the authors of some actions, as one reader may see them.

    `near` are the organisations that the actions are about: of an author who works for several, one of these is named.
    """

    def __init__(
        self, session: Session, reader: Principal, principal_ids: Collection[UUID], near: Collection[UUID]
    ) -> None:
        self._actors = find_actors(session, principal_ids)
        named = {one for actor in self._actors.values() for one in actor.organisation_ids}
        self._reader, self._near = reader, near
        self._organisations: Mapping[UUID, str] = {
            one: face.name or (name_organisation(session, one) if may_see_private(reader, one) else "")
            for one, face in find_faces(session, named).items()
        }

    def name(self, principal_id: UUID | None) -> LocalizedText:
        """The name of the author of an action; None is the command line."""
        actor = self._actors.get(principal_id) if principal_id else None
        if actor is None:
            return COMMAND_LINE
        if actor.is_system:
            return BY_LINK if actor.name == LINK_IN_REMINDER else COMMAND_LINE
        organisation = self._choose_organisation(actor)
        if principal_id == self._reader.id or self._is_inside(actor):
            of = f" ({organisation})" if organisation else ""
            return LocalizedText(*(show_name(actor.name, language) + of for language in LANGUAGES))
        return LocalizedText(organisation, organisation) if organisation else SOMEONE

    def _is_inside(self, actor: Actor) -> bool:
        if not actor.organisation_ids:
            # An administrator of the register: named to those who see all of it.
            return any(grant.organisation_id is None for grant in self._reader.grants)
        return any(may_see_private(self._reader, one) for one in actor.organisation_ids)

    def _choose_organisation(self, actor: Actor) -> str:
        ordered = sorted(actor.organisation_ids, key=lambda one: (one not in self._near, str(one)))
        return next((self._organisations[one] for one in ordered if self._organisations.get(one)), "")
