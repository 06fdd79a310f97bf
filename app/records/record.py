"""Records of sensors on their way in, and where in a file each of them stood."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from app.core.i18n import LocalizedText
from app.core.problems import Problem
from app.files.located_problem import Origin
from app.files.reading_account import ReadingAccount


class Record(NamedTuple):
    """One sensor as its owner gives it.

    `given` holds wire names and the values that a JSON request would have (codes, lists, ISO dates, numbers), but for
    geometries, which are shapes in longitude and latitude. A field that the file does not have is absent; an empty
    cell is None. `problems` are those of reading the cells; their location is `/` and the wire name.
    """

    origin: Origin
    given: dict[str, Any]
    problems: tuple[Problem, ...] = ()


class RecordReader(Protocol):
    """A file as records."""

    @property
    def layout(self) -> str:
        """own, amsterdam, sensrnet or sensrnet-csv."""
        ...

    @property
    def assumptions(self) -> list[LocalizedText]:
        """Assumptions, as sentences; complete once all records are read."""
        ...

    @property
    def account(self) -> ReadingAccount | None:
        """The account of the file; None for a source that is no file. Complete once all records are read."""
        ...

    @property
    def unused_headings(self) -> list[str]:
        """Columns of which nothing is taken over."""
        ...

    @property
    def late_problems(self) -> Mapping[int, Sequence[Problem]]:
        """Problems that need all records, by the number (from 0) of the record; complete once all are read."""
        ...

    def find_heading(self, origin: Origin, field: str, value: object = None) -> str | None:
        """The heading under which the value of a field stood; None where the file has no such column.

        Of a list in several columns it is that of the `value`, for the records that were read last.
        """
        ...

    def find_letter(self, origin: Origin, heading: str) -> str | None:
        """The letters of the column with this heading; None where the file is no spreadsheet."""
        ...

    def asks(self, field: str) -> bool:
        """Whether a file of this layout can give the field at all."""
        ...

    def read_records(self) -> Iterator[list[Record]]:
        """Some records at a time, in the order of the file. Raises: InvalidRequest."""
        ...


Defaults = Mapping[str, Any]
"""Values by wire name, for all records whose file does not give the field."""
