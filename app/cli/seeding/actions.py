"""Seeding of a register, by the same write path as all other sensors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actions import ensure_system_principal
from app.access.context import ActionContext
from app.access.principal import Grant, Principal
from app.cli.seeding.examples import read_examples
from app.cli.seeding.seed_files import ORGANISATION_FIELDS, SeedEntry, read_duties, read_organisations
from app.cli.seeding.stations import OWNER, read_stations
from app.core.errors import NotPermitted
from app.core.expected_version import ANY_VERSION
from app.core.i18n import LocalizedText
from app.core.settings import Settings
from app.duties.actions import set_duty
from app.duties.queries import load_duties
from app.municipalities.queries import load_directory
from app.organisations.actions import register_organisation
from app.organisations.queries import list_organisations
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor, remove_sensor
from app.sensors.registration.queries import list_references

SEEDER: Final = "Seeding"
"""The principal of the audit trail; it has no key, and no roles beyond the seeding."""

DUTIES_SINCE: Final = "2022-01-01"
"""The first day of the rules of the examples."""

ReportSeeding = Callable[[int, int], None]
"""Called with the number of sensors that are done, and of all sensors."""


@dataclass(frozen=True, slots=True)
class SeedReport:
    """How many sensors were added; `left_out` are those of municipalities that are here for real."""

    stations: int
    examples: int
    left_out: int


def seed_register(
    session: Session,
    today: date,
    settings: Settings,
    *,
    stations_only: bool = False,
    report_progress: ReportSeeding = lambda _done, _total: None,
) -> SeedReport:
    """Add the weather stations and the examples that are not there yet, by owner and reference.

    Raises: NotPermitted for examples in production.
    """
    if settings.environment == "production" and not stations_only:
        raise NotPermitted(
            LocalizedText(
                "In productie kunt u geen voorbeelden toevoegen, wel de weerstations (--stations-only).",
                "You cannot add examples in production, only the weather stations (--stations-only).",
            )
        )
    in_force = tuple(row.code for row in load_directory(session).municipalities if row.in_force)
    stations = read_stations(today, in_force)
    examples = [] if stations_only else read_examples(today)
    organisations = _ensure_organisations(session, stations_only=stations_only)
    possible = [
        entry for entry in examples if organisations.keys() >= {*entry.organisations, *entry.municipalities}
    ]
    _ensure_duties(session, organisations, today)
    present = list_references(session, list(organisations.values()))
    new = [
        entry
        for entry in [*stations, *possible]
        if (organisations[entry.owner], entry.record["reference"]) not in present
    ]
    if new:
        seeder_id = ensure_system_principal(session, SEEDER)
        for done, entry in enumerate(new):
            report_progress(done, len(new))
            principal = Principal(seeder_id, SEEDER, _grant_roles(entry, organisations))
            _seed_sensor(session, principal, entry, organisations, today)
    added = sum(entry.owner == OWNER for entry in new)
    return SeedReport(added, len(new) - added, len(examples) - len(possible))


def _ensure_organisations(session: Session, *, stations_only: bool) -> dict[str, UUID]:
    """Their ids by heading, without the example of a municipality that is registered for real."""
    kept = list_organisations(session)
    ids = {one.organisation.name: one.id for one in kept}
    taken = {one.organisation.municipality_code for one in kept} - {None}
    ensured = {}
    for heading, fields in read_organisations().items():
        if stations_only and heading != OWNER:
            continue
        if fields["name"] in ids:
            ensured[heading] = ids[fields["name"]]
        elif fields.get("municipalityCode") not in taken:
            ensured[heading] = register_organisation(session, fields, principal_id=None)
    return ensured


def _ensure_duties(session: Session, organisations: Mapping[str, UUID], today: date) -> None:
    """Set the rules of example municipalities that have none, marked as examples."""
    for code, rule in read_duties().items():
        if code in organisations and not load_duties(session, code).profiles:
            given = {**rule, "validFrom": DUTIES_SINCE}
            set_duty(session, None, code, given, today=today, is_example=True)


def _grant_roles(entry: SeedEntry, organisations: Mapping[str, UUID]) -> frozenset[Grant]:
    """Grants of the seeder for one sensor; they are not stored."""
    grants = {Grant("editor", organisations.get(code), code) for code in entry.municipalities}
    return frozenset(grants | {Grant("editor", organisations[entry.owner])} if entry.by_owner else grants)


def _seed_sensor(
    session: Session, principal: Principal, entry: SeedEntry, organisations: Mapping[str, UUID], today: date
) -> None:
    record = {
        name: str(organisations[value]) if name in ORGANISATION_FIELDS else value
        for name, value in entry.record.items()
    }
    context = ActionContext(principal, today)
    if entry.municipalities and not entry.notified_late:
        # The sensor was placed before the register existed: its notification is not late. An entry without
        # municipalities is a company's submission of today, and as late as its dates say.
        context = replace(context, is_never_late=True)
    sensor_id = register_sensor(session, context, record).sensor_id
    for change in entry.changes:
        amend_sensor(session, context, sensor_id, change, expected=ANY_VERSION)
    if entry.confirmed_on:
        confirm_sensor(session, replace(context, today=entry.confirmed_on), sensor_id, expected=ANY_VERSION)
    if entry.removed_on:
        remove_sensor(session, context, sensor_id, {"removedOn": entry.removed_on}, expected=ANY_VERSION)
    if entry.submitted_changes:
        owner = replace(principal, grants=frozenset({Grant("editor", organisations[entry.owner])}))
        for change in entry.submitted_changes:
            amend_sensor(session, replace(context, principal=owner), sensor_id, change, expected=ANY_VERSION)
