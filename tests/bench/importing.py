"""Speed and memory of the import of a file, beside the bare ceiling.

The import runs in a process of its own, as from the command line, so that its memory can be measured.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from app.access.actions import admit_principal
from app.access.context import ActionContext
from app.access.principal import Grant, Principal
from app.bootstrap.paths import GRID
from app.core.clock import dutch_date
from app.core.collector import settle_collector
from app.core.database import create_write_engine, transaction
from app.core.settings import Settings
from app.files.isolation import open_isolated_source
from app.imports.actions import Submission, record_import
from app.imports.pipeline import ImportOptions, ImportRun, run_import
from app.imports.report import ImportReport, Progress
from app.imports.uploads import Upload
from app.organisations.actions import register_organisation
from app.spatial.crs import add_grid
from tests.bench.import_ceiling import import_bare
from tests.bench.import_file import write_file

OWNER: Final = "Bulkregister"
TARGET: Final = 0.25
MAX_MB: Final = 500

_CODES: Final = """
SELECT code FROM publication.municipality JOIN publication.municipality_edition USING (edition) WHERE in_force
"""


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the seconds of each of its stages, and the maximum memory of its process."""

    stages: dict[str, float]
    peak_mb: float

    @property
    def seconds(self) -> float:
        return sum(self.stages.values())


def compare_imports(url: str, folder: Path, rows: int, console: Console) -> None:
    """Import one file into the bare table, into the register and into the bare table again, and compare.

    The machine's neighbours come and go meanwhile: the ceiling is the mean of before and after.

    It fills the register of this database. Raises: RuntimeError when not every row was written.
    """
    engine = create_write_engine(url, Settings())
    path = folder / "sensors.csv"
    write_file(path, engine, rows, OWNER, dutch_date())
    console.print(f"import: a CSV file of {rows} rows, {path.stat().st_size / 1e6:.0f} MB")
    before = import_bare(engine, path)
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.importing", url, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError("the import failed; what went wrong is said above")
    ours = Import(**json.loads(run.stdout))
    after = import_bare(engine, path)
    engine.dispose()
    _print(console, rows, (before, after), ours)


def _print(console: Console, rows: int, bare: Sequence[dict[str, float]], ours: Import) -> None:
    table = Table(title="Import: seconds of each stage")
    table.add_column("")
    table.add_column("stages")
    for name in ("seconds", "rows/s", "µs a row"):
        table.add_column(name, justify="right")
    for name, stages in (("ceiling", bare[0]), ("import", ours.stages), ("ceiling", bare[1])):
        seconds = sum(stages.values())
        parts = ", ".join(f"{stage} {spent:.1f}" for stage, spent in stages.items())
        table.add_row(name, parts, f"{seconds:.1f}", f"{rows / seconds:.0f}", f"{seconds / rows * 1e6:.0f}")
    console.print(table)
    ceiling = mean(sum(stages.values()) for stages in bare)
    console.print(
        f"share of the ceiling {ceiling / ours.seconds:.0%} (target {TARGET:.0%}), "
        f"memory {ours.peak_mb:.0f} MB (at most {MAX_MB})"
    )


class _Clock:
    """Seconds by stage; each note ends a stage."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._last = time.perf_counter()

    def note(self, stage: str) -> None:
        now = time.perf_counter()
        self.stages[stage] = self.stages.get(stage, 0.0) + now - self._last
        self._last = now


def measure_import(url: str, path: Path) -> Import:
    """Import a file into the register and publish it at once, in this process, and measure it.

    Raises: RuntimeError when a row was refused.
    """
    add_grid(GRID)
    engine = create_write_engine(url, Settings())
    context, options = _admit(engine)
    clock = _Clock()

    def report(progress: Progress) -> None:
        # The report that assessing begins ends the stage of reading.
        clock.note("reading" if progress.stage == "assessing" else progress.stage)

    def confirm(_: ImportReport) -> bool:
        clock.note("assessing")
        return True

    with transaction(engine) as session, path.open("rb") as content, open_isolated_source(path) as source:
        upload = Upload(path.name, path.stat().st_size, "0" * 64, content)
        import_id = record_import(session, Submission(upload, options), principal=None).id
        run = ImportRun(options, import_id, report_progress=report, confirm=confirm)
        outcome = run_import(session, context, source, run)
        if not outcome.applied:
            raise RuntimeError(f"rows were refused: {outcome.totals.most_common(10)}")
        clock.note("announcing")
    clock.note("commit")
    engine.dispose()
    return Import(clock.stages, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _admit(engine: Engine) -> tuple[ActionContext, ImportOptions]:
    """Context of a principal who publishes at once everywhere, and the owner of the sensors."""
    with transaction(engine) as session:
        given = {"name": OWNER, "organisationType": "company", "publicEmail": "info@example.org"}
        owner = register_organisation(session, given, principal_id=None)
        principal_id = admit_principal(session, admitted_by=None, name="An importer")
        codes = session.scalars(text(_CODES)).all()
    grants = frozenset(Grant("editor", owner, code) for code in codes)
    return ActionContext(Principal(principal_id, "An importer", grants), dutch_date()), ImportOptions(
        owner=owner
    )


if __name__ == "__main__":
    # As the commands do.
    settle_collector()
    measured = measure_import(sys.argv[1], Path(sys.argv[2]))
    sys.stdout.write(json.dumps({"stages": measured.stages, "peak_mb": measured.peak_mb}))
