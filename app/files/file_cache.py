"""Files that were made for a search, stored for some minutes: read in parts, and resumed after a broken download.

Each file has a strong tag: the state of the register it was made of, and a digest of its bytes. Files of one search are
in one folder, named by the key of the search. The processes of a machine share the cache by these files alone:

    {key}/{tag}/content        the file; readers hold a shared lock on it
    {key}/{tag}/headers.json   the headers of its answer
    {key}/{tag}/read           exists once the file is read in parts; touched at each part
    new-{number}/              a file that is being written; the writer holds a lock on the folder
    {key}.making               locked by the one that makes a file of this search, while others wait for it
"""

import asyncio
import fcntl
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from secrets import token_hex
from typing import Final

from app.core.app_state import AppState
from app.core.temporary_files import make_no_space_error
from app.files.writers.spooled_file import read_pieces

_CONTENT, _HEADERS, _READ = "content", "headers.json", "read"
_NEW: Final = "new-"
_WAIT_SECONDS: Final = 0.1
_READING_SECONDS: Final = 60
"""After its last part, a file counts as being read for this long."""


@dataclass(frozen=True, slots=True)
class CachedFile:
    """A file that is open for one reader. It stays readable after it was removed from the cache."""

    tag: str
    headers: Mapping[str, str]
    content: BufferedReader
    size_bytes: int

    def read(self, first: int, length: int) -> AsyncIterator[bytes]:
        """Part of the file, in pieces; call it only once."""
        self.content.seek(first)
        return read_pieces(self.content, length)

    def close(self) -> None:
        self.content.close()


@dataclass(frozen=True, slots=True)
class _Entry:
    folder: Path
    made_at: float
    read_at: float
    size_bytes: int

    @property
    def tag(self) -> str:
        return self.folder.name

    @property
    def state(self) -> str:
        return self.tag.partition("-")[0]


def get_file_cache(app: AppState) -> "FileCache":
    """The file cache of a running application. Raises: RuntimeError before it was started."""

    def create() -> FileCache:
        raise RuntimeError("The file cache is not open: the application has not been started.")

    return app.get_cache(FileCache, create)


_Choice = Callable[[list[_Entry]], _Entry | None]


