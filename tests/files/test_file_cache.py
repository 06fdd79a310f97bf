"""The cache of files: found by search and state, bounded in bytes and time, shared by processes."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from app.core.errors import Unavailable
from app.files import file_cache
from app.files.cache_folder import own_cache_folder
from app.files.file_cache import CachedFile, FileCache
from tests.support.waiting import PATIENCE_SECONDS

T = TypeVar("T")
KEY = "0123"


@pytest.fixture
def cache(tmp_path: Path) -> FileCache:
    return FileCache(tmp_path / "files", max_bytes=100, kept_seconds=60)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def make(cache: FileCache, content: bytes, *, key: str = KEY, state: str = "a") -> CachedFile:
    async with cache.lock(key), cache.make_folder() as folder:
        path = folder / "content"
        path.write_bytes(content)
        return await cache.add(key, state, path, {"X-Name": state})


def store(cache: FileCache, content: bytes, **names: str) -> str:
    """Make a file that is not being read; returns its tag."""
    file = run(make(cache, content, **names))
    file.close()
    return file.tag


async def read(file: CachedFile | None) -> bytes | None:
    if file is None:
        return None
    content = b"".join([piece async for piece in file.read(0, file.size_bytes)])
    file.close()
    return content


def find(cache: FileCache, state: str = "a", key: str = KEY) -> bytes | None:
    async def look_up() -> bytes | None:
        return await read(await cache.find_of_state(key, state))

    return run(look_up())


def age(cache: FileCache, tag: str, seconds: float, *, key: str = KEY) -> None:
    made_at = time.time() - seconds
    os.utime(cache._folder / key / tag / "headers.json", (made_at, made_at))


def test_file_is_found_by_its_search_and_state_and_by_its_tag(cache: FileCache) -> None:
    tag = store(cache, b"old", state="a")
    assert tag.startswith("a-")
    assert store(cache, b"new", state="b") != tag
    assert find(cache, "a") == b"old"
    assert find(cache, "b") == b"new"
    assert find(cache, "c") is None
    assert find(cache, key="other") is None

    async def look_up() -> tuple[bytes | None, Any]:
        file = await cache.find_tagged(KEY, frozenset({tag, "x"}))
        assert file is not None
        return await read(file), file.headers

    assert run(look_up()) == (b"old", {"X-Name": "a"})
    assert run(cache.find_tagged(KEY, frozenset({"b-unknown"}))) is None


def test_tag_is_that_of_the_bytes(cache: FileCache) -> None:
    assert store(cache, b"one") == store(cache, b"one") != store(cache, b"two")


def test_file_in_reading_is_the_one_that_a_part_was_read_of(cache: FileCache) -> None:
    async def work() -> bytes | None:
        first = await make(cache, b"old", state="a")
        assert await cache.find_in_reading(KEY) is None
        await cache.note_reading(KEY, first)
        first.close()
        (await make(cache, b"new", state="b")).close()
        return await read(await cache.find_in_reading(KEY))

    assert run(work()) == b"old"


def test_only_file_is_none_as_soon_as_there_is_another(cache: FileCache) -> None:
    store(cache, b"old", state="a")
    found = run(cache.find_only(KEY))
    assert run(read(found)) == b"old"
    store(cache, b"new", state="b")
    assert run(cache.find_only(KEY)) is None


def test_old_file_is_not_found_and_is_removed(cache: FileCache) -> None:
    tag = store(cache, b"old")
    age(cache, tag, 61)
    assert find(cache) is None
    run(cache.remove_expired())
    assert list(cache._folder.iterdir()) == []


def test_oldest_files_make_room_for_a_new_one(cache: FileCache) -> None:
    for key, seconds in (("a", 20), ("b", 10)):
        age(cache, store(cache, b"x" * 40, key=key), seconds, key=key)
    store(cache, b"x" * 40, key="c")
    assert [find(cache, key=key) is not None for key in "abc"] == [False, True, True]


def test_file_that_is_being_read_stays_and_a_new_one_is_refused(cache: FileCache) -> None:
    async def work() -> bytes | None:
        reading = await make(cache, b"x" * 70, key="one")
        with pytest.raises(Unavailable) as caught:
            await make(cache, b"y" * 70, key="two")
        assert caught.value.headers["Retry-After"]
        content = await read(reading)
        (await make(cache, b"y" * 70, key="two")).close()
        return content

    assert run(work()) == b"x" * 70
    assert find(cache, key="one") is None
    assert find(cache, key="two") == b"y" * 70
    assert sorted(path.name for path in cache._folder.iterdir()) == ["two"]


def test_one_at_a_time_makes_a_file_of_a_search(cache: FileCache) -> None:
    made = []

    async def make_once(key: str) -> bytes | None:
        async with cache.lock(key):
            file = await cache.find_of_state(key, "a")
            if file is None:
                made.append(key)
                await asyncio.sleep(0.3)
                async with cache.make_folder() as folder:
                    path = folder / "content"
                    path.write_bytes(b"file")
                    file = await cache.add(key, "a", path, {})
        return await read(file)

    async def work() -> list[bytes | None]:
        return await asyncio.gather(*(make_once(key) for key in ("one", "one", "two", "one")))

    assert run(work()) == [b"file"] * 4
    assert sorted(made) == ["one", "two"]
    assert not list(cache._folder.glob("*.making"))


def test_lock_of_another_process_is_waited_for_and_ends_with_it(cache: FileCache) -> None:
    program = (
        "import asyncio, sys, time\nfrom pathlib import Path\nfrom app.files.file_cache import FileCache\n"
        "async def hold():\n"
        "    async with FileCache(Path(sys.argv[1]), max_bytes=1, kept_seconds=1).lock('0123'):\n"
        "        print('held', flush=True)\n        time.sleep(3600)\n"
        "asyncio.run(hold())"
    )
    other = subprocess.Popen([sys.executable, "-c", program, str(cache._folder)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"

    async def take(within_seconds: float) -> None:
        async with asyncio.timeout(within_seconds), cache.lock(KEY):
            pass

    with pytest.raises(TimeoutError):
        run(take(0.5))
    other.kill()
    other.wait()
    other.stdout.close()
    run(take(PATIENCE_SECONDS))


def test_what_a_killed_writer_left_is_removed(cache: FileCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_cache, "_READING_SECONDS", 0)
    abandoned = cache._folder / "new-1"
    abandoned.mkdir(parents=True)

    async def work() -> bool:
        async with cache.make_folder() as folder:
            await cache.remove_expired()
            return folder.exists()

    assert run(work())
    assert not abandoned.exists()


def test_folder_is_removed_at_the_end_and_abandoned_ones_at_the_start(tmp_path: Path) -> None:
    abandoned = tmp_path / "sensor-register-files-0000"
    abandoned.mkdir()
    (abandoned / "owner.lock").touch()
    os.utime(abandoned, (0, 0))
    starting = tmp_path / "sensor-register-files-0001"
    starting.mkdir()
    other = tmp_path / "something-else"
    other.mkdir()
    with own_cache_folder(tmp_path) as first:
        assert not abandoned.exists()
        assert first.stat().st_mode & 0o777 == 0o700
        with own_cache_folder(tmp_path) as second:
            assert first.exists()
            assert second != first
        assert not second.exists()
    assert set(tmp_path.iterdir()) == {other, starting}
