"""A step of set-up: done when what it is made from has changed, told in one line, explained when it fails."""

import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.paths import LOCAL, ROOT, STAMPS

LOG = LOCAL / "setup.log"
_SHOWN_LINES = 30


def fingerprint(*parts: str | Path) -> str:
    """A short text that changes when one of the texts, files or folders of files does."""
    digest = hashlib.sha256()
    for part in parts:
        for piece in _contents(part) if isinstance(part, Path) else [part.encode()]:
            digest.update(hashlib.sha256(piece).digest())
    return digest.hexdigest()


def _contents(place: Path) -> Iterable[bytes]:
    files = sorted(file for file in place.rglob("*") if file.is_file()) if place.is_dir() else [place]
    for file in files:
        yield os.fsencode(file.relative_to(ROOT))
        yield file.read_bytes()


def is_done(name: str, *fingerprints: str) -> bool:
    """Whether the step was done for one of these fingerprints."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() in fingerprints


def do_step(name: str, title: str, made_from: str, work: Callable[[], None]) -> None:
    """Do the work and remember what it was made from; a step that fails is done again next time."""
    stamp = STAMPS / name
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    print(f"{title} …", end="", flush=True)
    begin = time.monotonic()
    try:
        work()
    except BaseException:
        print()
        raise
    print(f" {time.monotonic() - begin:.0f} s")
    stamp.write_text(made_from)


def run_program(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    """Run a program in the working tree, its output to the log.

    Raises: CannotStart with the end of that output when the program fails.
    """
    words = [str(word) for word in command]
    LOCAL.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        result = subprocess.run(
            words,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if result.returncode != 0:
        lines = LOG.read_text(errors="replace").splitlines()[-_SHOWN_LINES:]
        raise CannotStart(
            "\n".join(["", *lines, f"This failed: {' '.join(words)}", f"All it said is in {LOG}."])
        )
