"""Results of an import: the classification, what was written, and what was undone."""

from dataclasses import dataclass

from app.core.i18n import LocalizedText


@dataclass(frozen=True, slots=True)
class Classification:
    """Number of records of each kind; `refused` includes those that `BulkImport.take` refused."""

    new: int
    changed: int
    unchanged: int
    refused: int
    awaiting_review: int = 0
    """Versions that `apply` submits for review instead of publishing them, those that end a sensor included."""
    missing: int = 0
    """Sensors of the owner that are not in the file, and that `apply` would end."""
    missing_references: tuple[str, ...] = ()
    """The first of these references, in alphabetical order."""
    unclear: int = 0
    """Refused records that may be any sensor; while there are any, no sensor counts as missing."""
    unclear_keys: tuple[int, ...] = ()
    """The first keys of these."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value of one record before and after, as text; None for no value."""

    key: int
    reference: str
    before: LocalizedText | None
    after: LocalizedText | None


@dataclass(frozen=True, slots=True)
class FieldChanges:
    """The number of records in which a field changes, and the first of these."""

    field: str
    count: int
    examples: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A record whose location is far from the registered one."""

    key: int
    reference: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """A record in another municipality than the registered version; both by name."""

    key: int
    reference: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    """Changes of each field; the number of moves and of crossings, and the first of these."""

    fields: tuple[FieldChanges, ...] = ()
    move_count: int = 0
    moves: tuple[Move, ...] = ()
    crossing_count: int = 0
    crossings: tuple[Crossing, ...] = ()

    def list_keys(self) -> set[int]:
        """The keys of all records that are mentioned."""
        keys = {example.key for change in self.fields for example in change.examples}
        return keys | {move.key for move in self.moves} | {crossing.key for crossing in self.crossings}


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """A record that is `new`, `changed` or `refused`, and its place in degrees (longitude, latitude).

    `municipality_code` and both places may be None; `former` is the registered place of a sensor that moves.
    """

    key: int
    outcome: str
    reference: str | None
    municipality_code: str | None
    place: tuple[float, float] | None
    former: tuple[float, float] | None


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
