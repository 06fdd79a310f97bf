"""The history of one registration for those who see more than the public: who did what when and why, old beside new."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.audit.queries import Entry, list_entries
from app.core.i18n import LocalizedText
from app.organisations.queries import find_faces
from app.sensors.fields import FIELD_BY_NAME, FieldKind
from app.sensors.presentation import Labels
from app.sensors.registration.remarks import Remark, list_remarks
from app.sensors.registration.schemas import write_registration
from app.sensors.registration.version_record import SensorVersion
from app.sensors.search.detail import PublicVersion
from app.website.log.action_words import name_action
from app.website.log.actor_names import ActorNames
from app.website.sensor.history import HistoryChange, HistoryDifference, describe_change

MAX_ENTRIES: Final = 1000

_WITHOUT_ENTRY: Final = LocalizedText("Gewijzigd", "Changed")
_ERASED: Final = LocalizedText(
    "De inhoud van deze versie is gewist.", "The content of this version was erased."
)
_REDACTED: Final = LocalizedText(
    "Deze versie is uit de openbare geschiedenis gehaald.",
    "This version was taken out of the public history.",
)
_REMARKS: Final = {
    "change_request": LocalizedText("Reden om wijzigingen te vragen", "Reason for requesting changes"),
    "rejection": LocalizedText("Reden van de afwijzing", "Reason of the rejection"),
    "comment": LocalizedText("Opmerking", "Comment"),
    "answer": LocalizedText("Antwoord", "Answer"),
}
_NO_VERSION: Final = frozenset({"redact_sensor", "erase_sensor", "redact_import", "erase_import"})
"""Actions that name a version and write none."""


@dataclass(frozen=True, slots=True)
class SensorEvent:
    """An action on a registration. `version` is the number of the version that it wrote, None where it wrote none."""

    moment: datetime
    title: str
    actor: str
    version: int | None
    status: str | None
    reason: str | None
    sentences: tuple[str, ...]
    changes: tuple[HistoryChange, ...]


def list_sensor_events(
    session: Session, reader: Principal, versions: Sequence[SensorVersion], labels: Labels, today: date
) -> list[SensorEvent]:
    """The events of a registration, newest first; `versions` are all of it, newest first, visible to the reader."""
    entries = _list_entries(session, versions)
    remarks = list_remarks(session, reader, versions[0].sensor_id)
    near = {one for version in versions for one in (version.owner_id, version.on_behalf_of_id) if one}
    principals = {entry.principal_id for entry in entries if entry.principal_id}
    names = ActorNames(session, reader, principals, near)
    written = dict(_match(versions, entries))
    differences = _describe_differences(session, versions, labels, today)
    events = [
        _describe_version(
            version, written.get(version.number), differences.get(version.number), names, labels
        )
        for version in versions
    ]
    used = {entry.id for entry in written.values()}
    events += [_describe_entry(entry, names, labels) for entry in entries if entry.id not in used]
    events += [_describe_remark(remark, labels) for remark in remarks]
    return sorted(events, key=lambda one: (one.moment, one.version or 0), reverse=True)


def _list_entries(session: Session, versions: Sequence[SensorVersion]) -> list[Entry]:
    sensor_id = versions[0].sensor_id
    entries = list(list_entries(session, subject_kind="sensor", subject_id=sensor_id, limit=MAX_ENTRIES))
    for import_id in sorted({version.import_id for version in versions if version.import_id}):
        entries += list_entries(session, subject_kind="import", subject_id=import_id)
    return entries


def _match(versions: Sequence[SensorVersion], entries: Sequence[Entry]) -> Iterator[tuple[int, Entry]]:
    """The entry of each version. An action on many sensors does not name their versions: it began just before them."""
    writing = [entry for entry in entries if entry.action not in _NO_VERSION]
    by_number = {entry.details["version"]: entry for entry in writing if entry.details.get("version")}
    by_import = {entry.subject_ids[0]: entry for entry in writing if entry.action == "import_sensors"}
    of_many = [entry for entry in writing if "sensors" in entry.details or entry.action == "undo_import"]
    for version in versions:
        entry = by_number.get(version.number) or by_import.get(str(version.import_id))
        if entry is None:
            earlier = [one for one in of_many if one.recorded_at <= version.recorded_at]
            entry = max(earlier, key=lambda one: one.recorded_at, default=None)
        if entry is not None:
            yield version.number, entry


def _describe_version(
    version: SensorVersion,
    entry: Entry | None,
    difference: HistoryDifference | None,
    names: ActorNames,
    labels: Labels,
) -> SensorEvent:
    sentences = list(difference.events) if difference else []
    if version.redacted_at is not None:
        sentences.append(labels.render(_ERASED if version.erased else _REDACTED))
    return SensorEvent(
        moment=version.recorded_at,
        title=labels.render(name_action(entry.action) if entry else _WITHOUT_ENTRY),
        actor=labels.render(names.name(entry.principal_id)) if entry else "",
        version=version.number,
        status=labels.name_term("registrationStatus", version.registration_status),
        reason=entry.reason if entry else None,
        sentences=tuple(sentences),
        changes=difference.values if difference else (),
    )


def _describe_entry(entry: Entry, names: ActorNames, labels: Labels) -> SensorEvent:
    return SensorEvent(
        moment=entry.recorded_at,
        title=labels.render(name_action(entry.action)),
        actor=labels.render(names.name(entry.principal_id)),
        version=None,
        status=None,
        reason=entry.reason,
        sentences=(),
        changes=(),
    )


def _describe_remark(remark: Remark, labels: Labels) -> SensorEvent:
    field = FIELD_BY_NAME.get(remark.field or "")
    title = labels.render(_REMARKS[remark.kind])
    return SensorEvent(
        moment=remark.recorded_at,
        title=f"{title}: {labels.render(field.label)}" if field else title,
        actor=f"{labels.render(remark.author)} ({remark.organisation})"
        if remark.author
        else remark.organisation,
        version=None,
        status=None,
        reason=remark.text,
        sentences=(),
        changes=(),
    )


def _describe_differences(
    session: Session, versions: Sequence[SensorVersion], labels: Labels, today: date
) -> dict[int, HistoryDifference]:
    """The difference of each version from the one before it, by its number; none where either was erased."""
    names = _name_organisations(session, versions)
    ordered = [version for version in reversed(versions) if not version.erased]
    described = {version.number: _as_public(version, names, labels, today) for version in ordered}
    return {
        newer.number: describe_change(described[older.number], described[newer.number], labels, sees_all=True)
        for older, newer in pairwise(ordered)
    }


def _name_organisations(session: Session, versions: Iterable[SensorVersion]) -> Mapping[UUID, str]:
    columns = [field.column for field in FIELD_BY_NAME.values() if field.kind is FieldKind.ORGANISATION]
    named = {getattr(version, name) for version in versions for name in (*columns, "on_behalf_of_id")}
    return {one: face.name or "" for one, face in find_faces(session, named - {None}).items()}


def _as_public(
    version: SensorVersion, names: Mapping[UUID, str], labels: Labels, today: date
) -> PublicVersion:
    """The version in the form of a public one, so that both histories have the same words."""
    properties: dict[str, Any] = write_registration(version, labels.language, today)
    for name, field in FIELD_BY_NAME.items():
        if field.kind is FieldKind.ORGANISATION and name in properties:
            properties[f"{name}Name"] = names.get(UUID(properties[name]), "")
    if version.on_behalf_of_id is not None:
        properties["onBehalfOfName"] = names.get(version.on_behalf_of_id, "")
    place = to_shape(version.location) if version.location is not None else None
    areas = {
        kind: str(area)
        for kind, area in (("operating", version.operating_area), ("observed", version.observed_area))
        if area is not None
    }
    feature = {
        "properties": {"visibility": "public", **properties},
        "geometry": {"coordinates": place.coords[0] if place is not None else None},
    }
    return PublicVersion(version.number, version.recorded_at, version.superseded_at, feature, areas)
