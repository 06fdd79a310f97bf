"""`sensor-register harvest`: import the sensors of another register by a mapping."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from app.bootstrap.paths import GRID
from app.cli.database import console, use_engine
from app.cli.error_messages import errors, explain_problems
from app.cli.imports.confirmation import ImportOutcome, commit_or_roll_back, import_in_transaction
from app.cli.imports.import_report import conclude, print_import_report, show_import
from app.cli.imports.options import Complete, DryRun, OnBehalf, ValidRows, Yes
from app.cli.imports.principal import act_for
from app.cli.language import both, current_language, t
from app.cli.progress import show_progress
from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.errors import InvalidRequest
from app.core.i18n import Language, LocalizedText
from app.core.settings import get_settings
from app.harvests.examples import read_example
from app.harvests.item_reader import HarvestReader
from app.harvests.paging import SourcePage
from app.harvests.prepare import Harvest, open_harvest_client, prepare_harvest
from app.harvests.spool import spool_pages
from app.imports.actions import Submission, record_import
from app.imports.pipeline import Confirm, ImportOptions, ImportRun, import_records
from app.imports.report import Progress
from app.imports.uploads import Upload
from app.organisations.queries import choose_organisation
from app.spatial.crs import add_grid


class Example(StrEnum):
    OGC = "ogc"
    SENSORTHINGS = "sensorthings"


MappingFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="MAPPING.toml",
        help=both(
            "Bestand dat de bron noemt, en waar elk veld vandaan komt.",
            "File that names the source and where each field comes from.",
        ),
    ),
]
PrintExample = Annotated[
    Example | None,
    typer.Option(
        "--example",
        help=both(
            "Toon een voorbeeld met uitleg, om over te nemen en te wijzigen.",
            "Print a mapping with explanations, to copy and change.",
        ),
    ),
]
HarvestOwner = Annotated[
    str | None,
    typer.Option(
        help=both(
            "Eigenaar van de sensoren, in plaats van die in het bestand: id, code of hele naam.",
            "Owner of the sensors, instead of the owner in the mapping: id, code or full name.",
        )
    ),
]
AllowPrivate = Annotated[
    bool,
    typer.Option(
        "--allow-private",
        help=both("Sta servers in uw eigen netwerk toe.", "Allow servers inside your own network."),
    ),
]


def harvest(  # noqa: PLR0913 - the options of a command
    mapping: MappingFile = None,
    *,
    example: PrintExample = None,
    owner: HarvestOwner = None,
    on_behalf: OnBehalf = None,
    dry_run: DryRun = False,
    valid_rows: ValidRows = False,
    complete: Complete = False,
    yes: Yes = False,
    allow_private: AllowPrivate = False,
) -> None:
    """Import the sensors of an OGC API Features collection or a SensorThings server. It can be repeated.

    Exit code: 0 where every sensor is valid, 1 where sensors are refused or the source returns no usable answer,
    2 where the command is wrong.
    """
    lang = current_language()
    if example is not None:
        typer.echo(read_example(example.value), nl=False)
        return
    if mapping is None:
        raise typer.BadParameter(
            t(
                "Noem een bestand met de bron; --example ogc en --example sensorthings tonen er een.",
                "Name a mapping file; --example ogc and --example sensorthings print one.",
            )
        )
    settings = get_settings()
    add_grid(GRID)
    with explain_problems(lang):
        content = mapping.read_bytes()
    with explain_problems(lang), use_engine(settings) as engine:
        with transaction(engine) as session:
            prepared = prepare_harvest(
                session, _read_text(content), owner=owner, language=lang, today=dutch_date()
            )
            owners = (prepared.owner, choose_organisation(session, on_behalf) if on_behalf else None)
            organisations = [one for one in owners if one is not None]
        if not organisations:
            raise typer.BadParameter(
                t(
                    "--as is nodig als de eigenaar per sensor uit de bron komt.",
                    "--as is needed where the mapping reads the owner from each item.",
                )
            )
        options = ImportOptions(
            prepared.owner, "valid_rows" if valid_rows else "all", complete, language=lang
        )
        if complete and options.owner is None:
            raise typer.BadParameter(
                t(
                    "--complete vraagt --owner: van wie zijn de sensoren van de bron?",
                    "--complete needs --owner: whose sensors does the source hold?",
                )
            )
        with _fetch_pages(prepared, allow_private=allow_private, lang=lang) as pages:

            def run_once(confirm: Confirm) -> ImportOutcome:
                with transaction(engine) as session, show_import(errors, lang) as progress:
                    reader = HarvestReader(pages, prepared.mapping, prepared.context, is_whole=complete)
                    context = act_for(session, settings, *organisations)
                    import_id = None if dry_run else _record(session, mapping.name, content, options)

                    def report_fraction(now: Progress) -> None:
                        is_reading = now.stage == "reading"
                        progress(now._replace(fraction=reader.fraction_read) if is_reading else now)

                    run = ImportRun(options, import_id, report_progress=report_fraction, confirm=confirm)
                    report = import_records(session, context, reader, run, source_format=reader.layout)
                    return commit_or_roll_back(session, (report, import_id))

            report, import_id = import_in_transaction(run_once, yes=yes, language=lang)
    print_import_report(console, report, lang)
    conclude(console, report, import_id, lang)


def _read_text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            LocalizedText(
                "De mapping is geen UTF-8. Bewaar het bestand als UTF-8.",
                "The mapping is not UTF-8. Save the file as UTF-8.",
            )
        ) from error


def _record(session: Session, name: str, content: bytes, options: ImportOptions) -> UUID:
    """Store the harvest as an import whose file is the mapping."""
    upload = Upload(name, len(content), hashlib.sha256(content).hexdigest(), io.BytesIO(content))
    return record_import(session, Submission(upload, options), principal=None).id


@contextmanager
def _fetch_pages(prepared: Harvest, *, allow_private: bool, lang: Language) -> Iterator[Iterable[SourcePage]]:
    """All pages of the source, after the last was fetched."""
    source = prepared.mapping.source
    with ExitStack() as stack:
        with (
            open_harvest_client(source, get_settings(), allow_private=allow_private) as client,
            show_progress(LocalizedText("Ophalen", "Fetching").render(lang)) as report,
        ):
            pages = stack.enter_context(spool_pages(client, source, report))
        yield pages
