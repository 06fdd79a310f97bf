"""A complete dump: all that is public and nothing else, of one moment, with sums that check."""

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import geoparquet_validator
import psycopg
import pyarrow.parquet as pq
import pytest
import shapely

from app.core.clock import dutch_date
from app.core.errors import Conflict
from app.exports.dump.verify import check_dump
from app.exports.dump.write import dump_register
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera

FILES = {
    "sensors.parquet",
    "sensor-versions.parquet",
    "areas.parquet",
    "municipalities.parquet",
    "organisations.csv",
    "vocabularies.csv",
    "changes.csv",
}


def change(register: Register, sensor: dict[str, Any], path: str = "", **fields: Any) -> None:
    here = f"/v1/sensors/{sensor['id']}"
    etag = register.client.get(here, headers=register.officer).headers["etag"]
    headers = {**register.officer, "If-Match": etag}
    if path:
        answer = register.client.post(here + path, json=fields, headers=headers)
    else:
        answer = register.client.patch(here, json=fields, headers=headers)
    assert answer.status_code == 200, answer.text


def fill(register: Register) -> None:
    """A camera, one that was changed, one that is gone, one that is not public, one whose place is coarse."""
    today = make_today_record()
    register.post(make_camera(placedFrom=today["placedFrom"], activeUntil=today["activeUntil"]))
    changed = register.register(reference="veranderd", name="Eerst")
    change(register, changed, name="Later")
    gone = register.register(reference="weg")
    change(register, gone, "/removal", removedOn=dutch_date().isoformat())
    hidden = {"visibilityReason": "Anders gaat het stuk."}
    register.register(reference="geheim", visibility="internal", **hidden)
    register.register(reference="grof", visibility="generalised", **hidden)


@pytest.fixture(scope="module")
def url(module_database: str) -> str:
    with open_register(module_database) as register:
        fill(register)
    return module_database


@pytest.fixture(scope="module")
def dumped(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps") / "dump"
    dump_register(url, folder, as_reader=True, schema_version="0012")
    return folder


@pytest.fixture
def dump(dumped: Path, tmp_path: Path) -> Path:
    """One to spoil."""
    return Path(shutil.copytree(dumped, tmp_path / "dump"))


def read_rows(dump: Path, name: str) -> list[dict[str, Any]]:
    path = dump / name
    if path.suffix == ".csv":
        with path.open(newline="") as lines:
            return list(csv.DictReader(lines))
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_checksums_pass_sha256sum(dump: Path) -> None:
    finished = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=dump,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert len(finished.stdout.splitlines()) == len(FILES) + 1


def test_manifest_describes_files(dump: Path) -> None:
    manifest = json.loads((dump / "manifest.json").read_text())
    assert {one["name"] for one in manifest["files"]} == FILES
    assert {path.name for path in dump.iterdir()} == FILES | {"manifest.json", "SHA256SUMS"}
    assert manifest["changeNumber"] == 6
    assert manifest["statusOn"] == dutch_date().isoformat()
    assert manifest["schemaVersion"] == "0012"
    for one in manifest["files"]:
        assert one["rows"] == len(read_rows(dump, one["name"]))
        assert one["sizeBytes"] == (dump / one["name"]).stat().st_size
        assert one["title"]["nl"] != one["title"]["en"]


def test_dump_has_public_sensors_only(dump: Path) -> None:
    rows = read_rows(dump, "sensors.parquet")
    status = {row["publicCode"]: row["operationalStatus"] for row in rows}
    assert sorted(status.values()) == ["active", "active", "active", "removed"]
    assert {row["reference"] for row in rows} == {"camera-001", "veranderd", "weg", None}
    assert all(shapely.from_wkb(row["geometry"]).geom_type == "Point" for row in rows)


def test_dump_has_complete_history(dump: Path) -> None:
    rows = [row for row in read_rows(dump, "sensor-versions.parquet") if row["reference"] == "veranderd"]
    assert [(row["version"], row["name"]) for row in rows] == [(1, "Eerst"), (2, "Later")]
    assert rows[0]["validUntil"] == rows[1]["validFrom"] > rows[0]["validFrom"]
    assert rows[1]["validUntil"] is None
    # The status that the dates give today was not published then.
    assert "operationalStatus" not in rows[0]


def test_dump_has_areas_municipalities_and_lists(dump: Path) -> None:
    (area,) = read_rows(dump, "areas.parquet")
    assert (area["areaKind"], area["version"]) == ("observed", 1)
    assert shapely.from_wkb(area["geometry"]).geom_type == "MultiPolygon"
    municipalities = read_rows(dump, "municipalities.parquet")
    assert [row["code"] for row in municipalities] == ["GM0344", "GM0363", "GM0518", "GM0599", "GM0772"]
    organisations = read_rows(dump, "organisations.csv")
    assert {row["name"] for row in organisations} == {"Gemeente Amsterdam", "Meetbedrijf BV"}
    terms = read_rows(dump, "vocabularies.csv")
    assert {"sensorType", "themes"} < {row["vocabulary"] for row in terms}
    changes = read_rows(dump, "changes.csv")
    assert [int(row["number"]) for row in changes] == [1, 2, 3, 4, 5, 6]


def test_dump_has_no_private_values(dump: Path) -> None:
    for path in dump.iterdir():
        if path.suffix == ".parquet":
            text = json.dumps(pq.read_table(path).to_pylist(), default=str)
        else:
            text = path.read_text()
        assert "geheim" not in text
        assert "grof" not in text


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.endswith(".parquet")))
def test_dump_geoparquet_is_valid(dump: Path, name: str) -> None:
    report = geoparquet_validator.check(str(dump / name))
    assert [one for one in geoparquet_validator.failed(report) if "/core/" in str(one)] == []


