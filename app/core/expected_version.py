"""Optimistic locking: a change names the version that it replaces."""

from dataclasses import dataclass

from app.core.errors import PreconditionFailed, PreconditionRequired


@dataclass(frozen=True, slots=True)
class ExpectedVersion:
    """Version numbers that a change may replace; `numbers` is None for any version."""

    numbers: frozenset[int] | None = None

    @classmethod
    def exactly(cls, version: int) -> "ExpectedVersion":
        return cls(frozenset({version}))

    def accepts(self, version: int) -> bool:
        return self.numbers is None or version in self.numbers


ANY_VERSION = ExpectedVersion()


def check_expected_version(expected: ExpectedVersion | None, version: int) -> None:
    """Compare the version that the caller read with the current one, while the record is locked.

    Raises: PreconditionRequired when the caller named no version; PreconditionFailed, with the current entity tag,
    when the record has changed since.
    """
    if expected is None:
        raise PreconditionRequired
    if not expected.accepts(version):
        raise PreconditionFailed(headers={"ETag": version_etag(version)})


def version_etag(version: int) -> str:
    """The entity tag of a record with numbered versions."""
    return f'"{version}"'
