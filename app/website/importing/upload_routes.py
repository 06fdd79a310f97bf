"""Earlier imports, and the form that sends a file for a new one."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from app.access.permissions import may_edit
from app.access.sessions import PersonSession
from app.core.database import transaction
from app.core.errors import InvalidRequest, NotPermitted, RegisterError, TooManyRequests
from app.core.i18n import LANGUAGES, LocalizedText
from app.core.observability import current_request_id
from app.core.problems import Problem, ProblemCode
from app.core.templates import localise_path, render_page
from app.imports.actions import Submission, choose_options, require_room, submit_import
from app.imports.page_parameters import ImportPage
from app.imports.pipeline import ImportOptions
from app.imports.queries import list_imports
from app.imports.routes import imports_url
from app.imports.schemas import name_status, write_import
from app.imports.uploads import Upload, spool_upload
from app.organisations.queries import get_organisation
from app.website.account.visits import AccountRouter, OwnVisit, Visit
from app.website.importing.own_imports import IMPORTS

router = AccountRouter()

UPLOAD_PATHS: Final = tuple(localise_path(IMPORTS, language) for language in LANGUAGES)
"""Paths at which a file may be as large as an import may be."""

_PIECE_BYTES: Final = 1 << 18
_SHOWN: Final = 20
_MAX_FIELDS: Final = 5

_NO_FILE: Final = LocalizedText(
    "Kies eerst een bestand op uw computer.", "First choose a file on your computer."
)
_NO_RIGHT: Final = LocalizedText(
    "U kunt alleen importeren voor een organisatie waarvan u redacteur bent. Kies die eerst bij Mijn werkplek.",
    "You can only import for an organisation of which you are an editor. First choose it at My workplace.",
)


@router.own(IMPORTS)
def show_imports(own: OwnVisit) -> Response:
    """The form, and the newest imports that the person may see."""
    return _render(own)


def _render(own: OwnVisit, refused: RegisterError | None = None) -> Response:
    language, owner = own.visit.language, own.signed_in.organisation_id
    page, _ = list_imports(own.session, own.signed_in.principal, ImportPage(limit=_SHOWN))
    address = imports_url(own.visit.request)
    imports = [
        (write_import(one, language, address), one.created_at, name_status(one.status)) for one in page
    ]
    problems = [problem.detail.render(language) for problem in refused.problems] if refused else []
    if refused and not problems:
        problems = [(refused.detail or refused.title).render(language)]
    return render_page(
        own.visit.request,
        "website/importing/start.html",
        status=refused.status if refused else 200,
        owner=get_organisation(own.session, owner).organisation.name if owner else "",
        may_import=owner is not None and may_edit(own.signed_in.principal, owner),
        imports=[(found, created_at, status.render(language)) for found, created_at, status in imports],
        problems=problems,
    )


@router.own_file(IMPORTS, "POST")
async def receive_file(visit: Visit, signed_in: PersonSession) -> Response:
    """Receive a file and queue its check; the next page shows how far that is."""
    try:
        # The right is checked before the file is received.
        await run_in_threadpool(_require_right, visit, signed_in)
        async with visit.request.form(max_files=1, max_fields=_MAX_FIELDS) as form:
            file = _require_file(form)
            options = _choose(visit, signed_in, is_complete=form.get("compleet") == "ja")
            async with spool_upload(_read(file), file.filename or "") as upload:
                import_id = await run_in_threadpool(_submit, visit, signed_in, upload, options)
    except (InvalidRequest, NotPermitted, TooManyRequests) as refused:
        return await run_in_threadpool(_render_refused, visit, signed_in, refused)
    return visit.go_to(f"{IMPORTS}/{import_id}")


def _require_file(form: FormData) -> UploadFile:
    """The chosen file. Raises: InvalidRequest."""
    file = form.get("bestand")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidRequest(problems=[Problem(ProblemCode.REQUIRED, "bestand", _NO_FILE)])
    return file


async def _read(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE_BYTES):
        yield piece


def _choose(visit: Visit, signed_in: PersonSession, *, is_complete: bool = False) -> ImportOptions:
    return ImportOptions(signed_in.organisation_id, complete=is_complete, language=visit.language)


def _require_right(visit: Visit, signed_in: PersonSession) -> None:
    """Raises: NotPermitted; TooManyRequests."""
    owner = signed_in.organisation_id
    if owner is None or not may_edit(signed_in.principal, owner):
        raise NotPermitted(_NO_RIGHT)
    with transaction(visit.state.write_engine) as session:
        require_room(session, signed_in.principal, owner)


def _submit(visit: Visit, signed_in: PersonSession, upload: Upload, options: ImportOptions) -> UUID:
    with transaction(visit.state.write_engine) as session:
        chosen = choose_options(session, signed_in.principal, options)
        submission = Submission(upload, chosen, request_id=current_request_id.get())
        return submit_import(session, signed_in.principal, submission).id


def _render_refused(visit: Visit, signed_in: PersonSession, refused: RegisterError) -> Response:
    with transaction(visit.state.write_engine) as session:
        return _render(OwnVisit(visit, session, signed_in), refused)
