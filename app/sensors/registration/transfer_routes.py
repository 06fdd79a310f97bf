"""Routes of transfers: a sensor is offered to another organisation, which accepts or refuses it."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from app.access.dependencies import Caller
from app.access.permissions import may_see_private
from app.core.app_state import get_app_state
from app.core.database import WriteSession
from app.core.errors import NotFound
from app.core.http.json_body import JSON, Json
from app.core.http.no_parameters import NO_PARAMETERS
from app.core.http.validation_errors import validate_body
from app.sensors.registration.review_mail import MailSite, read_mail_site
from app.sensors.registration.routes import (
    CHANGED,
    SENSORS_PATH,
    AnswerLanguage,
    Context,
    answer_registration,
    find_receipt_member,
)
from app.sensors.registration.transfer_list import Transfer, find_transfer
from app.sensors.registration.transfers import (
    accept_transfer,
    offer_transfer,
    refuse_transfer,
    take_back_transfer,
)

_NO_STORE: Final = {"Cache-Control": "no-store"}

router = APIRouter(prefix=SENSORS_PATH, tags=["registering"])


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class TransferRequest(_Document):
    """An organisation to which a sensor is offered."""

    organisation: UUID = Field(description="The id of the organisation that gets the sensor.")


class RefusalRequest(_Document):
    """The reason why an offer is refused."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)] = Field(
        description="The owner reads it."
    )


class TransferDocument(_Document):
    """The newest offer of a sensor; without `decision` it is open."""

    sensor: UUID
    public_code: str
    offered_by: UUID = Field(description="The owner.")
    offered_to: UUID = Field(description="The organisation that gets the sensor.")
    offered_at: datetime
    decision: Literal["accepted", "refused", "taken_back"] | None = None
    decided_at: datetime | None = None
    reason: str | None = None


def _body(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}


@router.get("/{sensor_id}/transfer", dependencies=NO_PARAMETERS, responses={200: {"model": TransferDocument}})
def get_transfer(session: WriteSession, caller: Caller, sensor_id: UUID) -> Response:
    """The newest offer of a sensor, for both organisations."""
    transfer = find_transfer(session, sensor_id)
    if transfer is None or not any(
        may_see_private(caller, one) for one in (transfer.from_id, transfer.to_id)
    ):
        raise NotFound
    return _send(transfer)


@router.post(
    "/{sensor_id}/transfer",
    status_code=201,
    dependencies=NO_PARAMETERS,
    responses={201: {"model": TransferDocument}},
    openapi_extra=_body(TransferRequest),
)
def post_transfer(
    request: Request, session: WriteSession, context: Context, sensor_id: UUID, given: Json
) -> Response:
    """Offer a public sensor to another organisation, which gets a mail. The registration keeps its number."""
    organisation_id = validate_body(TransferRequest, given.value).organisation
    return _send(offer_transfer(session, context, sensor_id, organisation_id, mail=_mail(request)), 201)


@router.delete(
    "/{sensor_id}/transfer", dependencies=NO_PARAMETERS, responses={200: {"model": TransferDocument}}
)
def delete_transfer(request: Request, session: WriteSession, context: Context, sensor_id: UUID) -> Response:
    """Take an open offer back."""
    return _send(take_back_transfer(session, context, sensor_id, mail=_mail(request)))


@router.post(
    "/{sensor_id}/transfer/acceptance",
    dependencies=NO_PARAMETERS,
    responses=CHANGED,
)
def post_transfer_acceptance(
    request: Request, session: WriteSession, context: Context, sensor_id: UUID, language: AnswerLanguage
) -> Response:
    """Accept an offer: your organisation owns the sensor from now on, and the register says so at once."""
    version = accept_transfer(session, context, sensor_id, mail=_mail(request))
    return answer_registration(
        version, language, context.today, **find_receipt_member(request, session, version)
    )


@router.post(
    "/{sensor_id}/transfer/refusal",
    dependencies=NO_PARAMETERS,
    responses={200: {"model": TransferDocument}},
    openapi_extra=_body(RefusalRequest),
)
def post_transfer_refusal(
    request: Request, session: WriteSession, context: Context, sensor_id: UUID, given: Json
) -> Response:
    """Refuse an offer; its owner gets the reason by mail."""
    reason = validate_body(RefusalRequest, given.value).reason
    return _send(refuse_transfer(session, context, sensor_id, reason=reason, mail=_mail(request)))


def _mail(request: Request) -> MailSite | None:
    return read_mail_site(get_app_state(request), datetime.now(UTC))


def _send(transfer: Transfer, status: int = 200) -> Response:
    document = TransferDocument(
        sensor=transfer.sensor_id,
        public_code=transfer.public_code,
        offered_by=transfer.from_id,
        offered_to=transfer.to_id,
        offered_at=transfer.offered_at,
        decision=transfer.decision.value if transfer.decision else None,
        decided_at=transfer.decided_at,
        reason=transfer.reason,
    )
    body = document.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, status, _NO_STORE, JSON)
