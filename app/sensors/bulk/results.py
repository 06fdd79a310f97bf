"""What an import would do, and what it did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Classification:
    """How many records are what; those that `Intake.take` refused are in `refused` too."""

    new: int
    changed: int
    unchanged: int
    refused: int
    missing: int = 0
    """Sensors of the owner that the file does not name, and that `apply` would end."""
    missing_references: tuple[str, ...] = ()
    """The first of them, by alphabet."""
    unclear: int = 0
    """Refused records of which it cannot be told which sensor they are; while there are any, nothing is missing."""
    unclear_keys: tuple[int, ...] = ()
    """The first of them."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import wrote. `digest` is the SHA-256 of its versions, as the audit trail keeps it."""

    new: int
    changed: int
    ended: int
    digest: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back wrote: registrations withdrawn, and registrations said again as they were."""

    withdrawn: int
    restored: int
    digest: str
