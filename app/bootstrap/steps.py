"""A step of set-up: run when its inputs have changed, reported in one line, with its log on failure."""

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
    """Digest of texts, files and folders of files."""
    digest = hashlib.sha256()
    for part in parts:
        for piece in _list_contents(part) if isinstance(part, Path) else [part.encode()]:
            digest.update(hashlib.sha256(piece).digest())
    return digest.hexdigest()


def _list_contents(path: Path) -> Iterable[bytes]:
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    for file in files:
        yield os.fsencode(file.relative_to(ROOT))
        yield file.read_bytes()


def is_done(name: str, *fingerprints: str) -> bool:
    """Whether the step was finished with one of these fingerprints."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() in fingerprints


def do_step(name: str, title: str, made_from: str, work: Callable[[], None]) -> None:
    """Run the work and store the fingerprint of its inputs; a step that fails is run again next time."""
    stamp = STAMPS / name
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    print(f"{title} …", end="", flush=True)
    started = time.monotonic()
    try:
        work()
    except BaseException:
        print()
        raise
    print(f" {time.monotonic() - started:.0f} s")
    stamp.write_text(made_from)


def run_program(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    """Run a program in the working tree and write its output to the log.

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
            "\n".join(["", *lines, f"This failed: {' '.join(words)}", f"The whole output is in {LOG}."])
        )
