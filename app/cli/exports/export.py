"""`sensor-register export`: any public search, or all that one organisation has registered, as a file."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, BinaryIO, Final

import typer

from app.audit.event_counts import record_read
from app.bootstrap.paths import GRID
from app.cli.database import use_database, use_session
from app.cli.error_messages import errors, explain_problems
from app.cli.exports.output_files import STANDARD_OUTPUT, choose_format, open_output
from app.cli.language import both, t
from app.cli.progress import show_progress
from app.core.database import create_stream_pool, create_write_engine, transaction
from app.core.formatting import format_number
from app.core.i18n import LANGUAGES, Language
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import integer_from
from app.core.query_string import find_unknown_parameter
from app.core.settings import Settings, get_settings
from app.exports.owner_table import TABLE_FORMATS, spool_registrations
from app.features.collection_properties import PROPERTIES_OF
from app.features.item_parameters import MAX_STREAMED
from app.features.layer_schema import describe_layer
from app.files.writers.schema import Format
from app.files.writers.spooled_file import write_in_thread
from app.files.writers.text_stream import write_text_pieces
from app.organisations.queries import choose_organisation
from app.sensors.registration.owner_table import count_registrations
from app.sensors.search.parameters import SEARCH_PARAMETERS, parse_search
from app.sensors.search.reference_data import ReferenceData, read_reference_data
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.streams import FeatureStream, stream_areas, stream_sensors
from app.spatial.crs import add_grid

_PATIENT_SECONDS: Final = 3600.0
"""Timeout of the stream: a slow reader of a pipe delays no one else on this connection."""

EXPORT_PARAMETERS: Final = ("limit", *SEARCH_PARAMETERS)

CollectionOption = Annotated[
    str,
    typer.Option(
        help=both(
            "sensors, als punten, of observed-areas, als vlakken.", "sensors, as points, or observed-areas."
        )
    ),
]
OwnerOption = Annotated[
    str | None,
    typer.Option(
        help=both(
            "Alleen sensoren van deze organisatie: id, gemeentecode of hele naam.",
            "Only sensors of this organisation: id, municipality code or full name.",
        )
    ),
]
MunicipalityOption = Annotated[
    str | None,
    typer.Option(
        help=both(
            "Alleen sensoren in deze gemeente: naam of code.",
            "Only sensors in this municipality: name or code.",
        )
    ),
]
SensorTypeOption = Annotated[
    str | None,
    typer.Option(
        "--type",
        help=both(
            "Alleen deze soorten sensoren, met komma's ertussen.",
            "Only these sensor types, separated by commas.",
        ),
    ),
]
BoxOption = Annotated[
    str | None,
    typer.Option(
        help=both(
            "Alleen sensoren in deze rechthoek: west,zuid,oost,noord in graden.",
            "Only sensors in this box: west,south,east,north in degrees.",
        )
    ),
]
FilterOption = Annotated[
    str | None,
    typer.Option(
        "--filter",
        help=both(
            'CQL2-tekst: "heightM > 3 AND openData = true".', 'CQL2 text: "heightM > 3 AND openData = true".'
        ),
    ),
]
SearchOption = Annotated[
    list[str] | None,
    typer.Option(
        "--search",
        metavar=both("NAAM=WAARDE", "NAME=VALUE"),
        help=both(
            "Elke andere parameter van de items van de API; mag vaker.",
            "Any other parameter of the API's items; repeatable.",
        ),
    ),
]
RegistrationsOption = Annotated[
    bool,
    typer.Option(
        "--registrations",
        help=both(
            "Alle geregistreerde sensoren van --owner, als tabel om te wijzigen en weer te importeren.",
            "All registered sensors of --owner, as a table to change and import again.",
        ),
    ),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        help=both(
            "Taal van de meldingen: nl of en. Met --registrations ook van de kopjes, in plaats van de "
            "namen van de velden.",
            "Language of the messages: nl or en. With --registrations of the headings too, instead of the "
            "fields' names.",
        )
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        help=both(
            "csv, xlsx, geojson, geojsons, gpkg, parquet of fgb; volgt anders uit de naam van het bestand.",
            "csv, xlsx, geojson, geojsons, gpkg, parquet or fgb; by default it follows from the name of the file.",
        ),
    ),
]
OutputOption = Annotated[
    str,
    typer.Option(
        help=both(
            "Het bestand om te schrijven; - is standaarduitvoer.", "The file to write; - is standard output."
        )
    ),
]


def export(  # noqa: PLR0913 - the options of a command
    *,
    collection: CollectionOption = "sensors",
    owner: OwnerOption = None,
    municipality: MunicipalityOption = None,
    sensor_type: SensorTypeOption = None,
    bbox: BoxOption = None,
    cql: FilterOption = None,
    search: SearchOption = None,
    registrations: RegistrationsOption = False,
    lang: LangOption = None,
    form: FormatOption = None,
    output: OutputOption = STANDARD_OUTPUT,
) -> None:
    """Write sensors to a file: a public search, or all registered sensors of an organisation. Raises: BadParameter."""
    chosen = choose_format(form, output)
    asked = make_search(
        municipality=municipality, sensor_type=sensor_type, bbox=bbox, cql=cql, search=search or []
    )
    if collection not in _STREAMS:
        raise typer.BadParameter(
            t("--collection: kies uit", "--collection: choose from") + f" {', '.join(_STREAMS)}"
        )
    if registrations and (owner is None or asked):
        raise typer.BadParameter(
            t(
                "--registrations hoort bij --owner, en niet bij een ander deel van een vraag",
                "--registrations goes with --owner, and with no other part of a search",
            )
        )
    if registrations and chosen not in TABLE_FORMATS:
        names = ", ".join(one.suffix for one in TABLE_FORMATS)
        raise typer.BadParameter(
            t(
                f"--format: registraties worden geschreven als {names}",
                f"--format: registrations are written as {names}",
            )
        )
    if lang is not None and lang not in LANGUAGES:
        raise typer.BadParameter(t("--lang: nl of en", "--lang: nl or en"))
    add_grid(GRID)
    with explain_problems(), open_output(output, chosen) as file:
        if registrations and owner is not None:
            written = write_registrations(
                file, owner, chosen, "en" if lang == "en" else "nl" if lang else None
            )
        else:
            written = write_search(file, SearchExport(asked, chosen, collection), owner)
    errors.print(
        t(f"{format_number(written, 'nl')} geschreven", f"{written:,} written")
        + ("" if output == STANDARD_OUTPUT else t(f" naar {output}", f" to {output}")),
        highlight=False,
    )


def make_search(
    *, municipality: str | None, sensor_type: str | None, bbox: str | None, cql: str | None, search: list[str]
) -> dict[str, str]:
    """The parameters of the API's items that the options of a command stand for. Raises: typer.BadParameter."""
    named = {"municipality": municipality, "sensorType": sensor_type, "bbox": bbox, "filter": cql}
    return {name: value for name, value in named.items() if value is not None} | read_search(search)


