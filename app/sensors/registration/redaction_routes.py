"""The route by which an administrator redacts a sensor."""

import json
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.access.permissions import require_administrator
from app.access.schemas import Ending, describe_body
from app.core.database import WriteSession
from app.core.http.json_body import JSON, Json
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.sensors.registration.redaction import Redacted, redact_sensor
from app.sensors.registration.routes import SENSORS_PATH, Context

router = APIRouter(prefix=SENSORS_PATH, tags=["registering"])


class Redaction(Ending):
    """Why versions leave the public history, and whether their content is erased as well."""

    erase: bool = Field(
        default=False, strict=True, description="Whether the content is erased from the register too."
    )


class SensorRedaction(Redaction):
    """The redaction of a sensor."""

    version: int | None = Field(
        None, ge=1, strict=True, description="The number of one version; without it, the whole sensor."
    )


REDACTED_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["versions", "sensors"],
    "properties": {
        "versions": {"type": "integer", "description": "The number of versions that were redacted."},
        "sensors": {"type": "integer", "description": "The number of their sensors."},
    },
}

ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "What was redacted.", "content": {JSON: {"schema": REDACTED_SCHEMA}}}
}


@router.post(
    "/{sensor_id}/redaction",
    name="redact_sensor",
    dependencies=NO_PARAMETERS,
    responses=ANSWERS,
    openapi_extra={"requestBody": describe_body(SensorRedaction)},
)
def post_redaction(session: WriteSession, context: Context, sensor_id: UUID, given: Json) -> Response:
    """Hide a version, or the whole sensor, from the public and its history, or erase it; for administrators.

    The change `redacted` is the tombstone that the public sees.
    """
    require_administrator(context.principal)
    asked = validate_body(SensorRedaction, given.value)
    return answer_redacted(
        redact_sensor(
            session, context, sensor_id, reason=asked.reason, number=asked.version, erase=asked.erase
        )
    )


def answer_redacted(redacted: Redacted) -> Response:
    """The answer that says what was redacted."""
    body = json.dumps({"versions": redacted.versions, "sensors": redacted.sensors})
    return Response(body, media_type=JSON, headers={"Cache-Control": "no-store"})
