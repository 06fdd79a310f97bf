"""`sensor-register import`: check a file of sensors, and import it."""

import hashlib
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from app.bootstrap.paths import GRID
from app.cli.database import console, use_engine
from app.cli.error_messages import errors, explain_problems
from app.cli.imports.confirmation import ImportOutcome, commit_or_roll_back, import_in_transaction
from app.cli.imports.import_report import conclude, print_import_report, show_import
from app.cli.imports.input_files import open_input_file
from app.cli.imports.options import Complete, DryRun, OnBehalf, ValidRows, Yes
from app.cli.imports.principal import act_for
from app.cli.language import both, current_language, t
from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.i18n import Language, LocalizedText
from app.core.settings import get_settings
from app.files.annotations import ANNOTATED_FORMATS, require_destination
from app.files.isolation import annotate_isolated_file, detect_isolated_format, open_isolated_source
from app.imports.actions import Submission, record_import
from app.imports.mapping_storage import get_mapping
from app.imports.pipeline import Confirm, ImportOptions, ImportRun, find_owners, list_candidates, run_import
from app.imports.uploads import Upload
from app.organisations.queries import choose_organisation
from app.records.geocoding import open_geocoder
from app.records.layouts import HeadingMapping, make_heading_test, parse_mapping_file
from app.sensors.fields import FIELD_BY_NAME, FIELD_LABELS
from app.spatial.crs import add_grid

FileName = Annotated[
    str,
    typer.Argument(
        metavar=both("BESTAND", "FILE"),
        help=both(
            "Excel, CSV, GeoJSON, GeoPackage of GeoParquet; - leest standaardinvoer.",
            "Excel, CSV, GeoJSON, GeoPackage or GeoParquet; - reads standard input.",
        ),
    ),
]
ImportOwner = Annotated[
    str | None,
    typer.Option(
        help=both(
            "Eigenaar van alle sensoren, als het bestand geen eigenaren noemt: id, gemeentecode of hele naam.",
            "Owner of all sensors, where the file does not name owners: id, municipality code or full name.",
        )
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar=both("VELD=WAARDE", "FIELD=VALUE"),
        help=both(
            "Waarde voor rijen waar dit veld leeg is, zoals personalData=none; mag vaker.",
            "Value for rows where this field is empty, such as personalData=none; repeatable.",
        ),
    ),
]
MappingOption = Annotated[
    str | None,
    typer.Option(
        "--mapping",
        metavar=both("NAAM|BESTAND", "NAME|FILE"),
        help=both(
            "Wat de eigen kopjes van het bestand betekenen: een uitleg die --owner onder deze naam heeft "
            "bewaard, of een "
            "bestand. Anders geldt een bewaarde uitleg waarvan het bestand alle kopjes heeft.",
            "What the own headings of the file mean: a mapping that --owner has stored under this name, or a file. "
            "Without it a stored mapping is used of which the file has all headings.",
        ),
    ),
]
Remarks = Annotated[
    Path | None,
    typer.Option(
        help=both(
            "Schrijf hier hetzelfde Excel- of CSV-bestand, met een kolom opmerkingen en in Excel gekleurde cellen.",
            "Write the same Excel or CSV file here, with a column of remarks and, in Excel, coloured cells.",
        )
    ),
]


