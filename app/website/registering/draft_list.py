"""The drafts of an organisation as its editors see them in a list."""

from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import LocalizedText
from app.sensors.presentation import Labels
from app.sensors.registration.drafts import Answers, Draft
from app.sensors.registration.old_drafts import find_end
from app.website.registering.steps import CHECK, STEP_BY_PATH, STEPS

_UNTITLED = LocalizedText("Nog zonder naam", "Not named yet")


@dataclass(frozen=True, slots=True)
class ListedDraft:
    """A draft in a list; `kind` is the label of its type of sensor, empty where that was not answered.

    `step` is the part of the address where it is gone on with: the step saved last, and the check of a change.
    """

    id: str
    title: str
    kind: str
    is_change: bool
    step: str
    saved_at: datetime
    ends_at: datetime | None
    """When it is deleted, where that is soon."""


def list_draft(draft: Draft, labels: Labels) -> ListedDraft:
    """One row of the list."""
    kind, is_change = draft.answers.get("sensorType"), draft.sensor_id is not None
    last = STEP_BY_PATH.get(draft.last_step or "", STEPS[0])
    return ListedDraft(
        id=str(draft.id),
        title=name_answers(draft.answers, labels),
        kind=labels.name_term("sensorType", kind) if isinstance(kind, str) else "",
        is_change=is_change,
        step=CHECK if is_change else last.path,
        saved_at=draft.saved_at,
        ends_at=find_end(draft.saved_at, draft.warned_at),
    )


def name_answers(answers: Answers, labels: Labels) -> str:
    """The subject of the answers in a few words: the name, else the own reference, else what is measured."""
    for name in ("name", "reference", "measures"):
        if answer := answers.get(name):
            return str(answer)
    return labels.render(_UNTITLED)
