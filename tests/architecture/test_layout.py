"""Tests mirror the code, and a file name occurs at most twice."""

from collections import Counter
from pathlib import Path

from app.bootstrap.paths import ROOT

APP, TESTS = ROOT / "app", ROOT / "tests"

OUTSIDE_THE_MIRROR = {"architecture", "bench", "clients", "journeys", "lighthouse", "standards", "support"}
"""Folders of tests that concern the application as a whole."""

PLACES_OF_HELPERS = {"architecture", "bench", "clients", "lighthouse", "support"}

AGREED_NAMES = {
    # One in each slice.
    "__init__", "actions", "queries", "routes", "schemas", "tables",
    # A reader, a writer and an annotator of each file format.
    "csv", "geojson", "geopackage", "parquet", "xlsx", "xlsx_sheet",
}  # fmt: skip
MAX_FILES_OF_ONE_NAME = 2


def list_modules() -> list[Path]:
    return [path.relative_to(APP) for path in APP.rglob("*.py") if "static" not in path.parts]


def test_each_test_file_is_named_after_a_module() -> None:
    """`tests/a/test_b_aspect.py` tests `app/a/b.py`."""
    modules = {path.with_suffix("").as_posix() for path in list_modules()}
    lost = []
    for path in TESTS.rglob("test_*.py"):
        place = path.relative_to(TESTS)
        if place.parts[0] in OUTSIDE_THE_MIRROR:
            continue
        words = place.stem.removeprefix("test_").split("_")
        names = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
        if not any((place.parent / name).as_posix() in modules for name in names):
            lost.append(place.as_posix())
    assert lost == []


def test_each_folder_of_tests_is_a_package() -> None:
    packages = {path.parent.as_posix() for path in list_modules()}
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    assert [
        folder.as_posix()
        for folder in folders
        if folder.parts and folder.parts[0] not in OUTSIDE_THE_MIRROR and folder.as_posix() not in packages
    ] == []


def test_helpers_of_tests_live_in_support() -> None:
    helpers = [
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("*.py")
        if path.name not in ("__init__.py", "conftest.py") and not path.name.startswith("test_")
    ]
    outside = [
        name
        for name in helpers
        if name.split("/")[0] not in ("architecture", "bench", "clients", "lighthouse", "support")
    ]
    assert outside == []


def test_no_file_name_occurs_more_than_twice() -> None:
    counts = Counter(path.stem for path in list_modules() if path.stem not in AGREED_NAMES)
    assert {name: count for name, count in counts.items() if count > MAX_FILES_OF_ONE_NAME} == {}