def test_dump_is_one_snapshot(url: str, tmp_path: Path) -> None:
    """A change that is made while it is written is in none of its files."""

    def interfere(name: str, _: int) -> None:
        if name == "sensors.parquet":
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(
                    "INSERT INTO publication.change SELECT max(number) + 1, gen_random_uuid(), 'amended', now()"
                    " FROM publication.change"
                )

    manifest = dump_register(url, tmp_path / "dump", as_reader=True, schema_version=None, report=interfere)
    try:
        assert len(read_rows(tmp_path / "dump", "changes.csv")) == manifest["changeNumber"] == 6
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DELETE FROM publication.change WHERE number > 6")


def test_interrupted_dump_leaves_nothing(url: str, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(name: str, _: int) -> None:
        if name == "changes.csv":
            raise Stopped

    with pytest.raises(Stopped):
        dump_register(url, tmp_path / "dump", as_reader=True, schema_version=None, report=stop)
    assert list(tmp_path.iterdir()) == []


def test_dump_into_filled_folder_is_refused(url: str, dump: Path) -> None:
    with pytest.raises(Conflict):
        dump_register(url, dump, as_reader=True, schema_version=None)
    assert check_dump(dump) == []


def test_verify_of_complete_dump_has_no_problems(dump: Path) -> None:
    assert check_dump(dump) == []


def test_verify_finds_each_kind_of_damage(dump: Path) -> None:
    (dump / "changes.csv").write_text((dump / "changes.csv").read_text() + "7,x,y,z\n")
    (dump / "areas.parquet").unlink()
    (dump / "extra.txt").write_text("?")
    problems = " ".join(problem.en for problem in check_dump(dump))
    assert "changes.csv is not what it was" in problems
    assert "changes.csv has" in problems
    assert "areas.parquet is missing" in problems
    assert "extra.txt does not belong there" in problems
    (dump / "SHA256SUMS").unlink()
    assert [problem.en for problem in check_dump(dump)] == ["SHA256SUMS is missing or empty."]


def test_verify_finds_unreadable_manifest(dump: Path) -> None:
    (dump / "manifest.json").write_text("{")
    assert any("cannot be read" in problem.en for problem in check_dump(dump))
