"""Steps of set-up run once for their inputs, and show their log when they fail."""

from pathlib import Path

import pytest

from app.bootstrap import steps
from app.bootstrap.cannot_start import CannotStart


@pytest.fixture(autouse=True)
def _temporary_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the folders of set-up by folders of the test."""
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "LOCAL", tmp_path / "local")
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "local" / "stamps")
    monkeypatch.setattr(steps, "LOG", tmp_path / "local" / "setup.log")


def test_fingerprint_changes_with_text_file_and_folder(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    file = folder / "a"
    file.write_text("1")
    seen = {steps.fingerprint("x", folder), steps.fingerprint("y", folder)}
    file.write_text("2")
    seen.add(steps.fingerprint("x", folder))
    file.rename(folder / "b")
    seen.add(steps.fingerprint("x", folder))
    assert len(seen) == 4


def test_step_is_done_for_its_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    steps.do_step("grid", "Building", "one", lambda: None)
    assert steps.is_done("grid", "one")
    assert not steps.is_done("grid", "two")
    assert steps.is_done("grid", "two", "one")
    assert capsys.readouterr().out.startswith("Building … 0 s")


def test_failing_step_is_not_done_and_shows_its_log() -> None:
    steps.do_step("grid", "Building", "one", lambda: None)
    with pytest.raises(CannotStart, match=r"no such thing\nThis failed: sh -c"):
        steps.do_step(
            "grid", "Building", "one", lambda: steps.run_program(["sh", "-c", "echo no such thing; exit 3"])
        )
    assert not steps.is_done("grid", "one")
