"""Results of an import: the classification, what was written, and what was undone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Classification:
    """Number of records of each kind; `refused` includes those that `BulkImport.take` refused."""

    new: int
    changed: int
    unchanged: int
    refused: int
    missing: int = 0
    """Sensors of the owner that are not in the file, and that `apply` would end."""
    missing_references: tuple[str, ...] = ()
    """The first of these references, in alphabetical order."""
    unclear: int = 0
    """Refused records that may be any sensor; while there are any, no sensor counts as missing."""
    unclear_keys: tuple[int, ...] = ()
    """The first keys of these."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Number of versions that an import wrote. `digest` is their SHA-256, as stored in the audit trail."""

    new: int
    changed: int
    ended: int
    digest: str


@dataclass(frozen=True, slots=True)
class Undone:
    """Number of registrations that undoing an import withdrew, and that it restored."""

    withdrawn: int
    restored: int
    digest: str
