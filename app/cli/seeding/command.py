"""`sensor-register seed`, and the same at the start of `make run`."""

from typing import Annotated, Final

import typer

from app.bootstrap.paths import GRID
from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.cli.language import both, current_language, t
from app.cli.progress import show_progress
from app.cli.seeding.actions import SeedReport, seed_register
from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.core.settings import get_settings
from app.spatial.crs import add_grid

SEEDING: Final = LocalizedText("Sensoren worden toegevoegd", "Adding sensors")


def seed(
    *,
    stations_only: Annotated[
        bool,
        typer.Option(
            "--stations-only",
            help=both(
                "De echte weerstations, zonder verzonnen sensoren.",
                "The real weather stations, without invented sensors.",
            ),
        ),
    ] = False,
) -> None:
    """Add the weather stations of the KNMI and example sensors; repeating it adds nothing."""
    with (
        explain_problems(),
        show_progress(SEEDING.render(current_language())) as report_progress,
        use_session() as session,
    ):
        add_grid(GRID)
        report = seed_register(
            session,
            dutch_date(),
            get_settings(),
            stations_only=stations_only,
            report_progress=report_progress,
        )
    print_seeding(report)


def print_seeding(report: SeedReport) -> None:
    """Say what was added, and what was not and why."""
    if report.stations or report.examples:
        console.print(
            t(
                f"Toegevoegd: {report.stations} weerstations en {report.examples} voorbeelden.",
                f"Added {report.stations} weather stations and {report.examples} examples.",
            )
        )
    else:
        console.print(
            t(
                "Niets toe te voegen: de weerstations en de voorbeelden zijn er al.",
                "Nothing to add: the weather stations and the examples are there.",
            )
        )
    if report.left_out:
        console.print(
            t(
                f"Weggelaten: {report.left_out} voorbeelden, van gemeenten die echt meedoen.",
                f"Left out {report.left_out} examples, of municipalities that are registered for real.",
            ),
            style="yellow",
        )
