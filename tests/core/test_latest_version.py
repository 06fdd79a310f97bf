"""The cache of one value with the stamp of its version."""

from app.core.latest_version import LatestVersion


def test_value_is_found_by_the_stamp_of_its_version() -> None:
    cache = LatestVersion[str]()
    assert cache.find(1) is None
    assert cache.store(1, "first") == "first"
    assert cache.find(1) == "first"
    assert cache.find(2) is None


def test_stored_value_replaces_the_one_before_it() -> None:
    cache = LatestVersion[str]()
    cache.store(1, "first")
    cache.store(2, "second")
    assert cache.find(1) is None
    assert cache.find(2) == "second"
