"""Kept tiles: those that are asked for stay, within the memory there is."""

from app.tiles.tile_cache import TileCache


def test_the_least_asked_leaves_first() -> None:
    cache = TileCache(most_bytes=3 * 1500)
    for tag in ("a", "b", "c"):
        cache.keep(tag, b"x" * 1000)
    assert cache.find("a")
    cache.keep("d", b"y" * 1000)
    assert [tag for tag in "abcd" if cache.find(tag)] == ["a", "c", "d"]


def test_empty_tiles_are_kept_too_and_take_room() -> None:
    cache = TileCache(most_bytes=1200)
    for tag in ("a", "b", "c"):
        cache.keep(tag, b"")
        cache.keep(tag, b"")
    assert [cache.find(tag) for tag in "abc"] == [None, b"", b""]


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    cache = TileCache(most_bytes=1000)
    cache.keep("a", b"x" * 2000)
    assert cache.find("a") is None
