"""The kinds of change that the register announces to the public."""

from enum import StrEnum


class ChangeKind(StrEnum):
    """Kind of one entry of `publication.change`. Source: decision 0022."""

    PUBLISHED = "published"
    """The sensor is public for the first time, or again after a new registration."""
    AMENDED = "amended"
    CONFIRMED = "confirmed"
    """The owner confirmed that the sensor is still there; nothing else changed."""
    MOVED = "moved"
    """A new edition of the municipalities gives the sensor another municipality."""
    REMOVED = "removed"
    """The sensor was reported removed from its place; it stays in the register."""
    RESTORED = "restored"
    """A withdrawal, a removal or an import was undone."""
    WITHDRAWN = "withdrawn"
    """The registration ended; nothing of the sensor is public."""
    REDACTED = "redacted"
    """Content that was public is no longer so, in history too: copies of it must be deleted."""
