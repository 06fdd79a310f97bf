"""Failed sign-ins and reads of private data: counted in the process, and written as entries at a bounded rate.

One event of a kind is one entry; further ones within a minute are counted in the next. Strangers can cause many events:
the number of different ones has a limit too: beyond it, events of a kind are counted together.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record_action

INTERVAL: Final = timedelta(minutes=1)
"""Least time between two entries of one event."""
MAX_SUBJECTS: Final = 20
"""Number of subjects that are named of one source at a time."""
MAX_EVENTS: Final = 1000
"""Number of different events that a process counts at a time."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event, and who caused it; equal events are counted together.

    `source` is the network of a stranger, or the key of a principal. An empty subject stands for several.
    """

    action: str
    subject_kind: str
    detail: str
    source: str
    subject: str = ""
    principal_id: UUID | None = None


@dataclass(slots=True)
class EventCount:
    """The number of times that an event happened since its last entry, and when."""

    event: Event
    count: int
    first_at: datetime
    last_at: datetime


class EventCounter:
    """The counts of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Event, EventCount] = {}
        self._written_at: dict[Event, datetime] = {}
        self._subjects: dict[tuple[str, str], set[str]] = {}

    def add(self, event: Event, now: datetime) -> None:
        """Count an event; this takes some microseconds."""
        with self._lock:
            event = self._fold(event)
            count = self._counts.get(event)
            if count is None:
                self._counts[event] = EventCount(event, 1, now, now)
            else:
                count.count += 1
                count.last_at = now

    def take_due(self, now: datetime, *, all_of_them: bool = False) -> Sequence[EventCount]:
        """The counts to be written now: of events without an entry in the last minute, or of all."""
        with self._lock:
            for event in [one for one, at in self._written_at.items() if now - at >= INTERVAL]:
                del self._written_at[event]
            if not self._counts and not self._written_at:
                self._subjects.clear()
            due = [
                count for event, count in self._counts.items() if all_of_them or event not in self._written_at
            ]
            for count in due:
                del self._counts[count.event]
                self._written_at[count.event] = now
        return due

    def put_back(self, counts: Iterable[EventCount]) -> None:
        """Count again what could not be written."""
        with self._lock:
            for count in counts:
                later = self._counts.setdefault(count.event, count)
                if later is not count:
                    later.count += count.count
                    later.first_at = count.first_at
                self._written_at.pop(count.event, None)

    def _fold(self, event: Event) -> Event:
        if event in self._counts or event in self._written_at:
            return event
        named = self._subjects.setdefault((event.action, event.source), set())
        if event.subject not in named and len(named) >= MAX_SUBJECTS:
            event = replace(event, subject="")
        if event not in self._counts and len(self._counts) + len(self._written_at) >= MAX_EVENTS:
            # The last resort has one entry a minute for each kind of event.
            return Event(event.action, event.subject_kind, "", "many")
        if len(self._subjects) <= MAX_EVENTS:
            named.add(event.subject)
        return event


def record_read(session: Session, command: str, subject: UUID) -> None:
    """Write the entry of a read of private data on the command line."""
    record_action(
        session,
        principal_id=None,
        action="read_private_data",
        subject_kind="private_data",
        subject_ids=[subject],
        details={"detail": command, "count": 1},
    )


def write_counts(session: Session, counts: Iterable[EventCount]) -> None:
    """Write an entry for each count."""
    for count in counts:
        event = count.event
        record_action(
            session,
            principal_id=event.principal_id,
            action=event.action,
            subject_kind=event.subject_kind,
            subject_ids=[event.subject] if event.subject else [],
            details={
                "detail": event.detail,
                "source": event.source,
                "count": count.count,
                "from": count.first_at.astimezone(UTC).isoformat(timespec="seconds"),
                "until": count.last_at.astimezone(UTC).isoformat(timespec="seconds"),
            },
            request_id="-",
        )
