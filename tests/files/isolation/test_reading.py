"""Files read in a process of their own: what comes through, and what its death, its cost and its caller do."""

import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import shapely
from openpyxl import Workbook

from app.core.errors import InvalidRequest
from app.core.problems import ProblemCode
from app.files.isolation import ProcessLimits, open_isolated_source, processes
from app.files.readers import open_source
from app.files.table import InvalidCell, TableSource
from app.records.layouts import is_known_heading
from tests.support.hostile_files import (
    make_bracket_workbook,
    make_endless_geopackage,
    make_large_parquet,
    make_nested_geopackage,
)
from tests.support.source_files import why_refused
from tests.support.waiting import FAR_SECONDS, not_awaiting, wait_until

LIMITS = ProcessLimits(cpu_seconds=30, wait_seconds=FAR_SECONDS, memory_bytes=200_000_000)
ONE_SECOND = replace(LIMITS, cpu_seconds=1)


def read(source: TableSource) -> list[tuple[object, ...]]:
    return [
        (table.name, table.headings, table.crs, table.is_hidden, [tuple(row) for row in table.rows])
        for table in source.read_tables()
    ]


def find_code(path: Path, limits: ProcessLimits = LIMITS) -> ProblemCode:
    """The code of the problem with which the file is refused, in words of both languages."""
    with pytest.raises(InvalidRequest) as refused, open_isolated_source(path, limits=limits) as source:
        read(source)
    (problem,) = refused.value.problems
    assert problem.detail.nl
    assert problem.detail.en
    return problem.code


