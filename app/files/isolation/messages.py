"""Messages from a reader process: pickled, and unpickled by a reader of its own that makes values and no calls.

A file that took over its reader process must not take over the process that reads its messages.
"""

import importlib
import io
import pickle
from typing import Any, Final

MAX_MESSAGE_BYTES: Final = 50_000_000
"""Size of one message: a hundred rows with what is in them."""

_MODULES: Final = (
    "app.core.i18n",
    "app.core.problems",
    "app.files.",
    "app.spatial.crs",
    "datetime",
    "decimal",
    "uuid",
)


def write_message(message: object) -> bytes:
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def parse_message(message: bytes) -> Any:
    """The message. Raises: pickle.UnpicklingError for one that names anything but a class of values."""
    return _ValueUnpickler(io.BytesIO(message)).load()


class _ValueUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_MODULES):
            found = getattr(importlib.import_module(module), name, None)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a value of a table")
