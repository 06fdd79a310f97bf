"""`sensor-register sensors`: showing one sensor, and listing those of a search."""

import json
from io import BytesIO
from typing import Annotated, Any, Final
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy.orm import Session

from app.audit.event_counts import record_read
from app.bootstrap.paths import GRID
from app.cli.database import console, use_session
from app.cli.error_messages import errors, explain_problems
from app.cli.exports.export import (
    BoxOption,
    FilterOption,
    FormatOption,
    MunicipalityOption,
    OwnerOption,
    SearchExport,
    SearchOption,
    SensorTypeOption,
    export,
    make_search,
    write_search,
)
from app.cli.language import both, current_language, t
from app.cli.redactions import sensor_commands
from app.core.clock import dutch_date
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.files.writers.schema import GEOJSON_FORMAT
from app.organisations.queries import choose_organisation, name_organisation
from app.sensors.registration.queries import (
    SENSOR_UNKNOWN,
    find_sensor,
    get_version,
    list_sensors_by_reference,
)
from app.sensors.registration.schemas import write_registration
from app.spatial.crs import add_grid
from app.vocabularies.queries import load_vocabularies

__all__ = ["sensor_commands"]

_SHOWN: Final = 20

NamedArgument = Annotated[
    str,
    typer.Argument(
        metavar=both("SENSOR", "SENSOR"),
        help=both(
            "Registratienummer, id, of de referentie die de eigenaar gaf.",
            "Registration number, id, or the reference that its owner gave.",
        ),
    ),
]
LimitOption = Annotated[
    int, typer.Option(help=both("Hoeveel sensoren hoogstens.", "Maximum number of sensors."), min=1)
]


@sensor_commands.command(
    "show",
    help=both(
        """Toon alles wat de laatste melding van één sensor zegt, ook wat niet openbaar is, als VELD=WAARDE.

        Bijvoorbeeld: sensor-register sensors show CAM-12 --owner GM0363
        """,
        """Show everything that the newest registration of one sensor says, private fields included, as FIELD=VALUE.

        For example: sensor-register sensors show CAM-12 --owner GM0363
        """,
    ),
)
def show(
    named: NamedArgument,
    owner: Annotated[
        str | None,
        typer.Option(
            help=both(
                "De eigenaar, als meer eigenaren deze referentie gebruiken: id, gemeentecode of hele naam.",
                "The owner, where several use this reference: id, municipality code or full name.",
            )
        ),
    ] = None,
) -> None:
    """Print one sensor by the names of the API. Looking is counted in the audit trail."""
    with explain_problems(), use_session() as session:
        version = get_version(session, _choose_sensor(session, named, owner))
        record_read(session, "sensors show", version.owner_id)
        written = write_registration(version, current_language(), dutch_date())
    for name, value in written.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        console.print(f"{name}={text}", markup=False, highlight=False, soft_wrap=True)


@sensor_commands.command(
    "list",
    help=both(
        """Toon openbare sensoren als tabel, of met --format als csv of een ander formaat van `export`.

        Bijvoorbeeld: sensor-register sensors list --municipality Utrecht --search status=active
        """,
        """List public sensors as a table, or with --format as csv or another format of `export`.

        For example: sensor-register sensors list --municipality Utrecht --search status=active
        """,
    ),
)
def list_sensors(  # noqa: PLR0913 - the options of a command
    *,
    owner: OwnerOption = None,
    municipality: MunicipalityOption = None,
    sensor_type: SensorTypeOption = None,
    bbox: BoxOption = None,
    cql: FilterOption = None,
    search: SearchOption = None,
    limit: LimitOption = _SHOWN,
    form: FormatOption = None,
) -> None:
    """Print the sensors of a public search, by the parameters of the API's items."""
    asked = [*(search or []), f"limit={limit}"]
    options: dict[str, Any] = {
        "municipality": municipality,
        "sensor_type": sensor_type,
        "bbox": bbox,
        "cql": cql,
    }
    if form is not None:
        export(owner=owner, search=asked, form=form, **options)
        return
    chosen = make_search(search=asked, **options)
    add_grid(GRID)
    content = BytesIO()
    with explain_problems():
        write_search(content, SearchExport(chosen, GEOJSON_FORMAT, "sensors"), owner)
        with use_session() as session:
            vocabularies = load_vocabularies(session)
    features = json.loads(content.getvalue())["features"]
    table = Table(
        t("nummer", "number"),
        t("soort", "kind"),
        t("gemeente", "municipality"),
        Column(t("eigenaar, referentie", "owner, reference"), overflow="fold"),
        t("status", "status"),
    )
    for feature in features:
        of = feature["properties"]
        owned = ", ".join(filter(None, (of["ownerName"], of["reference"])))
        kind, status = (
            vocabularies.label(name, of[name]).render(current_language())
            for name in ("sensorType", "operationalStatus")
        )
        cells = (of["publicCode"], kind, of["municipalityName"], owned, status)
        table.add_row(*(escape(cell or "") for cell in cells))
    console.print(table if features else t("Er zijn geen sensoren gevonden.", "No sensors were found."))
    if len(features) == limit:
        more = t(
            "Er kunnen er meer zijn: noem meer met --limit.", "There may be more: ask for more by --limit."
        )
        errors.print(more)


def _choose_sensor(session: Session, named: str, owner: str | None) -> UUID:
    """The sensor with this registration number, id or reference.

    Raises: NotFound; InvalidRequest where several owners use the reference.
    """
    if owner is None and (sensor_id := find_sensor(session, named)) is not None:
        return sensor_id
    owner_id = choose_organisation(session, owner) if owner else None
    found = list_sensors_by_reference(session, named, owner_id)
    if not found:
        raise NotFound(SENSOR_UNKNOWN)
    if len(found) > 1:
        names = ", ".join(sorted(name_organisation(session, one) for _, one in found))
        raise InvalidRequest(
            LocalizedText(
                f"Meer eigenaren gebruiken deze referentie: {names}. Noem er een met --owner.",
                f"Several owners use this reference: {names}. Name one by --owner.",
            )
        )
    return found[0][0]
