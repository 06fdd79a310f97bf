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


def test_a_file_is_read_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "sensoren.csv"
    file.write_bytes(b"a;b")
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    for path in (file, link):
        assert read_twice(str(path)) == (path, b"a;b", b"a;b")


def test_a_named_pipe_is_kept_meanwhile(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Whoever writes into a pipe waits for its reader.
    writer = Thread(target=pipe.write_bytes, args=(b"a;b" * 100_000,), daemon=True)
    writer.start()
    path, first, second = read_twice(str(pipe))
    writer.join()
    assert first == second == b"a;b" * 100_000
    assert not path.exists()


def test_standard_input_is_kept_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"a;b")))
    path, first, second = read_twice("-")
    assert first == second == b"a;b"
    assert not path.exists()


def test_what_is_not_there_or_a_folder_is_refused_by_its_name(tmp_path: Path) -> None:
    for path, error in ((tmp_path / "nergens.xlsx", FileNotFoundError), (tmp_path, IsADirectoryError)):
        with pytest.raises(error) as refused:
            read_twice(str(path))
        assert refused.value.filename == str(path)