class FileCache:
    """Files by the key of their search, at most `max_bytes` together, each for `kept_seconds` after it was made."""

    def __init__(self, folder: Path, *, max_bytes: int, kept_seconds: float) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._kept_seconds = kept_seconds

    async def find_tagged(self, key: str, tags: frozenset[str]) -> CachedFile | None:
        """The file with one of these tags."""
        if not tags:
            return None
        return await self._find(key, lambda entries: _newest([one for one in entries if one.tag in tags]))

    async def find_of_state(self, key: str, state: str) -> CachedFile | None:
        """The file made of this state of the register."""
        return await self._find(key, lambda entries: _newest([one for one in entries if one.state == state]))

    async def find_only(self, key: str) -> CachedFile | None:
        """The file of this search when there is one alone: what a client has the beginning of."""
        return await self._find(key, lambda entries: entries[0] if len(entries) == 1 else None)

    async def find_in_reading(self, key: str) -> CachedFile | None:
        """The file that is being read in parts."""
        since = time.time() - _READING_SECONDS
        return await self._find(
            key,
            lambda entries: max((one for one in entries if one.read_at > since), key=_read_at, default=None),
        )

    async def note_reading(self, key: str, file: CachedFile) -> None:
        """Note that a part of this file is read: a client that reads the next part gets this file too."""
        mark = self._folder / key / file.tag / _READ

        def touch() -> None:
            try:
                mark.touch()
            except OSError:
                # Removed meanwhile, or there is no room: the next part is then of the newest file.
                return

        await asyncio.to_thread(touch)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncIterator[None]:
        """Be the only one, of all processes, that makes a file of this search. Raises: OSError on a full disk."""
        path = self._folder / f"{key}.making"
        # It may be missing: the disk was full at the start, or a cleaner of old files removed it.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while (descriptor := _try_lock(path)) is None:  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(_WAIT_SECONDS)
        try:
            yield
        finally:
            # Removed while it is locked: a waiting process sees that it is another file by now.
            path.unlink(missing_ok=True)
            os.close(descriptor)

    @asynccontextmanager
    async def make_folder(self) -> AsyncIterator[Path]:
        """A folder to write a new file in, removed with what is left in it. Raises: OSError on a full disk."""
        folder = self._folder / f"{_NEW}{token_hex(8)}"
        folder.mkdir(mode=0o700)
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            os.close(descriptor)

    async def remove_expired(self) -> None:
        """Remove what is too old, and what writers left that were killed. Clients that read a file read on."""
        await asyncio.to_thread(self._remove_expired)

    async def add(self, key: str, state: str, path: Path, headers: Mapping[str, str]) -> CachedFile:
        """Move a new file into the cache, and open it.

        Raises: Unavailable when the cache has no room for it because the others are being read; OSError on a full disk.
        """
        return await asyncio.to_thread(self._add, key, state, path, headers)

    def _add(self, key: str, state: str, path: Path, headers: Mapping[str, str]) -> CachedFile:
        with path.open("rb") as content:
            digest = file_digest(content, "blake2b").hexdigest()[:16]
        size_bytes = path.stat().st_size
        self._make_room(size_bytes)
        prepared = path.parent / "entry"
        prepared.mkdir()
        path.rename(prepared / _CONTENT)
        (prepared / _HEADERS).write_text(json.dumps(dict(headers)), encoding="utf-8")
        entry = _Entry(prepared, time.time(), 0, size_bytes)
        opened = _open(entry, tag=f"{state}-{digest}")
        assert opened is not None  # noqa: S101 - it is not in the cache yet
        (self._folder / key).mkdir(mode=0o700, exist_ok=True)
        target = self._folder / key / opened.tag
        try:
            prepared.rename(target)
        except OSError:
            # The same bytes are there already, or the search's folder was removed: this reader has the file anyway.
            if not target.exists():
                (self._folder / key).mkdir(mode=0o700, exist_ok=True)
                prepared.rename(target)
        return opened

    def _remove_expired(self) -> None:
        expired = time.time() - self._kept_seconds
        for entry in self._list_all():
            if entry.made_at < expired:
                _remove(entry)
        for folder in self._folder.glob(f"{_NEW}*"):
            _remove_abandoned(folder)

    def _list_all(self) -> list[_Entry]:
        return [
            one for key in _scan(self._folder) if not key.name.startswith(_NEW) for one in _list_entries(key)
        ]

    def _make_room(self, size_bytes: int) -> None:
        """Remove files that are too old, and then the oldest, until a new one fits; none that is being sent."""
        entries = self._list_all()
        taken = sum(one.size_bytes for one in entries)
        expired = time.time() - self._kept_seconds
        for entry in sorted(entries, key=lambda one: one.made_at):
            if (entry.made_at < expired or taken + size_bytes > self._max_bytes) and _remove(entry):
                taken -= entry.size_bytes
        if taken + size_bytes > self._max_bytes:
            raise make_no_space_error()

    async def _find(self, key: str, choose: _Choice) -> CachedFile | None:
        return await asyncio.to_thread(self._find_now, key, choose)

    def _find_now(self, key: str, choose: _Choice) -> CachedFile | None:
        since = time.time() - self._kept_seconds
        chosen = choose([one for one in _list_entries(self._folder / key) if one.made_at >= since])
        return _open(chosen) if chosen else None


def _newest(entries: list[_Entry]) -> _Entry | None:
    return max(entries, key=lambda one: one.made_at, default=None)


def _read_at(entry: _Entry) -> float:
    return entry.read_at


def _scan(folder: Path) -> list[Path]:
    try:
        return [Path(one.path) for one in os.scandir(folder) if one.is_dir()]
    except OSError:
        return []


def _list_entries(folder: Path) -> list[_Entry]:
    """The files of one search; one that is removed meanwhile is left out."""
    entries = []
    for path in _scan(folder):
        try:
            content, made_at = (path / _CONTENT).stat(), (path / _HEADERS).stat().st_mtime
        except OSError:
            continue
        try:
            read_at = (path / _READ).stat().st_mtime
        except OSError:
            read_at = 0.0
        entries.append(_Entry(path, made_at, read_at, content.st_size))
    return entries


def _open(entry: _Entry, *, tag: str | None = None) -> CachedFile | None:
    """The file, with a shared lock on it; None when it was removed meanwhile."""
    try:
        headers = json.loads((entry.folder / _HEADERS).read_text(encoding="utf-8"))
        content = (entry.folder / _CONTENT).open("rb")
    except OSError:
        return None
    try:
        fcntl.flock(content, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        content.close()
        return None
    return CachedFile(tag or entry.tag, headers, content, entry.size_bytes)


def _remove(entry: _Entry) -> bool:
    """Remove a file, unless it is being read."""
    try:
        with (entry.folder / _CONTENT).open("rb") as content:
            fcntl.flock(content, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(entry.folder, ignore_errors=True)
    except BlockingIOError:
        return False
    except OSError:
        return True
    with suppress(OSError):
        # The folder of the search, unless it has other files.
        entry.folder.parent.rmdir()
    return True


def _remove_abandoned(folder: Path) -> None:
    """Remove the folder of a writer that was killed: its lock is free."""
    try:
        if time.time() - folder.stat().st_mtime < _READING_SECONDS:
            # It may be locked the next moment.
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)


def _try_lock(path: Path) -> int | None:
    """The descriptor that holds the lock; None when another has it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None
