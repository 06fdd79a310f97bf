"""The lifecycle of a registration: every action with the statuses it starts from, leads to, closes and announces.

The table is the only place that decides this. `get_transition` reads it in Python; `render_closing` turns it into SQL
for a set of versions. Source: decision 0021.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.core.errors import Conflict
from app.core.i18n import LocalizedText
from app.sensors.change_kind import ChangeKind
from app.sensors.registration_status import (
    ENDED_STATUSES,
    LIVE_STATUSES,
    OPEN_STATUSES,
    RegistrationStatus,
    list_sql,
)


class Action(StrEnum):
    """Action on a registration. The audit trail records it as `<action>_sensor`."""

    SAVE = "save"
    REGISTER = "register"
    SUBMIT = "submit"
    AMEND = "amend"
    REQUEST_CHANGES = "request_changes"
    PUBLISH = "publish"
    REJECT = "reject"
    REMOVE = "remove"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    HIDE = "hide"
    RESTORE = "restore"
    TRANSFER = "transfer"


class Actor(StrEnum):
    """Role that an action needs: for the owner or, inside its own boundary, for the municipality."""

    EDITOR = "editor"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Transition:
    """One action that leads to one status."""

    action: Action
    actor: Actor
    starts_from: tuple[RegistrationStatus | None, ...]
    """Statuses of the version that the action concerns; None for a sensor that is not registered yet."""
    status: RegistrationStatus
    """Status of the version that the action writes."""
    closes: tuple[RegistrationStatus, ...]
    """Statuses of the versions of this sensor that the new version supersedes."""
    announces: ChangeKind | None = None
    """Change of a sensor that was public before; None when the publication does not change."""


_S = RegistrationStatus
_UNREGISTERED: Final = (None, *ENDED_STATUSES)
_OPEN: Final = (*OPEN_STATUSES, *ENDED_STATUSES)
"""An open version replaces the open one; the published version stays public until the review is done."""
_ALL: Final = (*LIVE_STATUSES, *ENDED_STATUSES)
_PUBLISHED: Final = (_S.PUBLISHED, *ENDED_STATUSES)

TRANSITIONS: Final = (
    Transition(Action.SAVE, Actor.EDITOR, (*_UNREGISTERED, _S.DRAFT, _S.CHANGES_REQUESTED), _S.DRAFT, _OPEN),
    Transition(Action.REGISTER, Actor.EDITOR, _UNREGISTERED, _S.SUBMITTED, _OPEN),
    Transition(Action.REGISTER, Actor.EDITOR, _UNREGISTERED, _S.PUBLISHED, _ALL, ChangeKind.PUBLISHED),
    Transition(Action.SUBMIT, Actor.EDITOR, (_S.DRAFT, _S.CHANGES_REQUESTED), _S.SUBMITTED, _OPEN),
    Transition(
        Action.SUBMIT,
        Actor.EDITOR,
        (_S.DRAFT, _S.CHANGES_REQUESTED),
        _S.PUBLISHED,
        _ALL,
        ChangeKind.AMENDED,
    ),
    Transition(Action.AMEND, Actor.EDITOR, LIVE_STATUSES, _S.SUBMITTED, _OPEN),
    Transition(Action.AMEND, Actor.EDITOR, LIVE_STATUSES, _S.PUBLISHED, _ALL, ChangeKind.AMENDED),
    Transition(Action.REQUEST_CHANGES, Actor.REVIEWER, (_S.SUBMITTED,), _S.CHANGES_REQUESTED, _OPEN),
    Transition(Action.PUBLISH, Actor.REVIEWER, (_S.SUBMITTED,), _S.PUBLISHED, _ALL, ChangeKind.AMENDED),
    Transition(Action.REJECT, Actor.REVIEWER, (_S.SUBMITTED,), _S.REJECTED, _OPEN),
    Transition(Action.REMOVE, Actor.EDITOR, LIVE_STATUSES, _S.SUBMITTED, _OPEN),
    Transition(Action.REMOVE, Actor.EDITOR, LIVE_STATUSES, _S.PUBLISHED, _ALL, ChangeKind.REMOVED),
    # A confirmation leaves a change under review as it is.
    Transition(Action.CONFIRM, Actor.EDITOR, (_S.PUBLISHED,), _S.PUBLISHED, _PUBLISHED, ChangeKind.CONFIRMED),
    Transition(Action.WITHDRAW, Actor.EDITOR, LIVE_STATUSES, _S.WITHDRAWN, _ALL, ChangeKind.WITHDRAWN),
    # Only the visibility changes, which governs the public history.
    Transition(
        Action.HIDE, Actor.EDITOR, (_S.WITHDRAWN,), _S.WITHDRAWN, ENDED_STATUSES, ChangeKind.WITHDRAWN
    ),
    Transition(Action.RESTORE, Actor.EDITOR, (_S.WITHDRAWN,), _S.SUBMITTED, _OPEN),
    Transition(Action.RESTORE, Actor.EDITOR, (_S.WITHDRAWN,), _S.PUBLISHED, _ALL, ChangeKind.RESTORED),
    # Both owners agree; the municipality has nothing to review.
    Transition(Action.TRANSFER, Actor.EDITOR, (_S.PUBLISHED,), _S.PUBLISHED, _ALL, ChangeKind.AMENDED),
)
"""Every transition. A draft has no route: what is not submitted is typed text, and no version (decision 0065)."""


def get_transition(
    action: Action, current: RegistrationStatus | None, status: RegistrationStatus
) -> Transition:
    """The transition from the status of the current version to that of the new one.

    Raises: Conflict when the action is not possible from that status.
    """
    for transition in TRANSITIONS:
        if (transition.action, transition.status) == (action, status) and current in transition.starts_from:
            return transition
    raise Conflict(
        LocalizedText(
            "Dit kan niet bij de huidige status van deze registratie. Vraag de registratie opnieuw op.",
            "This is not possible in the present status of this registration. Read the registration again.",
        )
    )


def render_closing(actions: Iterable[Action], new_status: str, version: str) -> str:
    """A SQL condition: whether a new version of status `new_status` supersedes a version.

    `new_status` is a SQL expression, `version` the alias of a table of versions. The actions must close alike.
    """
    closing: dict[RegistrationStatus, tuple[RegistrationStatus, ...]] = {}
    chosen = frozenset(actions)
    for transition in TRANSITIONS:
        if transition.action in chosen and (
            closing.setdefault(transition.status, transition.closes) != transition.closes
        ):
            message = f"{sorted(chosen)} close different versions when they lead to {transition.status}"
            raise ValueError(message)
    conditions = " OR ".join(
        f"{new_status} = '{status}' AND {version}.registration_status IN {list_sql(closed)}"
        for status, closed in closing.items()
    )
    return f"{version}.superseded_at IS NULL AND ({conditions})"