def read_search(given: list[str]) -> dict[str, str]:
    """The parameters of --search by name. Raises: typer.BadParameter."""
    asked: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name in asked:
            raise typer.BadParameter(
                t(
                    f"--search {one}: geef NAAM=WAARDE, elke naam één keer",
                    f"--search {one}: give NAME=VALUE, each name once",
                )
            )
        asked[name] = value
    return asked


def write_registrations(file: BinaryIO, owner: str, form: Format, language: Language | None) -> int:
    """Write an organisation's own table; gives how many registrations it holds."""
    with use_session() as session:
        owner_id = choose_organisation(session, owner)
        record_read(session, "export --registrations", owner_id)
        total = count_registrations(session, owner_id)
        with show_progress(t("Registraties", "Registrations"), total) as report:
            spooled = spool_registrations(
                session, owner_id, form, language=language, report=lambda done: report(done, total)
            )
        with spooled.content as content:
            shutil.copyfileobj(content, file)
    return spooled.features


@dataclass(frozen=True, slots=True)
class SearchExport:
    """A public search by parameters of the API, the format to write and the collection to search."""

    asked: dict[str, str]
    form: Format
    collection: str


def write_search(file: BinaryIO, export: SearchExport, owner: str | None) -> int:
    """Write the result of a public search; return its number of features."""
    settings = get_settings().model_copy(update={"stream_timeout_seconds": _PATIENT_SECONDS})
    with use_database(settings) as url:
        if owner is not None:
            export.asked["owner"] = _find_owner(url, settings, owner)
        return asyncio.run(_write_stream(file, export, settings, url))


def _find_owner(url: str, settings: Settings, named: str) -> str:
    engine = create_write_engine(url, settings)
    try:
        with transaction(engine) as session:
            return str(choose_organisation(session, named))
    finally:
        engine.dispose()


async def _write_stream(file: BinaryIO, export: SearchExport, settings: Settings, url: str) -> int:
    collection, form = export.collection, export.form
    read_url = settings.read_database_url or url
    pool = create_stream_pool(read_url, settings)
    async with pool:
        reference_data = await read_reference_data(pool)
        search = parse_export_search(export.asked, reference_data, collection)
        async with _STREAMS[collection](pool, search) as stream:
            near = search.near is not None and collection == "sensors"
            layer = describe_layer(collection, search, near=near)
            with show_progress(t("Sensoren", "Sensors")) as report:
                counted = _Counted(stream, report)
                if form.spooled:
                    with TemporaryDirectory(prefix="sensor-register-") as folder:
                        path = Path(folder, f"features.{form.suffix}")
                        await write_in_thread(form, path, layer, counted.read())
                        with path.open("rb") as content:  # noqa: ASYNC230 - the loop of a command does nothing else
                            shutil.copyfileobj(content, file)
                else:
                    async for piece in write_text_pieces(form, layer, counted.read()):
                        file.write(piece)
    return counted.features


def parse_export_search(
    asked: dict[str, str], reference_data: ReferenceData, collection: str
) -> SensorSearch:
    """The search of these parameters of the API. Raises: InvalidRequest naming all problems."""
    properties = PROPERTIES_OF[collection]
    unknown = [problem for name in asked if (problem := find_unknown_parameter(name, EXPORT_PARAMETERS))]
    known = {name: value for name, value in asked.items() if name in EXPORT_PARAMETERS}
    parser = ParameterParser(known, unknown)
    search = parse_search(parser, reference_data, properties=properties.by_name, sortable=properties.sortable)
    limit = parser.parse("limit", integer_from(1))
    parser.require_no_problems()
    return replace(search, limit=min(limit or MAX_STREAMED, MAX_STREAMED))


class _Counted:
    """The features of a stream, and how many went by."""

    def __init__(self, stream: FeatureStream, report: Callable[[int, int | None], None]) -> None:
        self._stream = stream
        self._report = report
        self.features = 0

    async def read(self) -> AsyncIterator[Sequence[bytes]]:
        async for features in self._stream.read():
            self.features += len(features)
            self._report(self.features, self._stream.number_returned)
            yield features


_STREAMS: Final[dict[str, Any]] = {"sensors": stream_sensors, "observed-areas": stream_areas}
