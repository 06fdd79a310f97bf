"""Uploads and downloads while the folder for temporary files is full or cannot be written: a 503 with the reason."""

import errno
import sqlite3
import subprocess
import sys
import tempfile
from os import geteuid
from pathlib import Path

import pytest

from app.bootstrap.paths import ROOT
from app.core.app_state import get_app_state
from app.core.temporary_files import translate_storage_error
from app.files.file_cache import get_file_cache
from app.imports import uploads
from tests.support.import_client import open_import_client
from tests.support.register import Register

NOT_WRITABLE = "/proc/self"
"""A folder in which no user, root neither, can create a file."""

FULL = Path("/dev/full")
"""A device that is always full."""


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_error_of_storage_is_unavailable(number: int) -> None:
    translated = translate_storage_error(OSError(number, "reason"))
    assert translated is not None
    assert translated.status == 503


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ECONNRESET, "reset"), PermissionError(13, "no", "/etc/shadow"), sqlite3.Error("x")],
)
def test_other_errors_are_not_of_storage(error: Exception) -> None:
    assert translate_storage_error(error) is None


def test_upload_to_a_full_folder_is_refused_with_the_reason(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_import_client(fresh_database) as client:
        monkeypatch.setattr(uploads, "TemporaryFile", lambda **_: FULL.open("wb"))
        answer = client.upload(b"x" * 100_000)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "disk space" in answer.json()["detail"] or "schijfruimte" in answer.json()["detail"]


def test_files_in_a_folder_that_is_not_writable_are_refused_with_the_reason(
    filled: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", NOT_WRITABLE)
    cache = get_file_cache(get_app_state(filled.client.app))  # type: ignore[arg-type]
    monkeypatch.setattr(cache, "_folder", Path(NOT_WRITABLE, "files"))
    client, english = filled.client, {"Accept-Language": "en"}
    answers = [
        client.get(f"/v1/collections/sensors/items?f={name}{limit}", headers=english)
        for name in ("xlsx", "geopackage", "flatgeobuf", "geoparquet")
        for limit in ("", "&limit=100000")
    ]
    answers.append(client.get("/v1/exports", headers=filled.officer | english))
    answers.append(client.post("/v1/imports", content=b"reference\n1\n", headers=filled.officer | english))
    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert "cannot write temporary files" in answer.json()["detail"]
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["status"] == "warn"
    check = ready.json()["checks"]["temporaryFiles"]
    assert check["status"] == "warn"
    assert "cannot write temporary files" in check["found"]


@pytest.mark.slow
def test_files_in_a_full_folder_are_refused_with_the_reason(tmp_path: Path) -> None:
    """Use a file system of 1 MB, which another user than root mounts in a namespace of their own."""
    as_root = [] if geteuid() == 0 else ["--map-root-user"]
    mount = f"mount -t tmpfs -o size=1m tmpfs {tmp_path}"
    script = f"{mount} && exec {sys.executable} -m tests.support.full_folder {tmp_path}"
    result = subprocess.run(
        ["unshare", *as_root, "--mount", "sh", "-c", script],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.stdout.splitlines() == [
        "xlsx 503 no disk space",
        "flatgeobuf 503 no disk space",
        "geopackage 503 no disk space",
        "readiness no disk space",
    ], result.stderr
