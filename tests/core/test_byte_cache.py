"""The cache of tiles: which tiles it stores, and which it drops when its memory is full."""

from app.core.byte_cache import ByteCache


def test_full_cache_drops_the_least_recently_used_tile() -> None:
    cache = ByteCache(max_bytes=3 * 1500)
    for tag in ("a", "b", "c"):
        cache.store(tag, b"x" * 1000)
    assert cache.find("a")
    cache.store("d", b"y" * 1000)
    assert [tag for tag in "abcd" if cache.find(tag)] == ["a", "c", "d"]


def test_empty_tiles_are_stored_and_count_as_memory() -> None:
    cache = ByteCache(max_bytes=1200)
    for tag in ("a", "b", "c"):
        cache.store(tag, b"")
        cache.store(tag, b"")
    assert [cache.find(tag) for tag in "abc"] == [None, b"", b""]


def test_tile_larger_than_the_cache_is_not_stored() -> None:
    cache = ByteCache(max_bytes=1000)
    cache.store("a", b"x" * 2000)
    assert cache.find("a") is None
