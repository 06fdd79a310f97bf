"""The bounded cache of answers."""

import pytest

from app.places import lookup_cache
from app.places.lookup_cache import LookupCache


def test_cache_returns_a_stored_answer_until_it_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(lookup_cache, "monotonic", lambda: now)
    cache: LookupCache[str] = LookupCache(10, 60)
    cache.store("neude", "Neude, Utrecht")

    assert cache.find("neude") == "Neude, Utrecht"
    assert cache.find("dam") is None
    now = 159.0
    assert cache.find("neude") == "Neude, Utrecht"
    now = 160.0
    assert cache.find("neude") is None


def test_full_cache_forgets_the_answer_that_was_stored_first() -> None:
    cache: LookupCache[int] = LookupCache(2, 60)
    for number in range(3):
        cache.store(number, number)

    assert [cache.find(number) for number in range(3)] == [None, 1, 2]


def test_answer_stored_again_is_the_newest() -> None:
    cache: LookupCache[int] = LookupCache(2, 60)
    cache.store("a", 1)
    cache.store("b", 2)
    cache.store("a", 3)
    cache.store("c", 4)

    assert (cache.find("a"), cache.find("b"), cache.find("c")) == (3, None, 4)
