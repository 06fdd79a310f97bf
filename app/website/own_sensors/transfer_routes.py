"""Sensors that change owners: `/mijn/overdrachten`, where they are offered, taken back, accepted and refused."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.responses import Response

from app.core.errors import Conflict, InvalidRequest, NotFound, RegisterError
from app.core.i18n import LocalizedText
from app.core.mail_notice import add_mail_notice
from app.core.problems import ProblemCode
from app.core.templates import render_page
from app.organisations.queries import find_by_name
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.queries import find_sensor, get_version
from app.sensors.registration.review_mail import MailSite, read_mail_site
from app.sensors.registration.transfer_list import TransferDecision, list_transfers
from app.sensors.registration.transfers import (
    TRANSFERS_PATH,
    accept_transfer,
    find_obstacle,
    offer_transfer,
    refuse_transfer,
    take_back_transfer,
)
from app.vocabularies.queries import load_vocabularies
from app.website.account.forms import parse_id
from app.website.account.sign_in_page import read_query
from app.website.account.visits import AccountRouter, OwnVisit
from app.website.account.workplace import Workplace, open_workplace

_MOST_FOUND: Final = 20

_DONE: Final = {
    "aangeboden": LocalizedText(
        "De sensor is aangeboden. Hij blijft van u tot de ander hem aanneemt.",
        "The sensor was offered. It remains yours until the other accepts it.",
    ),
    "teruggenomen": LocalizedText("Het aanbod is teruggenomen.", "The offer was taken back."),
    "aangenomen": LocalizedText(
        "De sensor is nu van uw organisatie. Dat staat meteen in het register.",
        "The sensor is your organisation's now. The register says so at once.",
    ),
    "geweigerd": LocalizedText("Het aanbod is geweigerd.", "The offer was refused."),
}
_OTHER: Final = LocalizedText("de andere organisatie", "the other organisation")
DECISIONS: Final = {
    TransferDecision.ACCEPTED: LocalizedText("aangenomen", "accepted"),
    TransferDecision.REFUSED: LocalizedText("geweigerd", "refused"),
    TransferDecision.TAKEN_BACK: LocalizedText("teruggenomen", "taken back"),
}
_NO_SENSOR: Final = LocalizedText(
    "Vul het registratienummer van een sensor van uw organisatie in.",
    "Fill in the registration number of a sensor of your organisation.",
)
_NO_NAME: Final = LocalizedText(
    "Vul een deel van de naam van de organisatie in.", "Fill in a part of the name of the organisation."
)
_NO_REASON: Final = LocalizedText("Vul in waarom u de sensor weigert.", "Fill in why you refuse the sensor.")

_ABOUT_OWNER: Final = ("operator", "controller", "privacyStatementUrl", "moreInfoUrl")
"""Fields that name an owner or are written by one, and stay as they are when the sensor is transferred."""

router = AccountRouter()


@dataclass(frozen=True, slots=True)
class Left:
    """A sensor that was taken over, with the labels of the fields that may still be about its former owner."""

    code: str
    title: str
    labels: tuple[str, ...]


@router.own(TRANSFERS_PATH)
def show_transfers(own: OwnVisit) -> Response:
    """Show the offers to and of the organisation, and those that a search finds to offer a sensor to."""
    given = read_query(own.visit, ("gedaan", "sensor", "naam", "nummer"))
    workplace = open_workplace(own)
    done = _DONE.get(given.get("gedaan", ""))
    if done:
        done = add_mail_notice(done, _OTHER, sends_mail=own.visit.state.settings.sends_mail)
    left = _find_left(workplace, given["nummer"]) if "nummer" in given else None
    return _show(workplace, done=done, code=given.get("sensor", ""), name=given.get("naam"), left=left)


@router.own(TRANSFERS_PATH, "POST")
def change_transfer(own: OwnVisit) -> Response:
    """Offer a sensor, take that back, accept or refuse it."""
    workplace, form = open_workplace(own), own.visit.form
    code, step = form.get("sensor", "").strip(), form.get("besluit", "")
    sensor_id = find_sensor(own.session, code)
    if sensor_id is None:
        raise NotFound
    try:
        with own.session.begin_nested():
            done = _do(workplace, sensor_id, code, step)
    except (InvalidRequest, Conflict) as refused:
        sentence = _find_sentence(refused, step)
        field = f"reden-{code}" if step == "weiger" else f"sensor-{code}" if step != "bied" else "sensor"
        status = 409 if isinstance(refused, Conflict) else 422
        return _show(
            workplace, code=code, problem=(field, sentence), reason=form.get("reden", ""), status=status
        )
    return own.visit.go_to(f"{TRANSFERS_PATH}?gedaan={done}")


def _do(workplace: Workplace, sensor_id: UUID, code: str, step: str) -> str:
    """Returns what was done, as the address of the page says it. Raises: as the actions."""
    session, context, mail = workplace.own.session, workplace.action, _find_mail_site(workplace.own)
    form = workplace.own.visit.form
    if step == "bied":
        offer_transfer(session, context, sensor_id, parse_id(form.get("organisatie", "")), mail=mail)
        return "aangeboden"
    if step == "neem-terug":
        take_back_transfer(session, context, sensor_id, mail=mail)
        return "teruggenomen"
    if step == "neem-aan":
        accept_transfer(session, context, sensor_id, mail=mail)
        return f"aangenomen&nummer={code}"
    if step == "weiger":
        refuse_transfer(session, context, sensor_id, reason=form.get("reden", ""), mail=mail)
        return "geweigerd"
    raise InvalidRequest


def _find_left(workplace: Workplace, code: str) -> Left | None:
    """The fields of an own sensor that may still be about its former owner; None where there are none."""
    sensor_id = find_sensor(workplace.own.session, code)
    version = get_version(workplace.own.session, sensor_id) if sensor_id else None
    if version is None or version.owner_id != workplace.organisation_id:
        return None
    fields = [FIELD_BY_NAME[name] for name in _ABOUT_OWNER]
    labels = tuple(
        workplace.labels.render(field.label)
        for field in fields
        if getattr(version, field.column) not in (None, version.owner_id)
    )
    return Left(version.public_code, version.name or version.reference, labels) if labels else None


def _find_sentence(refused: RegisterError, step: str) -> LocalizedText:
    if refused.problems:
        problem = refused.problems[0]
        return _NO_REASON if step == "weiger" and problem.code == ProblemCode.REQUIRED else problem.detail
    return refused.detail or refused.title


def _find_mail_site(own: OwnVisit) -> MailSite | None:
    return read_mail_site(own.visit.state, own.visit.now)


def _show(  # noqa: PLR0913 - the states that the page has
    workplace: Workplace,
    *,
    done: LocalizedText | None = None,
    code: str = "",
    name: str | None = None,
    problem: tuple[str, LocalizedText] | None = None,
    reason: str = "",
    left: Left | None = None,
    status: int = 200,
) -> Response:
    own, language = workplace.own, workplace.labels.language
    transfers = list_transfers(own.session, workplace.organisation_id)
    still_open = [one for one in transfers if one.decision is None]
    problems = [(problem[0], problem[1].render(language))] if problem else []
    found: list[Any] = []
    if name is not None:
        sensor_id = find_sensor(own.session, code)
        obstacle = find_obstacle(own.session, own.signed_in.principal, sensor_id) if sensor_id else _NO_SENSOR
        if obstacle is not None:
            problems.append(("sensor", obstacle.render(language)))
        if not name.strip():
            problems.append(("naam", _NO_NAME.render(language)))
        if problems:
            status = 422
        else:
            found = find_by_name(own.session, name, limit=_MOST_FOUND)
    labels = load_vocabularies(own.session).labels("organisationType")
    return render_page(
        own.visit.request,
        "website/own_sensors/transfers.html",
        status=status,
        incoming=[one for one in still_open if one.to_id == workplace.organisation_id],
        outgoing=[one for one in still_open if one.from_id == workplace.organisation_id],
        decided=[
            (one, DECISIONS[one.decision].render(language)) for one in transfers if one.decision is not None
        ],
        code=code,
        name=name,
        found=[
            (one, labels[one.organisation_type].render(language))
            for one in found
            if one.id != workplace.organisation_id
        ],
        problems=problems,
        reason=reason,
        done=done.render(language) if done else None,
        left=left,
        action=TRANSFERS_PATH,
    )
