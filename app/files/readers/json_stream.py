"""JSON of any length, value by value: what is held is one feature, not the collection."""

import codecs
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText

_PIECE_BYTES: Final = 1 << 18
_SPACE: Final = re.compile(r"[\s\x1e]*")


class JsonStream:
    """A text read from its beginning to its end. All of its methods raise InvalidRequest where it is not JSON."""

    def __init__(self, content: IO[bytes], value_characters: int, *, is_known: bool = False) -> None:
        """`is_known` text has been read before: it is read twice as fast, and not tried again."""
        self._content = content
        self._value_characters = value_characters
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = (
            json.JSONDecoder()
            if is_known
            else json.JSONDecoder(
                object_pairs_hook=_make_object, parse_constant=_refuse_constant, parse_float=_read_float
            )
        )
        self._text = ""
        self._at = 0
        self._dropped = 0
        self._line = 1
        self._ended = False

    @property
    def characters_read(self) -> int:
        """Number of characters read so far."""
        return self._dropped + self._at

    def peek(self) -> str:
        """Return the next character that is not a space; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._read_on()

    def take(self, character: str) -> bool:
        """Skip this character if it is the next one."""
        if self.peek() != character:
            return False
        self._at += 1
        return True

    def expect(self, character: str) -> None:
        if not self.take(character):
            raise self._refuse(f"hier hoort {character!r} te staan", f"{character!r} is expected here")

    def expect_end(self) -> None:
        if self.peek():
            raise self._refuse("na de verzameling staat nog iets", "something comes after the collection")

    def read_value(self) -> Any:
        """Read the next value: an object, a list, a text, a number, true, false or null."""
        self.peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as wrong:
                if self._ended:
                    raise self._refuse("dit is geen JSON", "this is not JSON") from wrong
            except RecursionError as deep:
                raise self._refuse("te diep genest", "nested too deeply") from deep
            except ValueError as wrong:
                # Raised by the functions below: a name that occurs twice, or a number that is not finite.
                raise self._refuse(
                    *(wrong.args if len(wrong.args) == 2 else ("geen getal", "not a number"))
                ) from wrong
            else:
                # A number at the end of what was read may go on.
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            if len(self._text) - self._at > self._value_characters:
                limit = self._value_characters
                raise self._refuse(
                    f"een waarde van meer dan {limit} tekens", f"a value of over {limit} characters"
                )
            self._read_on()

    def read_list(self) -> Iterator[Any]:
        """Read the values of a list, one at a time."""
        self.expect("[")
        if self.take("]"):
            return
        while True:
            yield self.read_value()
            if self.take("]"):
                return
            self.expect(",")

    def _read_on(self) -> None:
        """Drop what has been read; take at least as much as is waiting, so that a long value is not tried often."""
        self._line += self._text.count("\n", 0, self._at)
        self._dropped += self._at
        self._text = self._text[self._at :]
        self._at = 0
        piece = self._content.read(max(_PIECE_BYTES, len(self._text)))
        self._ended = not piece
        try:
            self._text += self._decoder.decode(piece, final=self._ended)
        except UnicodeDecodeError as wrong:
            self._line += self._text.count("\n") + piece.count(b"\n", 0, wrong.start)
            shown = f"0x{wrong.object[wrong.start]:02X}"
            raise self._refuse(f"{shown} is geen UTF-8", f"{shown} is not UTF-8", counted=True) from wrong

    def _refuse(self, dutch: str, english: str, *, counted: bool = False) -> InvalidRequest:
        line = self._line if counted else self._line + self._text.count("\n", 0, self._at)
        return InvalidRequest(
            LocalizedText(
                f"Het GeoJSON-bestand klopt niet bij regel {line}: {dutch}. Exporteer het opnieuw.",
                f"The GeoJSON file is not valid near line {line}: {english}. Export it again.",
            )
        )


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for name, number in Counter(name for name, _ in pairs).items() if number > 1)
        raise ValueError(f"{twice!r} staat er twee keer", f"{twice!r} comes twice")
    return made


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is geen getal", f"{name} is not a number")


def _read_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is te groot", f"{text} is too large")
    return number
