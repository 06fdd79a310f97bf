"""Messages of a reader process that a file may have taken over."""

import pickle
from datetime import date
from decimal import Decimal

import pytest

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.isolation.messages import parse_message, write_message
from app.files.table import InvalidCell


def test_values_of_cells_come_through() -> None:
    cell = InvalidCell(ProblemCode.FORMULA_ERROR, "#N/A", LocalizedText("fout", "error"))
    values = [cell, "é", 1, 2.5, None, True, date(2026, 5, 1), Decimal("1.20"), {"a": [1]}]
    assert parse_message(write_message(values)) == values


class _Call:
    def __init__(self, function: object, *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[object, ...]:
        return self.call


@pytest.mark.parametrize(
    "message",
    [
        pickle.dumps(_Call(eval, "1")),
        pickle.dumps(_Call(exit)),
        pickle.dumps(_Call(write_message, 1)),
        b"\x80\x04\x8c\x1bapp.files.isolation.messages\x8c\x0dpickle.dumps\x93.",
        b"capp.files.isolation.processes\nsubprocess\n.",
        b"capp.files.isolation.processes\nPath\n.",
    ],
)
def test_message_that_names_function_is_refused(message: bytes) -> None:
    with pytest.raises((pickle.UnpicklingError, EOFError)):
        parse_message(message)
