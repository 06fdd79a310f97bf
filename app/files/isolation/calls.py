"""One call of a function in a process of its own."""

from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.files.isolation.limits import ProcessLimits
from app.files.isolation.messages import write_message
from app.files.isolation.processes import start_reader
from app.files.isolation.sent_errors import send_errors
from app.files.readers.detect import FileFormat, detect_format


def call_isolated(
    function: Callable[..., Any],
    arguments: Sequence[object],
    options: Mapping[str, object],
    limits: ProcessLimits,
) -> Any:
    """The result of the function; arguments and result are pickled.

    Raises: InvalidRequest, also where the process dies or reaches a limit; OSError; Unavailable.
    """
    with start_reader(send_result, (function, tuple(arguments), dict(options)), limits) as process:
        kind, content, _ = process.receive()
    if kind == "error":
        raise content.restore()
    return content


def send_result(
    connection: Connection,
    function: Callable[..., Any],
    arguments: Sequence[object],
    options: Mapping[str, object],
) -> None:
    """Call the function and send what it returns."""
    with send_errors(connection):
        connection.send_bytes(write_message(("content", function(*arguments, **options), {})))


def detect_isolated_format(path: Path) -> FileFormat:
    """`detect_format` in a process of its own. Raises: InvalidRequest; OSError; Unavailable."""
    found: FileFormat = call_isolated(detect_format, (path,), {}, ProcessLimits.of_size(path.stat().st_size))
    return found
