"""Answers of another server that cannot be used, and the names in them that can."""

import re
from typing import Final

MAX_NAME_LENGTH: Final = 200

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class UnusableAnswer(Exception):
    """The content of an answer is not what it should be."""


def read_name(value: object) -> str:
    """A name to show to people, without characters that hide or reorder text. Raises: UnusableAnswer."""
    name = _CONTROL.sub(" ", value).strip() if isinstance(value, str) else ""
    if not name or len(name) > MAX_NAME_LENGTH:
        raise UnusableAnswer("no name")
    return name
