"""Files, pipes and standard input, as an import takes them."""

import os
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from threading import Thread

import pytest

from app.cli.imports.input_files import open_input_file


def read_twice(file: str) -> tuple[Path, bytes, bytes]:
    with open_input_file(file) as path:
        return path, path.read_bytes(), path.read_bytes()


def test_open_input_file_of_regular_file_makes_no_copy(tmp_path: Path) -> None:
    file = tmp_path / "sensoren.csv"
    file.write_bytes(b"a;b")
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    for path in (file, link):
        assert read_twice(str(path)) == (path, b"a;b", b"a;b")


def test_open_input_file_copies_named_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # The writer of a pipe waits for its reader.
    writer = Thread(target=pipe.write_bytes, args=(b"a;b" * 100_000,), daemon=True)
    writer.start()
    path, first, second = read_twice(str(pipe))
    writer.join()
    assert first == second == b"a;b" * 100_000
    assert not path.exists()


def test_open_input_file_copies_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"a;b")))
    path, first, second = read_twice("-")
    assert first == second == b"a;b"
    assert not path.exists()


def test_open_input_file_of_missing_file_or_folder_is_refused(tmp_path: Path) -> None:
    for path, error in ((tmp_path / "nergens.xlsx", FileNotFoundError), (tmp_path, IsADirectoryError)):
        with pytest.raises(error) as refused:
            read_twice(str(path))
        assert refused.value.filename == str(path)
