"""`sensor-register municipalities`: loading and listing editions of the municipal boundaries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from app.bootstrap.paths import GRID, ROOT
from app.cli.database import console, use_session
from app.cli.error_messages import explain_problems
from app.cli.language import both, current_language, t
from app.core.i18n import LocalizedText
from app.municipalities.approximation import load_approximate_edition
from app.municipalities.downloads import DownloadOptions, ReportDownload
from app.municipalities.edition_sources import OFFICIAL_SOURCE
from app.municipalities.editions import EditionReport, LoadOptions, ReassignReport, load_edition
from app.municipalities.queries import list_editions
from app.sensors.publication.republish import reassign_municipalities
from app.spatial.crs import add_grid

PACKAGES = ROOT / "node_modules"
"""Where the two npm packages lie of which approximate boundaries are made."""

municipality_commands = typer.Typer(
    help=both("Gemeentegrenzen, per jaar een uitgave.", "Municipal boundaries, one edition a year."),
    no_args_is_help=True,
)

_STAGES = {
    "read": LocalizedText("De bron wordt gelezen", "Reading the source"),
    "receive": LocalizedText("Ontvangen (kB)", "Receiving (kB)"),
    "pages": LocalizedText("Bladzijde voor bladzijde gelezen", "Reading page by page"),
    "check": LocalizedText("De grenzen worden gecontroleerd", "Checking the boundaries"),
    "compare": LocalizedText("Vergeleken met de geladen uitgave", "Comparing with the loaded edition"),
    "approximate": LocalizedText(
        "De dichtstbijzijnde plaatsen worden bepaald", "Working out the nearest places"
    ),
    "store": LocalizedText("De uitgave wordt bewaard", "Storing the edition"),
    "reassign": LocalizedText("De sensoren worden opnieuw ingedeeld", "Re-assigning the sensors"),
}

Year = Annotated[
    int,
    typer.Option(
        "--edition", help=both("Het jaar van de grenzen.", "The year of the boundaries."), min=1900, max=2100
    ),
]
EditionSourceArgument = Annotated[
    str,
    typer.Argument(
        help=both(
            "GeoJSON of GeoPackage, pad of URL, of de items-URL van een OGC API Features.",
            "GeoJSON or GeoPackage, path or URL, or an OGC API Features items URL.",
        )
    ),
]
Attribution = Annotated[
    str | None,
    typer.Option(
        help=both(
            "De bron om te noemen, in plaats van Kadaster en CBS.",
            "Source to credit, instead of Kadaster and CBS.",
        )
    ),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force",
        help=both(
            "Laad de grenzen ook als ze verschoven lijken.", "Load the boundaries even if they seem shifted."
        ),
    ),
]

AllowPrivate = Annotated[
    bool,
    typer.Option(
        "--allow-private",
        help=both("Sta servers in uw eigen netwerk toe.", "Allow servers inside your own network."),
    ),
]


@municipality_commands.command(
    "load",
    help=both(
        """Laad de grenzen van een jaar, in WGS 84 of RD, en deel elke sensor opnieuw bij een gemeente in.

        Het lukt in één keer of er verandert niets; het kan opnieuw. Bijvoorbeeld: sensor-register municipalities load
        --edition 2026
        """,
        """Load a year's boundaries, in WGS 84 or RD, and assign every sensor to its municipality again.

        It succeeds as a whole or changes nothing; it can be repeated. For example: sensor-register municipalities load
        --edition 2026
        """,
    ),
)
def load(
    edition: Year,
    source: EditionSourceArgument = OFFICIAL_SOURCE,
    *,
    attribution: Attribution = None,
    force: Force = False,
    allow_private: AllowPrivate = False,
) -> None:
    """Load a year's boundaries, in WGS 84 or RD, and assign every sensor to its municipality again.

    It succeeds as a whole or changes nothing; it can be repeated.
    """
    with explain_problems(), show_loading() as report_progress, use_session() as session:
        add_grid(GRID)
        report = load_edition(
            session,
            source,
            edition,
            LoadOptions(
                force=force,
                attribution=attribution,
                reassign=reassign_municipalities,
                packages=PACKAGES,
                report_progress=report_progress,
                download=DownloadOptions(allow_private=allow_private),
            ),
        )
    print_report(report)


@municipality_commands.command(
    "approximate",
    help=both(
        "Maak grenzen bij benadering van de dichtstbijzijnde plaats, voor waar de officiële niet te halen zijn.",
        "Make approximate boundaries from the nearest place, for use where the official ones cannot be fetched.",
    ),
)
def approximate() -> None:
    """Make approximate boundaries from the nearest place, for use where the official ones cannot be fetched."""
    with explain_problems(), show_loading() as report_progress, use_session() as session:
        add_grid(GRID)
        options = LoadOptions(reassign=reassign_municipalities, report_progress=report_progress)
        report = load_approximate_edition(session, PACKAGES, datetime.now(UTC).year, options)
    print_report(report)


@municipality_commands.command(
    "list",
    help=both(
        "Toon de geladen uitgaven, en welke geldt.",
        "Show the loaded editions, and which one is in force.",
    ),
)
def print_editions() -> None:
    """Show the loaded editions, and which one is in force."""
    with use_session() as session:
        editions = list_editions(session)
    table = Table(
        t("uitgave", "edition"),
        t("geldt", "in force"),
        t("soort", "kind"),
        t("geladen", "loaded"),
        t("bron", "source"),
        t("bronvermelding", "attribution"),
    )
    for edition in editions:
        table.add_row(
            str(edition.edition),
            t("ja", "yes") if edition.in_force else "",
            t("bij benadering", "approximate") if edition.approximate else t("echt", "real"),
            f"{edition.loaded_at:%Y-%m-%d %H:%M} UTC",
            escape(edition.source),
            escape(edition.attribution),
        )
    console.print(
        table
        if editions
        else t("Er zijn geen gemeentegrenzen geladen.", "No municipal boundaries are loaded.")
    )


@contextmanager
def show_loading() -> Iterator[ReportDownload]:
    """One line that says what is being done; a bar where it is known how much there is."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), transient=True
    ) as progress:
        task = progress.add_task(_STAGES["read"].render(current_language()), total=None)
        yield lambda stage, done, total: progress.update(
            task, description=_STAGES[stage].render(current_language()), completed=done, total=total
        )


