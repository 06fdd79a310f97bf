"""Optimistic locking by version number."""

import pytest

from app.core.errors import PreconditionFailed, PreconditionRequired
from app.core.expected_version import ANY_VERSION, ExpectedVersion, check_expected_version


@pytest.mark.parametrize(
    "expected", [ANY_VERSION, ExpectedVersion.exactly(3), ExpectedVersion(frozenset({2, 3}))]
)
def test_current_version_may_be_changed(expected: ExpectedVersion) -> None:
    check_expected_version(expected, 3)


def test_change_without_version_is_refused() -> None:
    with pytest.raises(PreconditionRequired):
        check_expected_version(None, 3)


@pytest.mark.parametrize("expected", [ExpectedVersion.exactly(2), ExpectedVersion(frozenset())])
def test_change_of_another_version_is_refused_with_the_current_etag(expected: ExpectedVersion) -> None:
    with pytest.raises(PreconditionFailed) as caught:
        check_expected_version(expected, 3)
    assert caught.value.headers["ETag"] == '"3"'
