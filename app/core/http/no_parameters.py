"""Query parameters of routes that take none."""

from typing import Final

from fastapi import Depends, Request

from app.core.query_string import require_no_parameters


def refuse_parameters(request: Request) -> None:
    """Refuse all query parameters, as a dependency. Raises: InvalidRequest."""
    require_no_parameters(request.scope["query_string"])


NO_PARAMETERS: Final = [Depends(refuse_parameters)]
"""`dependencies` of a route without query parameters."""
