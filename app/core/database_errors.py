"""Translation of database errors into errors of the register."""

import logging
from collections.abc import Callable

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.core.errors import Conflict, InvalidRequest, RegisterError, Unavailable
from app.core.i18n import LocalizedText

_log = logging.getLogger(__name__)

# Source: PostgreSQL 15, appendix A. A class (two characters) or a whole code.
_UNAVAILABLE = {
    "08": "connection lost",
    "25006": "read-only server",
    "40001": "serialization failure",
    "40P01": "deadlock",
    "53": "out of resources",
    "55P03": "lock timeout",
    "57": "server shut down, or statement timeout",
}
_UNSTORABLE_TEXT = ("22021", "22P05")
# Numbers out of range and invalid powers or logarithms, in a calculation of the caller. A division by zero is our own
# fault: the filter avoids it.
_UNCOMPUTABLE = ("22003", "2201E", "2201F")
_VIOLATIONS = ("23503", "23505", "23514", "23P01")

_by_constraint: dict[str, Callable[[], RegisterError]] = {}


def translate_constraint(name: str, make_error: Callable[[], RegisterError]) -> None:
    """Register the error that a violation of a constraint becomes; call it beside the rules of the table.

    Raises: ValueError when the constraint has an error already.
    """
    if name in _by_constraint:
        raise ValueError(f"constraint {name} is translated twice")
    _by_constraint[name] = make_error


def translate_database_error(error: Exception) -> RegisterError | None:
    """The error for the caller; None when the fault is our own."""
    if isinstance(error, PoolTimeoutError):
        return _unavailable("no free connection")
    original = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(original, psycopg.Error):
        return None
    if original.sqlstate is None:
        return _translate_driver_error(original)
    return _translate_state(original.sqlstate, original)


def _translate_state(state: str, original: psycopg.Error) -> RegisterError | None:
    if reason := _UNAVAILABLE.get(state) or _UNAVAILABLE.get(state[:2]):
        return _unavailable(f"{reason} ({state})")
    if state in _UNSTORABLE_TEXT:
        return _unstorable_text()
    if state in _UNCOMPUTABLE:
        return InvalidRequest(
            LocalizedText(
                "Een berekening in het filter heeft geen uitkomst, bijvoorbeeld een wortel van een negatief getal.",
                "A calculation in the filter could not be evaluated (for example a root of a negative number).",
            )
        )
    if state in _VIOLATIONS:
        return _translate_violation(original)
    return None


def _translate_driver_error(original: psycopg.Error) -> RegisterError | None:
    """Translate an error of the driver, without a code of the server."""
    if isinstance(original, psycopg.OperationalError):
        return _unavailable(type(original).__name__)
    if isinstance(original, psycopg.DataError) and "NUL" in str(original):
        return _unstorable_text()
    return None


def _translate_violation(original: psycopg.Error) -> RegisterError:
    name = original.diag.constraint_name or ""
    if name in _by_constraint:
        return _by_constraint[name]()
    # The constraint protected the data; only the message is less specific than it should be.
    _log.warning("constraint %s has no translation", name)
    return Conflict()


def _unavailable(reason: str) -> Unavailable:
    _log.warning("database: %s", reason)
    return Unavailable(headers={"Retry-After": "5"})


def _unstorable_text() -> InvalidRequest:
    return InvalidRequest(
        LocalizedText(
            "Een tekst bevat een teken dat niet kan worden opgeslagen (NUL).",
            "A text holds a character that cannot be stored (NUL).",
        )
    )