def find_readers() -> set[int]:
    """Processes that the fork server and its watchers started, by their number."""
    server = processes._fork_server._process
    if server is None:
        return set()
    parents = {int(stat.parent.name): _read_parent(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
    watchers = {child for child, parent in parents.items() if parent == server.pid}
    return {child for child, parent in parents.items() if parent in watchers}


def _read_parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


# Tables and errors


def test_workbook_read_in_process_equals_workbook_read_here(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ref", "placed", "seen", "height", "open", "failed"])
    for number in range(250):
        seen = datetime(2026, 5, 1, 8, 30)  # noqa: DTZ001 - a workbook has no zones
        sheet.append([f"é{number}", date(2026, 5, 1), seen, 2.5, True, "#N/A"])
        sheet.cell(number + 2, 6).data_type = "e"
    sheet.append(["last", None, None, 42])
    sheet.cell(252, 4).number_format = "00000"
    hidden = book.create_sheet("Lijsten")
    hidden.sheet_state = "hidden"
    hidden.append(["a", "b"])
    hidden.append([1, 2])
    book.save(tmp_path / "book.xlsx")
    with (
        open_source(tmp_path / "book.xlsx", is_heading=is_known_heading) as here,
        open_isolated_source(tmp_path / "book.xlsx", is_heading=is_known_heading) as there,
    ):
        expected = read(here)
        assert read(there) == expected
        assert there.account == here.account
        assert [table.rows for table in there.account.tables] == [251, 1]
        assert (there.format, there.fraction_read) == ("xlsx", 1.0)
    assert expected[0][4][-1][1][3].shown == "00042"  # type: ignore[index]
    assert isinstance(expected[0][4][0][1][5], InvalidCell)  # type: ignore[index]


def test_geometries_come_through_exactly(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(
        '{"type":"FeatureCollection","features":['
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[4.8980003,52.3701]},"properties":{"ref":1}},'
        '{"type":"Feature","geometry":null,"properties":{"ref":[1,"a",{"b":null}]}}]}'
    )
    with open_isolated_source(tmp_path / "a.geojson") as source:
        ((_, _, _, _, rows),) = read(source)
    assert rows == [(1, [1], shapely.Point(4.8980003, 52.3701)), (2, [[1, "a", {"b": None}]], None)]


def test_sheet_that_is_passed_over_is_not_read(tmp_path: Path) -> None:
    """Its rows would refuse the file."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["toelichting"])
    first.append(["x" * 1_000_001])
    second = book.create_sheet("Sensoren")
    second.append(["ref"])
    second.append(["A1"])
    book.save(tmp_path / "book.xlsx")
    with open_isolated_source(tmp_path / "book.xlsx") as source:
        rows = [list(table.rows) for table in source.read_tables() if table.headings == ("ref",)]
    assert [row.cells for row in rows[0]] == [["A1"]]


def test_rows_that_are_left_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ref;name\n" + "A;b\n" * 5_000)
    with open_isolated_source(tmp_path / "a.csv") as source:
        for table in source.read_tables():
            assert next(table.rows).cells == ["A", "b"]
        assert source.fraction_read == 1


def test_refusal_of_reader_comes_through(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('ref;name\nA;"b\n')
    with (
        pytest.raises(InvalidRequest) as refused,
        open_isolated_source(tmp_path / "a.csv") as source,
    ):
        read(source)
    assert refused.value.detail is not None
    assert refused.value.detail.en == why_refused(tmp_path / "a.csv")


def test_missing_file_raises_same_error_as_here(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_isolated_source(tmp_path / "a.csv"):
        pass


# Cost


def test_geopackage_whose_pages_share_children_is_refused(tmp_path: Path) -> None:
    path = make_endless_geopackage(tmp_path / "a.gpkg")
    assert path.stat().st_size < 200_000
    with not_awaiting():
        assert find_code(path, ONE_SECOND) == ProblemCode.FILE_TOO_SLOW


def test_workbook_with_format_of_brackets_ends_within_limit(tmp_path: Path) -> None:
    path = make_bracket_workbook(tmp_path / "a.xlsx")
    assert path.stat().st_size < 2_000
    with (
        not_awaiting(),
        suppress(InvalidRequest),
        open_isolated_source(path, limits=ONE_SECOND) as source,
    ):
        read(source)


def test_parquet_that_declares_much_more_than_it_has_is_refused(tmp_path: Path) -> None:
    path = make_large_parquet(tmp_path / "a.parquet", 20_000_000)
    assert path.stat().st_size < 1_000
    assert find_code(path) == ProblemCode.FILE_NEEDS_MEMORY


@pytest.mark.parametrize("depth", [2, 20, 100_000])
def test_nested_geometry_collection_is_refused(tmp_path: Path, depth: int) -> None:
    """A deep one ends the process by a segmentation fault, a shallow one must not reach the caller."""
    assert find_code(make_nested_geopackage(tmp_path / "a.gpkg", depth)) == ProblemCode.UNREADABLE_FILE


def test_wait_longer_than_limit_is_refused(tmp_path: Path) -> None:
    path = make_endless_geopackage(tmp_path / "a.gpkg")
    limits = ProcessLimits(cpu_seconds=FAR_SECONDS, wait_seconds=0.5)
    assert find_code(path, limits) == ProblemCode.FILE_TOO_SLOW
    wait_until(lambda: not find_readers())


def test_time_of_caller_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(processes, "monotonic", lambda: now[0])
    (tmp_path / "a.csv").write_text("ref;name\n" + "A;b\n" * 500)
    with open_isolated_source(tmp_path / "a.csv", limits=replace(LIMITS, wait_seconds=2)) as source:
        for table in source.read_tables():
            for _ in table.rows:
                now[0] += 1
    assert now[0] > 400


def test_limits_grow_with_size() -> None:
    assert ProcessLimits.of_size(1_000).cpu_seconds < 15
    assert ProcessLimits.of_size(50_000_000).cpu_seconds > 900
    assert ProcessLimits.of_size(10**12).cpu_seconds == 3_600


# End of the reader


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGSEGV, ProblemCode.UNREADABLE_FILE),
        (signal.SIGABRT, ProblemCode.UNREADABLE_FILE),
        (signal.SIGKILL, ProblemCode.FILE_NEEDS_MEMORY),
        (signal.SIGXCPU, ProblemCode.FILE_TOO_SLOW),
    ],
)
def test_death_of_reader_is_refusal(tmp_path: Path, number: int, code: ProblemCode) -> None:
    # The reader of an earlier test ends a moment after its test.
    wait_until(lambda: not find_readers())

    def kill() -> None:
        wait_until(find_readers)
        for reader in find_readers():
            os.kill(reader, number)

    killer = threading.Thread(target=kill)
    killer.start()
    assert find_code(make_endless_geopackage(tmp_path / "a.gpkg"), ProcessLimits(cpu_seconds=30)) == code
    killer.join()


def test_error_of_caller_ends_reader_at_once(tmp_path: Path) -> None:
    path = make_endless_geopackage(tmp_path / "a.gpkg")

    def stop() -> None:
        raise InterruptedError

    with not_awaiting():
        with (
            pytest.raises(InterruptedError),
            open_isolated_source(path, limits=ProcessLimits(cpu_seconds=FAR_SECONDS), on_wait=stop) as source,
        ):
            read(source)
        wait_until(lambda: not find_readers())


def test_file_is_read_after_fork_server_died(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ref;name\nA;b\n")
    for _ in range(2):
        server = processes._fork_server._process
        if server is not None:
            server.kill()
            server.wait()
        with open_isolated_source(tmp_path / "a.csv") as source:
            assert read(source)


def test_reader_has_no_secret_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTER_DATABASE_URL", "postgresql://secret")
    processes._fork_server.end()
    (tmp_path / "a.csv").write_text("ref;name\nA;b\n")
    with open_isolated_source(tmp_path / "a.csv") as source:
        read(source)
    server = processes._fork_server._process
    assert server is not None
    assert "secret" not in Path(f"/proc/{server.pid}/environ").read_text()
