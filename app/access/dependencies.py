"""What a route asks of a request: who the caller is, and whether it repeats an earlier one."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.access.actions import authenticate
from app.access.principal import Principal
from app.core.app_state import get_app_state
from app.core.database import WriteSession, transaction
from app.core.errors import InvalidRequest, NotAuthenticated, Problem
from app.core.i18n import LocalizedText

MAX_IDEMPOTENCY_KEY_LENGTH = 255

_bearer = HTTPBearer(
    scheme_name="apiKey",
    bearerFormat="srk_…",
    description="An API key, given out by an administrator of the register.",
    auto_error=False,
)


def read_caller(
    session: WriteSession, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Principal:
    """Whose key the Authorization header holds. Raises: NotAuthenticated."""
    if credentials is None:
        raise NotAuthenticated
    return authenticate(session, credentials.credentials, datetime.now(UTC))


def read_idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Your own name for this request: sent again within a day, it gets the same answer.",
            max_length=MAX_IDEMPOTENCY_KEY_LENGTH,
        ),
    ] = None,
) -> str | None:
    """The Idempotency-Key, if the caller sent one. Raises: InvalidRequest when it is no plain text."""
    if idempotency_key is None:
        return None
    if not idempotency_key.strip() or not idempotency_key.isascii() or not idempotency_key.isprintable():
        sentence = LocalizedText(
            f"Gebruik 1 tot {MAX_IDEMPOTENCY_KEY_LENGTH} gewone tekens, bijvoorbeeld een UUID.",
            f"Use 1 to {MAX_IDEMPOTENCY_KEY_LENGTH} plain characters, for instance a UUID.",
        )
        problem = Problem("unreadable_key", "Idempotency-Key", sentence, idempotency_key, where="header")
        raise InvalidRequest(problems=[problem])
    return idempotency_key


Caller = Annotated[Principal, Depends(read_caller)]
"""Who is asking; a route that names it is closed to who has no valid key."""

IdempotencyKey = Annotated[str | None, Depends(read_idempotency_key)]
"""The Idempotency-Key of a POST, for `idempotency.recall_answer`."""


def read_detached_caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Principal:
    """As `read_caller`, in a transaction of its own. Raises: NotAuthenticated."""
    if credentials is None:
        raise NotAuthenticated
    with transaction(get_app_state(request).write_engine) as session:
        return authenticate(session, credentials.credentials, datetime.now(UTC))


DetachedCaller = Annotated[Principal, Depends(read_detached_caller)]
"""Who is asking, where the answer takes long: no connection to the database is held meanwhile."""
