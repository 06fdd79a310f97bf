"""Actions on an import: submit a file, apply what was checked, cancel, undo.

Slow steps are done by a job, which is put in the queue in the same transaction.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import edited_municipalities, require_editor
from app.access.principal import Principal
from app.core.errors import Conflict, InvalidRequest, NotFound, TooManyRequests
from app.core.i18n import Language, LocalizedText
from app.core.jobs import defer_job
from app.core.problems import Problem, ProblemCode
from app.imports.mapping_storage import get_mapping, read_mapping
from app.imports.pipeline import ImportOptions
from app.imports.queries import count_waiting, find_import
from app.imports.tables import RUNNING, STATUSES, SensorImport
from app.imports.uploads import Upload, store_pieces
from app.organisations.queries import find_faces
from app.records.layouts import HeadingMapping
from app.sensors.registration.permissions import choose_owner

ImportStep = Literal["check", "apply", "undo"]

IMPORT_TASK: Final = "import_sensors"
"""Name of the job that does a step of an import."""

MAX_WAITING: Final = 20
"""Steps of imports of one owner that may wait at the same time."""

_WAITING_SECONDS: Final = 60
_CHECKED_AGAIN: Final = ("checked", "failed", "cancelled")


def choose_options(session: Session, principal: Principal, options: ImportOptions) -> ImportOptions:
    """The options with their owner; by default the only organisation that the principal edits for.

    Raises: NotPermitted where the principal may import nothing, or nothing for this owner; InvalidRequest.
    """
    own = choose_owner(principal)
    owner = options.owner
    if owner is None:
        owner = UUID(own) if own else None
    elif not find_faces(session, [owner]):
        unknown = LocalizedText(
            "Deze organisatie staat niet in het register. Kies een organisatie uit de lijst.",
            "This organisation is not in the register. Choose an organisation from the list.",
        )
        raise InvalidRequest(
            problems=[Problem(ProblemCode.UNKNOWN_ORGANISATION, "owner", unknown, str(owner), where="query")]
        )
    elif not edited_municipalities(principal):
        # A municipality also registers for others inside its boundary: that is checked for each record.
        require_editor(principal, owner)
    if options.complete and owner is not None:
        # The sensors that the file lacks may lie in any municipality.
        require_editor(principal, owner)
    if options.complete and owner is None:
        whose = LocalizedText(
            "Geef aan van welke eigenaar dit alle sensoren zijn.",
            "State whose sensors these all are: give the owner.",
        )
        raise InvalidRequest(problems=[Problem(ProblemCode.REQUIRED, "owner", whose, where="query")])
    if options.mapping_name is not None:
        mapping = get_mapping(session, owner, options.mapping_name)
        return replace(options, owner=owner, mapping=mapping, mapping_name=None)
    return replace(options, owner=owner)


@dataclass(frozen=True, slots=True)
class Submission:
    """A file with the options of its import; `apply_at_once` also applies it where every row is valid."""

    upload: Upload
    options: ImportOptions
    request_id: str | None = None
    apply_at_once: bool = False


def record_import(session: Session, submission: Submission, *, principal: Principal | None) -> SensorImport:
    """Store an import without the content of its file; `principal` is None for the command line."""
    upload, options = submission.upload, submission.options
    sensor_import = SensorImport(
        principal_id=principal.id if principal else None,
        key_id=principal.key_id if principal else None,
        owner_id=options.owner,
        file_name=upload.name,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        mode=options.mode,
        complete=options.complete,
        apply_at_once=submission.apply_at_once,
        defaults=dict(options.defaults),
        mapping=options.mapping and options.mapping.write_document(),
        mapping_name=options.mapping and options.mapping.name,
        language=options.language,
        request_id=submission.request_id,
    )
    session.add(sensor_import)
    session.flush()
    session.refresh(sensor_import)
    return sensor_import


def submit_import(session: Session, principal: Principal, submission: Submission) -> SensorImport:
    """Store a file with its import, and queue a job that checks it, or checks and applies it."""
    sensor_import = record_import(session, submission, principal=principal)
    store_pieces(session, sensor_import.id, submission.upload.content)
    _defer(session, sensor_import, "apply" if submission.apply_at_once else "check")
    return sensor_import


def check_again(
    session: Session, principal: Principal, import_id: UUID, mapping: HeadingMapping
) -> SensorImport:
    """Queue a job that checks a file again, read with a mapping of its headings. Raises: NotFound; Conflict."""
    sensor_import = find_import(session, principal, import_id, lock=True)
    if sensor_import.status not in _CHECKED_AGAIN:
        raise _wrong_status(
            sensor_import,
            LocalizedText(
                "Alleen een import die nog niet is toegepast, kan opnieuw worden gelezen.",
                "Only an import that has not been applied can be read again.",
            ),
        )
    _start_step(sensor_import, principal, "waiting")
    sensor_import.mapping, sensor_import.mapping_name = mapping.write_document(), mapping.name
    sensor_import.report = None
    _defer(session, sensor_import, "check")
    session.flush()
    return sensor_import


def apply_import(
    session: Session, principal: Principal, import_id: UUID, *, only_valid_rows: bool = False
) -> SensorImport:
    """Queue a job that applies a checked import to the register as it is then.

    With `only_valid_rows` an import of all rows becomes one of the rows without problems. Raises: NotFound; Conflict.
    """
    sensor_import = find_import(session, principal, import_id, lock=True)
    if only_valid_rows:
        sensor_import.mode = "valid_rows"
    if sensor_import.status != "checked":
        raise _wrong_status(
            sensor_import,
            LocalizedText(
                "Alleen een import die gecontroleerd is, kan worden toegepast.",
                "Only an import that has been checked can be applied.",
            ),
        )
    counts = (sensor_import.report or {}).get("counts", {})
    if sensor_import.mode == "all" and counts.get("refused"):
        raise Conflict(
            LocalizedText(
                f"{counts['refused']} rijen hebben fouten. Verbeter die en stuur het bestand opnieuw, of stuur het "
                "met `mode=valid_rows`: dan gaan alleen de rijen zonder fouten door.",
                f"{counts['refused']} rows have problems. Correct them and send the file again, or send it with "
                "`mode=valid_rows`: then only the rows without problems are imported.",
            )
        )
    _start_step(sensor_import, principal, "applying")
    _defer(session, sensor_import, "apply")
    session.flush()
    return sensor_import


def undo_import(session: Session, principal: Principal, import_id: UUID) -> SensorImport:
    """Queue a job that undoes an applied import, if none of its sensors changed since. Raises: NotFound; Conflict."""
    sensor_import = find_import(session, principal, import_id, lock=True)
    _require_applied(sensor_import)
    _start_step(sensor_import, principal, "undoing")
    _defer(session, sensor_import, "undo")
    session.flush()
    return sensor_import


def lock_applied_import(session: Session, import_id: UUID) -> UUID | None:
    """Owner of an applied import, which stays locked until the transaction ends. Raises: NotFound; Conflict."""
    sensor_import = session.get(SensorImport, import_id, with_for_update={"key_share": True})
    if sensor_import is None:
        raise NotFound(
            LocalizedText(
                "Deze import bestaat niet. Met `imports list` ziet u alle imports.",
                "This import does not exist. `imports list` shows all imports.",
            )
        )
    _require_applied(sensor_import)
    return sensor_import.owner_id


def cancel_import(session: Session, principal: Principal, import_id: UUID) -> SensorImport:
    """Cancel an import: now where it waits, else when its worker next checks. Raises: NotFound; Conflict."""
    sensor_import = find_import(session, principal, import_id, lock=True)
    if sensor_import.status not in RUNNING:
        raise _wrong_status(
            sensor_import, LocalizedText("Deze import is al klaar.", "This import has already ended.")
        )
    sensor_import.cancel_requested = True
    if sensor_import.started_at is None:
        sensor_import.status = status_when_cancelled(sensor_import)
        sensor_import.finished_at = datetime.now(UTC)
    session.flush()
    return sensor_import


def status_when_cancelled(sensor_import: SensorImport) -> str:
    """Final status of a cancelled import: `applied` where it was being undone."""
    return "applied" if sensor_import.status == "undoing" else "cancelled"


def _start_step(
    sensor_import: SensorImport, principal: Principal, status: Literal["waiting", "applying", "undoing"]
) -> None:
    # The person who starts a step is responsible for it: it is done with the grants of their key, in their name.
    sensor_import.principal_id = principal.id
    sensor_import.key_id = principal.key_id
    sensor_import.status = status
    sensor_import.cancel_requested = False
    sensor_import.progress = {}
    sensor_import.failure_nl = sensor_import.failure_en = sensor_import.failure_code = None
    sensor_import.started_at = sensor_import.finished_at = None


def require_room(session: Session, principal: Principal, owner: UUID | None) -> None:
    """Raises: TooManyRequests where too many imports of the owner, or of the principal without one, are waiting."""
    if count_waiting(session, owner, principal.id) >= MAX_WAITING:
        raise _refuse_waiting()


def _refuse_waiting() -> TooManyRequests:
    sentence = LocalizedText(
        f"Er wachten al {MAX_WAITING} imports van deze eigenaar. Wacht tot die klaar zijn, of annuleer er een.",
        f"There are {MAX_WAITING} imports of this owner waiting. Wait until they are done, or cancel one.",
    )
    return TooManyRequests(
        problems=[Problem(ProblemCode.TOO_MANY_WAITING, "", sentence)],
        headers={"Retry-After": str(_WAITING_SECONDS)},
    )


def _defer(session: Session, sensor_import: SensorImport, step: ImportStep) -> None:
    # This import waits as well.
    if count_waiting(session, sensor_import.owner_id, sensor_import.principal_id) > MAX_WAITING:
        raise _refuse_waiting()
    # Two files of one owner at a time would each be checked against a register without the other.
    defer_job(
        session,
        IMPORT_TASK,
        lock=f"imports of {sensor_import.owner_id or sensor_import.principal_id}",
        import_id=str(sensor_import.id),
        step=step,
    )


def _wrong_status(sensor_import: SensorImport, sentence: LocalizedText) -> Conflict:
    status = STATUSES[sensor_import.status]
    return Conflict(
        LocalizedText(
            f"{sentence.nl} De status is: {status.nl}.", f"{sentence.en} Its status is: {status.en}."
        )
    )


def _require_applied(sensor_import: SensorImport) -> None:
    if sensor_import.status != "applied":
        raise _wrong_status(
            sensor_import,
            LocalizedText(
                "Alleen een import die is toegepast, kan ongedaan worden gemaakt.",
                "Only an import that has been applied can be undone.",
            ),
        )


def read_options(sensor_import: SensorImport) -> ImportOptions:
    """Options that the import was submitted with."""
    mode: Literal["all", "valid_rows"] = "valid_rows" if sensor_import.mode == "valid_rows" else "all"
    language: Language = "en" if sensor_import.language == "en" else "nl"
    return ImportOptions(
        sensor_import.owner_id,
        mode,
        sensor_import.complete,
        sensor_import.defaults,
        language,
        read_mapping(sensor_import.mapping, sensor_import.mapping_name),
    )
