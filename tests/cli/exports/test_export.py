"""`sensor-register export` and `dump` as typed: files, pipes, and what is said when something is wrong."""

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyogrio
import pytest
from typer.testing import CliRunner

from app.cli.command import app
from app.cli.exports.export import read_search
from app.core.settings import get_settings
from tests.cli.test_command import COMMAND
from tests.support.register import SENSORS, fill, open_register


@pytest.fixture(scope="module")
def url(module_database: str) -> str:
    """Sensors over Dam square."""
    with open_register(module_database) as register:
        fill(register)
    return module_database


@pytest.fixture(autouse=True)
def _database(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REGISTER_DATABASE_URL", url)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def export(*words: str) -> tuple[int, bytes, str]:
    """Exit code, standard output and what was said."""
    result = CliRunner().invoke(app, ["export", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout_bytes, result.stderr


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson", "geojsons", "gpkg", "parquet", "fgb"])
def test_export_chooses_format_by_file_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"sensors.{suffix}"
    code, output, said = export("--output", str(path))
    assert (code, output) == (0, b"")
    assert "".join(said.split("\n")).startswith(f"{SENSORS} written to ")
    assert list(tmp_path.iterdir()) == [path]
    if suffix == "xlsx":
        assert openpyxl.load_workbook(path).worksheets[0].max_row == SENSORS + 1
    elif suffix == "parquet":
        assert path.read_bytes()[:4] == b"PAR1"
    else:
        assert pyogrio.read_info(path, force_feature_count=True)["features"] == SENSORS


def test_export_without_file_writes_standard_output() -> None:
    code, output, said = export("--municipality", "Amsterdam", "--type", "optical_camera")
    assert code == 0
    (line,) = csv.DictReader(io.StringIO(output.decode(), newline=""))
    assert line["sensorType"] == "optical_camera"
    assert said == "1 written\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--filter", "heightM > 1 AND openData = true"), {"sensor-06", "sensor-09"}),
        (("--search", "openData=true", "--search", "properties=reference"), None),
        (("--bbox", "4.8790,52.3690,4.8810,52.3710"), {"sensor-00"}),
        (("--owner", "GM0363", "--type", "optical_camera"), {"camera-001"}),
        (
            ("--owner", "Gemeente Amsterdam", "--search", "near=4.88,52.37", "--search", "radius=10"),
            {"sensor-00"},
        ),
    ],
)
def test_export_with_search_writes_matching_sensors(
    words: tuple[str, ...], expected: set[str] | None
) -> None:
    code, output, said = export("--format", "geojson", *words)
    assert code == 0, said
    features = json.loads(output)["features"]
    references = {feature["properties"]["reference"] for feature in features}
    if expected is None:
        assert references == {f"sensor-{number:02}" for number in range(0, SENSORS - 1, 3)}
        assert all(set(feature["properties"]) == {"reference"} for feature in features)
    else:
        assert references == expected


def test_export_of_observed_areas() -> None:
    code, output, _ = export("--collection", "observed-areas", "--format", "geojson")
    (feature,) = json.loads(output)["features"]
    assert (code, feature["geometry"]["type"]) == (0, "MultiPolygon")


def test_export_without_matches_writes_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "none.geojson"
    assert export("--municipality", "Eindhoven", "--output", str(path))[0] == 0
    assert json.loads(path.read_text())["features"] == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson", "gpkg", "parquet"])
def test_export_registrations_writes_owner_table(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"own.{suffix}"
    code, _, said = export("--registrations", "--owner", "GM0363", "--lang", "nl", "--output", str(path))
    assert code == 0, said
    assert f"{SENSORS} geschreven" in said
    if suffix == "csv":
        with path.open(newline="", encoding="utf-8-sig") as lines:
            assert {"Referentie", "Geplaatst vanaf"} < set(next(csv.reader(lines, delimiter=";")))


def test_export_with_wrong_search_reports_all_problems() -> None:
    code, output, said = export("--municipality", "Amsterdm", "--bbox", "1,2", "--search", "colour=red")
    assert (code, output) == (1, b"")
    for name in ("municipality:", "bbox:", "colour:", "GM0363"):
        assert name in said


def test_failed_export_leaves_older_file(tmp_path: Path) -> None:
    path = tmp_path / "sensors.csv"
    path.write_text("older")
    assert export("--filter", "colour = 'red'", "--output", str(path))[0] == 1
    assert [one.read_text() for one in tmp_path.iterdir()] == ["older"]


def test_export_of_unknown_organisation_is_refused() -> None:
    code, _, said = export("--owner", "Gemeente Nergenshuizen")
    assert code == 1
    assert "Nergenshuizen" in said


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "pdf"),
        ("--output", "sensors.doc"),
        ("--output", "/nowhere/at/all/sensors.csv"),
        ("--registrations",),
        ("--registrations", "--owner", "GM0363", "--municipality", "Amsterdam"),
        ("--registrations", "--owner", "GM0363", "--format", "fgb"),
        ("--lang", "fr"),
        ("--collection", "municipalities"),
        ("--search", "nothing"),
        ("--search", "q=a", "--search", "q=b"),
    ],
)
def test_wrong_export_command_exits_with_2(words: tuple[str, ...]) -> None:
    code, output, said = export(*words)
    assert (code, output) == (2, b"")
    assert "Error" in said


def test_read_search_splits_at_first_equals_sign() -> None:
    assert read_search(["filter=name = 'a=b'", "q="]) == {"filter": "name = 'a=b'", "q": ""}


@pytest.mark.slow
def test_export_into_pipe() -> None:
    command = f"{COMMAND} export --format geojson | ogrinfo -al -so /vsistdin/"
    finished = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert f"Feature Count: {SENSORS}" in finished.stdout


def test_export_into_closed_pipe_exits_quietly() -> None:
    command = f"{COMMAND} export --search limit=5 | head -1"
    finished = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert finished.stdout.startswith('"id","longitude"')
    assert "Traceback" not in finished.stderr


def test_dump_is_written_and_verified(tmp_path: Path) -> None:
    folder = str(tmp_path / "dump")
    runner = CliRunner()
    written = runner.invoke(app, ["dump", folder])
    assert written.exit_code == 0, written.output
    assert "sensors.parquet" in written.stdout
    assert runner.invoke(app, ["dump", "--verify", folder]).exit_code == 0
    assert runner.invoke(app, ["dump", folder]).exit_code == 1
    (tmp_path / "dump" / "changes.csv").write_text("")
    checked = runner.invoke(app, ["dump", "--verify", folder])
    assert checked.exit_code == 1
    assert "changes.csv is not what it was" in checked.stderr
    assert runner.invoke(app, ["dump", "--verify", str(tmp_path / "none")]).exit_code == 2
