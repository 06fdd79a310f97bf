"""What people do with an import: hand a file in, apply what was found sound, cancel, undo.

What takes long is done by a job, which is put in the queue with it.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import edited_municipalities, require_editor
from app.access.principal import Principal
from app.core.errors import Conflict, InvalidRequest, Problem
from app.core.i18n import Language, LocalizedText
from app.core.jobs import defer_job
from app.imports.pipeline import ImportOptions
from app.imports.queries import find_import
from app.imports.tables import RUNNING, SensorImport
from app.imports.uploads import Upload, store_pieces
from app.organisations.queries import find_faces
from app.sensors.registration.permissions import choose_owner

ImportStep = Literal["check", "apply", "undo"]

IMPORT_TASK: Final = "import_sensors"
"""The name of the job that does a step of an import."""


def choose_options(session: Session, principal: Principal, options: ImportOptions) -> ImportOptions:
    """The options with the owner that is meant: whoever edits for one organisation means that one.

    Raises: NotPermitted for whoever may import nothing, or nothing of this owner; InvalidRequest.
    """
    own = choose_owner(principal)
    owner = options.owner
    if owner is None:
        owner = UUID(own) if own else None
    elif not find_faces(session, [owner]):
        unknown = LocalizedText("Deze organisatie kennen wij niet.", "This organisation is not known.")
        raise InvalidRequest(problems=[Problem("unknown", "owner", unknown, str(owner), where="query")])
    elif not edited_municipalities(principal):
        # A municipality registers inside its boundary for others too: that is asked of each record.
        require_editor(principal, owner)
    if options.complete and owner is None:
        whose = LocalizedText("Zeg van wie dit het hele register is.", "Say whose whole register this is.")
        raise InvalidRequest(problems=[Problem("required", "owner", whose, where="query")])
    return replace(options, owner=owner)


def record_import(  # noqa: PLR0913 - a file, from someone, to be taken in some way
    session: Session,
    upload: Upload,
    options: ImportOptions,
    *,
    principal_id: UUID | None,
    request_id: str | None = None,
    apply_at_once: bool = False,
) -> SensorImport:
    """Note an import, as yet without its file; `principal_id` is None for the command line."""
    kept = SensorImport(
        principal_id=principal_id,
        owner_id=options.owner,
        file_name=upload.name,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        mode=options.mode,
        complete=options.complete,
        apply_at_once=apply_at_once,
        defaults=dict(options.defaults),
        language=options.language,
        request_id=request_id,
    )
    session.add(kept)
    session.flush()
    session.refresh(kept)
    return kept


def submit_import(  # noqa: PLR0913 - as above
    session: Session,
    principal: Principal,
    upload: Upload,
    options: ImportOptions,
    *,
    request_id: str | None,
    apply_at_once: bool,
) -> SensorImport:
    """Keep a file, and have it checked; or checked and applied in one go."""
    kept = record_import(
        session,
        upload,
        options,
        principal_id=principal.id,
        request_id=request_id,
        apply_at_once=apply_at_once,
    )
    store_pieces(session, kept.id, upload.content)
    _defer(session, kept, "apply" if apply_at_once else "check")
    return kept


def apply_import(session: Session, principal: Principal, import_id: UUID) -> SensorImport:
    """Have a checked import applied; what the register holds by then decides. Raises: NotFound; Conflict."""
    kept = find_import(session, principal, import_id, lock=True)
    if kept.status != "checked":
        raise _not_now(
            kept,
            LocalizedText(
                "Alleen een import die gecontroleerd is, kan worden toegepast.",
                "Only an import that has been checked can be applied.",
            ),
        )
    counts = (kept.report or {}).get("counts", {})
    if kept.mode == "all" and counts.get("refused"):
        raise Conflict(
            LocalizedText(
                f"{counts['refused']} rijen hebben fouten. Verbeter die en stuur het bestand opnieuw, of stuur het "
                "met `mode=valid_rows`: dan gaan alleen de goede rijen door.",
                f"{counts['refused']} rows have problems. Mend them and send the file again, or send it with "
                "`mode=valid_rows`: then the sound rows go through.",
            )
        )
    _start_anew(kept, principal, "applying")
    _defer(session, kept, "apply")
    session.flush()
    return kept


def undo_import(session: Session, principal: Principal, import_id: UUID) -> SensorImport:
    """Have an applied import undone, as long as nothing of it has changed since. Raises: NotFound; Conflict."""
    kept = find_import(session, principal, import_id, lock=True)
    if kept.status != "applied":
        raise _not_now(
            kept,
            LocalizedText(
                "Alleen een import die is toegepast, kan ongedaan worden gemaakt.",
                "Only an import that has been applied can be undone.",
            ),
        )
    _start_anew(kept, principal, "undoing")
    _defer(session, kept, "undo")
    session.flush()
    return kept


def cancel_import(session: Session, principal: Principal, import_id: UUID) -> SensorImport:
    """Stop an import: at once while it waits, else as soon as its worker hears it. Raises: NotFound; Conflict."""
    kept = find_import(session, principal, import_id, lock=True)
    if kept.status not in RUNNING:
        raise _not_now(kept, LocalizedText("Deze import is al klaar.", "This import has ended already."))
    kept.cancel_requested = True
    if kept.started_at is None:
        kept.status = end_cancelled(kept)
        kept.finished_at = datetime.now(UTC)
    session.flush()
    return kept


def end_cancelled(kept: SensorImport) -> str:
    """The status of an import that was cancelled: what was not undone stays applied."""
    return "applied" if kept.status == "undoing" else "cancelled"


def _start_anew(kept: SensorImport, principal: Principal, status: Literal["applying", "undoing"]) -> None:
    # Whoever asks for it answers for it: it is done with her grants and in her name.
    kept.principal_id = principal.id
    kept.status = status
    kept.cancel_requested = False
    kept.progress = {}
    kept.failure_nl = kept.failure_en = None
    kept.started_at = kept.finished_at = None


def _defer(session: Session, kept: SensorImport, step: ImportStep) -> None:
    # Two files of one owner, each right by itself, would be checked against a register without the other.
    defer_job(
        session,
        IMPORT_TASK,
        lock=f"imports of {kept.owner_id or kept.principal_id}",
        import_id=str(kept.id),
        step=step,
    )


def _not_now(kept: SensorImport, sentence: LocalizedText) -> Conflict:
    status = STATUSES[kept.status]
    return Conflict(
        LocalizedText(f"{sentence.nl} Deze is: {status.nl}.", f"{sentence.en} This one is: {status.en}.")
    )


STATUSES: Final = {
    "waiting": LocalizedText("in de wachtrij", "waiting"),
    "checking": LocalizedText("wordt gecontroleerd", "being checked"),
    "checked": LocalizedText("gecontroleerd", "checked"),
    "applying": LocalizedText("wordt toegepast", "being applied"),
    "applied": LocalizedText("toegepast", "applied"),
    "undoing": LocalizedText("wordt ongedaan gemaakt", "being undone"),
    "undone": LocalizedText("ongedaan gemaakt", "undone"),
    "failed": LocalizedText("mislukt", "failed"),
    "cancelled": LocalizedText("geannuleerd", "cancelled"),
}


def read_options(kept: SensorImport) -> ImportOptions:
    """How the file is to be taken, as it was handed in."""
    mode: Literal["all", "valid_rows"] = "valid_rows" if kept.mode == "valid_rows" else "all"
    language: Language = "en" if kept.language == "en" else "nl"
    return ImportOptions(kept.owner_id, mode, kept.complete, kept.defaults, language)
