"""Errors in a reader process, as they are sent to its caller."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from app.core.errors import InvalidRequest, Unavailable
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.temporary_files import translate_storage_error
from app.files.isolation.messages import write_message


@dataclass(frozen=True, slots=True)
class SentRefusal:
    """An InvalidRequest; of its problems all but their values."""

    detail: LocalizedText | None
    problems: Sequence[tuple[str, str, LocalizedText]]

    def restore(self) -> InvalidRequest:
        problems = [Problem(ProblemCode(code), where, detail) for code, where, detail in self.problems]
        return InvalidRequest(self.detail, problems=problems)


@dataclass(frozen=True, slots=True)
class SentOutage:
    """An Unavailable: no space for temporary files."""

    detail: LocalizedText | None

    def restore(self) -> Unavailable:
        return Unavailable(self.detail, headers={"Retry-After": "60"})


@dataclass(frozen=True, slots=True)
class SentFileError:
    """An OSError, such as a file that is not there."""

    number: int | None
    sentence: str
    file_name: str | None

    def restore(self) -> OSError:
        return OSError(self.number, self.sentence, self.file_name)


@contextmanager
def send_errors(connection: Connection) -> Iterator[None]:
    """Send the error that ends the block; one of another kind ends the process, and its caller refuses the file."""
    try:
        yield
    except (BrokenPipeError, ConnectionResetError):
        # The caller has stopped reading.
        raise
    except InvalidRequest as error:
        if isinstance(error.__cause__, MemoryError):
            # A library reports it as damage of the file.
            raise error.__cause__ from error
        problems = [(problem.code.value, problem.location, problem.detail) for problem in error.problems]
        _send(connection, SentRefusal(error.detail, problems))
    except Exception as error:
        outage = translate_storage_error(error)
        if outage is not None:
            _send(connection, SentOutage(outage.detail))
        elif isinstance(error, OSError):
            file_name = None if error.filename is None else str(error.filename)
            _send(connection, SentFileError(error.errno, error.strerror or str(error), file_name))
        else:
            raise


def _send(connection: Connection, error: SentRefusal | SentOutage | SentFileError) -> None:
    connection.send_bytes(write_message(("error", error, {})))
