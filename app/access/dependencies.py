"""Dependencies of routes: the caller, and the Idempotency-Key of a repeated request."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from app.access.authentication import InvalidToken, authenticate
from app.access.events import count_failed_sign_in, count_private_read
from app.access.machines import MachineAccess, authenticate_machine, is_access_token
from app.access.permissions import find_scope, require_scope
from app.access.principal import Principal
from app.access.rate_limits import limit_client
from app.core.app_state import get_app_state
from app.core.database import WriteSession, transaction
from app.core.errors import InvalidRequest, NotAuthenticated
from app.core.http.audience import mark_private
from app.core.http.client_address import find_client_address
from app.core.http.routing import TEMPLATE_KEY
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode

MAX_IDEMPOTENCY_KEY_LENGTH = 255

_bearer = HTTPBearer(
    scheme_name="apiKey",
    bearerFormat="srk_…",
    description="An API key, issued by an administrator of the register, or an access token of its identity provider.",
    auto_error=False,
)


def read_token(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> str:
    """The key in the Authorization header; marks the answer as private. Raises: NotAuthenticated."""
    mark_private(request.scope)
    if credentials is None:
        raise NotAuthenticated
    return credentials.credentials


Token = Annotated[str, Depends(read_token)]


def read_caller(request: Request, token: Token, session: WriteSession) -> Principal:
    """The principal that holds the key in the Authorization header. Raises: NotAuthenticated; TooManyRequests."""
    return _authenticate(request, session, token)


def _authenticate(request: Request, session: Session, token: str) -> Principal:
    try:
        principal = _find_principal(request, session, token)
    except InvalidToken as invalid:
        count_failed_sign_in(request, token, invalid.reason)
        state = get_app_state(request)
        client = find_client_address(request, state.settings.trusted_proxies)
        limit_client(state.write_engine, "failed_key", client, datetime.now(UTC))
        raise
    # The one place where a scope is asked for: every route with a caller comes here.
    require_scope(
        principal, find_scope(request.method, str(request.scope.get(TEMPLATE_KEY, request.url.path)))
    )
    count_private_read(request, principal)
    return principal


def _find_principal(request: Request, session: Session, token: str) -> Principal:
    now = datetime.now(UTC)
    if is_access_token(token):
        access = get_app_state(request).get_cache(MachineAccess, MachineAccess)
        return authenticate_machine(session, access, token, now)
    return authenticate(session, token, now)


def read_idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="A key of your choice for this request. The same key within a day gets the same answer.",
            json_schema_extra={"maxLength": MAX_IDEMPOTENCY_KEY_LENGTH},
        ),
    ] = None,
) -> str | None:
    """The Idempotency-Key, or None without one. Raises: InvalidRequest unless it is printable ASCII."""
    if idempotency_key is None:
        return None
    is_plain = idempotency_key.strip() and idempotency_key.isascii() and idempotency_key.isprintable()
    if not is_plain or len(idempotency_key) > MAX_IDEMPOTENCY_KEY_LENGTH:
        sentence = LocalizedText(
            f"Gebruik 1 tot {MAX_IDEMPOTENCY_KEY_LENGTH} gewone tekens, bijvoorbeeld een UUID.",
            f"Use 1 to {MAX_IDEMPOTENCY_KEY_LENGTH} plain characters, for instance a UUID.",
        )
        problem = Problem(
            ProblemCode.INVALID_IDEMPOTENCY_KEY, "Idempotency-Key", sentence, idempotency_key, where="header"
        )
        raise InvalidRequest(problems=[problem])
    return idempotency_key


Caller = Annotated[Principal, Depends(read_caller)]
"""The authenticated principal. A route with this parameter needs a valid key, and its answer is private."""

IdempotencyKey = Annotated[str | None, Depends(read_idempotency_key)]
"""The Idempotency-Key of a POST, for `idempotency.find_stored_answer`."""


def read_detached_caller(token: Token, request: Request) -> Principal:
    """The same principal as `read_caller`, read in a transaction of its own. Raises: NotAuthenticated."""
    with transaction(get_app_state(request).write_engine) as session:
        return _authenticate(request, session, token)


DetachedCaller = Annotated[Principal, Depends(read_detached_caller)]
"""The authenticated principal, for long answers: no database connection is held meanwhile."""