def import_file(  # noqa: PLR0913 - the options of a command
    file: FileName,
    *,
    owner: ImportOwner = None,
    on_behalf: OnBehalf = None,
    dry_run: DryRun = False,
    valid_rows: ValidRows = False,
    complete: Complete = False,
    yes: Yes = False,
    values: Set = None,
    mapping: MappingOption = None,
    remarks: Remarks = None,
) -> None:
    """Import a file of sensors. A sensor is recognised by its owner and reference, so a file can be imported again.

    Exit code: 0 where every row is valid, 1 where rows are refused, 2 where the command is wrong.
    """
    language = current_language()
    if complete and owner is None:
        raise typer.BadParameter(
            t(
                "--complete vraagt --owner: van wie zijn de sensoren in het bestand?",
                "--complete needs --owner: whose sensors does the file hold?",
            )
        )
    add_grid(GRID)
    if mapping and owner is None and not _is_mapping_file(mapping):
        raise typer.BadParameter(
            t(
                "--mapping NAAM vraagt --owner: wie heeft de uitleg bewaard? Een bestand eindigt op .toml of .json.",
                "--mapping NAME needs --owner: who has stored the mapping? A file ends in .toml or .json.",
            )
        )
    with explain_problems(language), open_input_file(file) as path:
        if remarks is not None:
            # Checked before the import: afterwards the remarks could not be written.
            _require_annotatable(path, language)
            require_destination(path, remarks)
        settings = get_settings()

        def run_once(confirm: Confirm) -> ImportOutcome:
            with ExitStack() as stack:
                session = stack.enter_context(transaction(engine))
                chosen = choose_organisation(session, owner) if owner else None
                options = ImportOptions(
                    chosen,
                    "valid_rows" if valid_rows else "all",
                    complete,
                    parse_values(values or []),
                    language,
                    _find_mapping(session, chosen, mapping) if mapping else None,
                )
                is_heading = make_heading_test(list_candidates(session, options))
                source = stack.enter_context(open_isolated_source(path, is_heading=is_heading))
                owners = {options.owner} if options.owner else _find_owners(session, path, options)
                if on_behalf:
                    owners |= {choose_organisation(session, on_behalf)}
                context = act_for(session, settings, *owners)
                with (
                    open_geocoder(url) if (url := settings.geocoder_url) else nullcontext() as geocoder,
                    show_import(errors, language) as progress,
                ):
                    import_id = None if dry_run else _record(session, path, file, options)
                    run = ImportRun(options, import_id, progress, confirm, geocoder)
                    report = run_import(session, context, source, run)
                return commit_or_roll_back(session, (report, import_id))

        with use_engine(settings) as engine:
            report, import_id = import_in_transaction(run_once, yes=yes, language=language)
        print_import_report(console, report, language)
        if remarks is not None:
            annotate_isolated_file(
                path,
                remarks,
                report.problems,
                language,
                FIELD_LABELS,
                is_heading=make_heading_test([report.mapping] if report.mapping else []),
            )
    conclude(console, report, import_id, language)


def _is_mapping_file(mapping: str) -> bool:
    return mapping.lower().endswith((".toml", ".json"))


def _find_mapping(session: Session, owner: UUID | None, mapping: str) -> HeadingMapping:
    """The mapping of a file, or the stored one of this name. Raises: InvalidRequest; OSError."""
    if _is_mapping_file(mapping):
        return parse_mapping_file(Path(mapping).read_bytes())
    return get_mapping(session, owner, mapping)


def _find_owners(session: Session, path: Path, options: ImportOptions) -> set[UUID]:
    is_heading = make_heading_test(list_candidates(session, options))
    with open_isolated_source(path, is_heading=is_heading) as source:
        return set(find_owners(session, source, options, dutch_date()))


def _require_annotatable(path: Path, language: Language) -> None:
    """Raises: typer.BadParameter when remarks cannot be written in a file of this format."""
    if detect_isolated_format(path) not in ANNOTATED_FORMATS:
        sentence = LocalizedText(
            "--remarks kan alleen met een Excel- of CSV-bestand. Laat het weg: "
            "de lijst op het scherm noemt elk probleem met zijn rijnummer.",
            "--remarks works with an Excel or CSV file only. Leave it out: "
            "the list on the screen names each problem with its row number.",
        )
        raise typer.BadParameter(sentence.render(language))


def _record(session: Session, path: Path, name: str, options: ImportOptions) -> UUID:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        upload = Upload(Path(name).name, path.stat().st_size, digest, content)
        return record_import(session, Submission(upload, options), principal=None).id


def parse_values(given: list[str]) -> dict[str, Any]:
    """Parse the values of --set, by wire name. Raises: typer.BadParameter with all wrong ones."""
    values = dict(one.partition("=")[::2] for one in given)
    unknown = [name for name in values if name not in FIELD_BY_NAME]
    if unknown or any("=" not in one for one in given):
        names = ", ".join(unknown) or t("VELD=WAARDE", "FIELD=VALUE")
        fields = ", ".join(FIELD_BY_NAME)
        raise typer.BadParameter(
            t(
                f"--set: {names} kan niet. Schrijf VELD=WAARDE met een van deze velden: {fields}",
                f"--set: {names} cannot be used. Write FIELD=VALUE with one of these fields: {fields}",
            )
        )
    return values