def print_report(report: EditionReport) -> None:
    """Say what was loaded, what was repaired, who ended and began, and which sensors moved."""
    kind = (
        t("uitgave bij benadering", "approximate edition") if report.approximate else t("uitgave", "edition")
    )
    console.print(
        t(
            f"Geladen: {kind} {report.edition}, {report.municipalities} gemeenten.",
            f"Loaded {kind} {report.edition}: {report.municipalities} municipalities.",
        )
    )
    if report.in_force != report.edition:
        console.print(
            t(
                f"Uitgave {report.in_force} blijft gelden: die is nieuwer.",
                f"Edition {report.in_force} stays in force: it is newer.",
            )
        )
    if report.approximate:
        console.print(
            t(
                "Deze grenzen zijn niet officieel: de dichtstbijzijnde plaats beslist. "
                f"Vervang ze met `sensor-register municipalities load --edition {report.edition}`.",
                "These boundaries are not official: the nearest place decides. "
                f"Replace them by `sensor-register municipalities load --edition {report.edition}`.",
            ),
            style="yellow",
        )
    elif report.shift is None:
        console.print(
            t(
                "Of de uitgave verschoven ligt, is niet te controleren: er was niets geladen om mee te vergelijken.",
                "Whether it lies shifted could not be checked: nothing comparable was loaded.",
            )
        )
    else:
        console.print(
            t(
                f"De uitgave ligt {report.shift.in_words.nl} van de geladen uitgave.",
                f"Compared with the loaded edition it lies {report.shift.in_words.en}.",
            )
        )
    for repair in report.repairs:
        console.print(t(f"Hersteld: {escape(repair)}", f"Repaired {escape(repair)}"), style="yellow")
    if report.ended:
        console.print(
            t("Vervallen sinds de vorige uitgave", "No more since the edition before")
            + f": {', '.join(report.ended)}"
        )
    if report.begun:
        console.print(
            t("Nieuw sinds de vorige uitgave", "New since the edition before")
            + f": {', '.join(report.begun)}"
        )
    if report.reassigned:
        _print_moves(report.reassigned)


def _print_moves(reassigned: ReassignReport) -> None:
    console.print(
        t(
            f"{reassigned.checked} sensoren bekeken; {reassigned.moved} kregen een andere gemeente.",
            f"Looked at {reassigned.checked} sensors; {reassigned.moved} moved.",
        )
    )
    for move in reassigned.moves:
        nowhere = t("nergens", "nowhere")
        console.print(f"  {move.public_code}: {move.from_code or nowhere} → {move.to_code or nowhere}")
    if left_out := reassigned.moved - len(reassigned.moves):
        console.print(t(f"  en nog {left_out}", f"  and {left_out} more"))
