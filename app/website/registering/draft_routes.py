"""Drafts: begun, empty or as a copy or a change of a registration; listed; and thrown away."""

from typing import Final
from uuid import UUID

from starlette.responses import Response

from app.core.errors import NotFound
from app.core.templates import render_page
from app.sensors.registration.drafts import delete_draft, get_draft, list_drafts, start_draft
from app.sensors.registration.permissions import require_changeable, require_visible
from app.sensors.registration.queries import find_sensor, get_version
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import RegistrationStatus
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.account.workplace import open_workplace
from app.website.registering.draft_list import list_draft
from app.website.registering.step_routes import START, read_draft_id, write_step_path
from app.website.registering.steps import CHECK, STEP_OF, STEPS
from app.website.registering.typed_answers import write_answers

OF_ONE_SENSOR: Final = frozenset(
    {
        "reference",
        "removedOn",
        "location",
        "viewDirectionDeg",
        "observedArea",
        "locationDescription",
        "postcode",
        "houseNumber",
        "locationAccuracy",
        "locationAccuracyM",
        "bgtId",
    }
)
"""Answers that a copy does not take over: which sensor it is, where it is and what it sees from there.

An area that stayed behind with a new point would be public, and wrong without anyone seeing it. The area in which a
mobile sensor moves is taken over: the sensors of a fleet share it, and the form shows it beside its question.
"""

router = AccountRouter()


@router.own(START)
def show_drafts(own: OwnVisit) -> Response:
    """Begin a registration, or go on with one of the drafts of the organisation."""
    workplace = open_workplace(own)
    drafts = list_drafts(own.session, own.signed_in.principal, workplace.organisation_id)
    return render_page(
        own.visit.request,
        "website/registering/start.html",
        drafts=[list_draft(draft, workplace.labels) for draft in drafts],
        unknown=None,
    )


@router.own(START, "POST")
def start(own: OwnVisit) -> Response:
    """Begin a registration: empty, or as a copy of the one with this registration number, at a place of its own."""
    workplace = open_workplace(own)
    copied = own.visit.form.get("kopie", "").strip()
    answers = {}
    if copied:
        version = _find_visible(own, copied)
        if version is None:
            return _show_unknown(own, copied)
        answers = {
            name: answer
            for name, answer in write_answers(version, workplace.reading).items()
            if name not in OF_ONE_SENSOR
            and not (name == "owner" and version.owner_id == workplace.organisation_id)
        }
    draft_id = start_draft(own.session, own.signed_in.principal, workplace.organisation_id, answers)
    return own.visit.go_to(write_step_path(draft_id, STEPS[0].path))


@router.own(f"{START}/wijzigen", "POST")
def start_change(own: OwnVisit) -> Response:
    """Begin a change of a registration, at the field `veld` where one is named.

    A draft of it that the organisation has already is gone on with.
    """
    workplace = open_workplace(own)
    named = own.visit.form.get("sensor", "").strip()
    version = _find_visible(own, named)
    if version is None:
        return _show_unknown(own, named)
    require_changeable(own.signed_in.principal, version)
    drafts = list_drafts(own.session, own.signed_in.principal, workplace.organisation_id)
    begun = next((draft.id for draft in drafts if draft.sensor_id == version.sensor_id), None)
    draft_id = begun or start_draft(
        own.session,
        own.signed_in.principal,
        workplace.organisation_id,
        write_answers(version, workplace.reading),
        sensor_id=version.sensor_id,
        version_number=version.number,
    )
    if (field := own.visit.form.get("veld", "")) in STEP_OF:
        return own.visit.go_to(
            f"{write_step_path(draft_id, STEP_OF[field].path)}?na={CHECK}&veld={field}#field-{field}"
        )
    # The check lists the changes that a reviewer asked for.
    is_asked = version.registration_status is RegistrationStatus.CHANGES_REQUESTED
    return own.visit.go_to(write_step_path(draft_id, CHECK if begun or is_asked else STEPS[0].path))


@router.own(f"{START}/{{concept}}/weg")
def ask_to_delete(own: OwnVisit) -> Response:
    workplace = open_workplace(own)
    draft = get_draft(own.session, own.signed_in.principal, read_draft_id(own))
    return render_page(
        own.visit.request,
        "website/registering/delete.html",
        draft=list_draft(draft, workplace.labels),
    )


@router.own(f"{START}/{{concept}}/weg", "POST")
def delete(own: OwnVisit) -> Response:
    delete_draft(own.session, own.signed_in.principal, read_draft_id(own))
    return own.visit.go_to(START)


def _find_visible(own: OwnVisit, named: str) -> SensorVersion | None:
    """The current version of a registration by its number; None where the person sees none."""
    found: UUID | None = find_sensor(own.session, named) if named else None
    if found is None:
        return None
    try:
        version = get_version(own.session, found)
        is_public = version.registration_status == "published" and version.visibility == "public"
        if not is_public or version.redacted_at is not None:
            # The exact place of a generalised sensor is private, and so is what would reveal it.
            require_visible(own.signed_in.principal, version)
    except NotFound:
        return None
    return version


def _show_unknown(own: OwnVisit, named: str) -> Response:
    workplace = open_workplace(own)
    drafts = list_drafts(own.session, own.signed_in.principal, workplace.organisation_id)
    return render_page(
        own.visit.request,
        "website/registering/start.html",
        status=404,
        drafts=[list_draft(draft, workplace.labels) for draft in drafts],
        unknown=named,
    )
