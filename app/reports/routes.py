"""Routes of reports: filing one without a key, reading its status by its secret, and the numbers."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from app.access.rate_limits import limit_client, limit_subject
from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.database import WriteSession, transaction
from app.core.errors import InvalidRequest, NotFound
from app.core.http.audience import mark_private
from app.core.http.client_address import find_client_address
from app.core.http.json_body import JSON, Json
from app.core.http.negotiation import parse_media_type
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.problems import Problem, ProblemCode
from app.files.writers.csv import write_lines
from app.mail.mail_address import normalise_address
from app.municipalities.queries import read_directory
from app.reports.actions import GivenReport, file_report
from app.reports.address_cipher import AddressCipher
from app.reports.queries import UNKNOWN_REPORT, find_by_secret
from app.reports.report_checks import DOORBELL, check_report, tidy_text
from app.reports.report_counts import read_counts
from app.reports.report_kinds import ReportKind
from app.reports.report_mail import ReportMailer, write_status_address
from app.reports.report_subject import ReportedPlace, ReportedSensor, find_place, find_sensor
from app.reports.schemas import (
    COUNTS_SCHEMA,
    FiledDocument,
    ReportDocument,
    ReportRequest,
    describe_report,
)
from app.reports.sightings import record_reported_sighting

REPORTS_PATH: Final = "/v1/reports"
COUNTS_PATH: Final = "/v1/statistics/reports"
CSV: Final = "text/csv"

_NO_STORE: Final = {"Cache-Control": "no-store"}
_PUBLIC: Final = {"Cache-Control": "public, max-age=60", "Vary": "Accept"}
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": ReportRequest.model_json_schema(by_alias=True)}},
    }
}
_ONE_SUBJECT: Final = LocalizedText(
    "Noem een sensor of een plek: een van beide.", "Name a sensor or a location: one of the two."
)
_UNKNOWN_SENSOR: Final = LocalizedText(
    "Geen openbare sensor heeft dit nummer.", "No public sensor has this number."
)
_UNKNOWN_PLACE: Final = LocalizedText(
    "Deze plek ligt niet in een Nederlandse gemeente.", "This location is in no Dutch municipality."
)
_COLUMNS: Final = ("municipalityCode", "year", "kind", "received", "answered", "rejected", "inTime")

router = APIRouter(tags=["reports"])


@router.post(
    REPORTS_PATH,
    status_code=201,
    dependencies=NO_PARAMETERS,
    responses={201: {"model": FiledDocument}},
    openapi_extra=_BODY,
)
def post_report(request: Request, body: Json) -> Response:
    """Report something about a sensor or a place, as a resident. No key is needed; the answer holds a secret."""
    state, now = get_app_state(request), datetime.now(UTC)
    asked = validate_body(ReportRequest, body.value)
    settings, engine = state.settings, state.write_engine
    mailer = ReportMailer(state.public_url, AddressCipher.of_settings(settings), settings.sends_mail)
    text, email = tidy_text(asked.text), (asked.email or "").strip()
    if asked.at_home and asked.kind is ReportKind.MISSING:
        raise InvalidRequest(problems=[Problem(ProblemCode.UNKNOWN_VALUE, "/atHome", DOORBELL)])
    client = find_client_address(request, settings.trusted_proxies)
    if client is None:
        limit_subject(engine, "report_unseen", "", now)
    limit_client(engine, "report", client, now)
    with transaction(engine) as session:
        about, problems = _find_subject(session, asked)
        # Every kind is right where the subject is not known, since that is a problem already.
        kinds = about.list_kinds(dutch_date(now)) if about else tuple(ReportKind)
        problems += check_report(asked.kind, text, email, kinds=kinds, takes_addresses=mailer.takes_addresses)
    if problems or about is None:
        raise InvalidRequest(problems=problems)
    if address := normalise_address(email):
        limit_subject(engine, "receive_link", address, now)
    given = GivenReport(asked.kind, about, text, email, asked.may_publish, asked.language)
    with transaction(engine) as session:
        report, secret = file_report(session, mailer, given, now)
    record_reported_sighting(engine, about, asked.kind, client, now)
    page = write_status_address(mailer.site, secret, asked.language)
    document = FiledDocument(**describe_report(report), secret=secret, page=page)
    return _send(document, 201, {**_NO_STORE, "Location": f"{state.public_url}{REPORTS_PATH}/{report.id}"})


@router.get(
    f"{REPORTS_PATH}/{{report_id}}", dependencies=NO_PARAMETERS, responses={200: {"model": ReportDocument}}
)
def get_report_status(
    request: Request,
    session: WriteSession,
    report_id: UUID,
    report_secret: Annotated[
        str | None, Header(description="The secret that the report was answered with.")
    ] = None,
) -> Response:
    """The status of a report, and its answer, for who has its secret."""
    mark_private(request.scope)
    report = find_by_secret(session, report_secret or "")
    if report is None or report.id != report_id:
        raise NotFound(UNKNOWN_REPORT)
    return _send(ReportDocument(**describe_report(report)), 200, _NO_STORE)


@router.get(
    COUNTS_PATH,
    openapi_extra={
        "parameters": [
            {
                "name": "municipality",
                "in": "query",
                "description": "Only of the municipality with this code or name.",
                "schema": {"type": "string"},
            },
            {
                "name": "f",
                "in": "query",
                "description": "The format, instead of Accept.",
                "schema": {"type": "string", "enum": ["json", "csv"]},
            },
        ]
    },
    responses={
        200: {
            "description": "The numbers.",
            "content": {JSON: {"schema": COUNTS_SCHEMA}, CSV: {"schema": {"type": "string"}}},
        }
    },
)
async def count_reports(request: Request) -> Response:
    """The numbers of residents' reports by municipality, the year in which they came, and kind."""
    state = get_app_state(request)
    parser = ParameterParser.of_query(request.scope["query_string"], ("municipality", "f"))
    media_type = parse_media_type(parser, {"json": JSON, "csv": CSV}, request.headers.get("accept"))
    parser.require_no_problems()
    code = None
    if "municipality" in parser.given:
        code = (await read_directory(state.read_pool)).get_municipality(parser.given["municipality"]).code
    rows = [
        (one.municipality_code, one.year, one.kind, *_list_numbers(one.sum))
        for one in await read_counts(state.read_pool, code)
    ]
    if media_type == CSV:
        lines = [[None if cell is None else str(cell) for cell in row] for row in rows]
        headers = {**_PUBLIC, "Content-Disposition": 'attachment; filename="reports.csv"'}
        return Response(write_lines(list(_COLUMNS), lines, header=True), headers=headers, media_type=CSV)
    named = [
        {name: cell for name, cell in zip(_COLUMNS, row, strict=True) if cell is not None} for row in rows
    ]
    return JSONResponse({"rows": named}, headers=_PUBLIC)


def _list_numbers(counted: Any) -> tuple[int, int, int, int]:
    return counted.received, counted.answered, counted.rejected, counted.in_time


def _find_subject(
    session: Session, asked: ReportRequest
) -> tuple[ReportedSensor | ReportedPlace | None, list[Problem]]:
    if (asked.sensor is None) == (asked.location is None):
        return None, [Problem(ProblemCode.EXACTLY_ONE_OF, "/sensor", _ONE_SUBJECT)]
    if asked.sensor is not None:
        sensor = find_sensor(session, asked.sensor)
        return sensor, [] if sensor else [Problem(ProblemCode.UNKNOWN_VALUE, "/sensor", _UNKNOWN_SENSOR)]
    place = find_place(session, *asked.location.coordinates) if asked.location else None
    return place, [] if place else [Problem(ProblemCode.OUTSIDE_MUNICIPALITIES, "/location", _UNKNOWN_PLACE)]


def _send(document: BaseModel, status: int, headers: dict[str, str]) -> Response:
    return Response(document.model_dump_json(by_alias=True, exclude_none=True), status, headers, JSON)
