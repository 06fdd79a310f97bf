"""Detection of the encoding of a text file: UTF-8, UTF-16, Windows-1252, MacRoman or one of DOS."""

import codecs
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.code_pages import CodePageSurvey
from app.files.readers.limits import FileLimits

_PIECE_BYTES: Final = 1 << 20
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")

ENCODING_NAMES: Final[Mapping[str, str]] = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    # Excel in the Netherlands writes this as "CSV", Excel on a Mac the second, and DOS programs the others.
    "cp1252": "Windows-1252",
    "mac_roman": "MacRoman",
    "cp850": "DOS 850",
    "cp437": "DOS 437",
}
"""Encodings as people know them, by their names in Python."""


def detect_encoding(path: Path, limits: FileLimits) -> str:
    """The Python name of the encoding in which every byte of the file makes sense, a byte order mark taken off.

    Raises: InvalidRequest naming line and byte, where text of two encodings is mixed; also where it is not clear which
    encoding it is, and where a line is longer than may be held.
    """
    _check_lines(path, limits)
    with path.open("rb") as file:
        mark = file.read(3)
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig" if mark == codecs.BOM_UTF8 else "utf-8"
    place = _find_wrong_byte(path, encoding)
    if place is None:
        return encoding
    if encoding != "utf-8" or _has_letters_of_utf_8(path):
        raise _refuse_byte(path, place, encoding.removesuffix("-sig").upper())
    return _choose_code_page(path)


def _choose_code_page(path: Path) -> str:
    """Raises: InvalidRequest where the bytes make sense in several encodings, or in none."""
    survey = CodePageSurvey()
    for start, piece in _read_pieces(path):
        if (nul := piece.find(b"\x00")) >= 0:
            raise _refuse_byte(path, start + nul, ENCODING_NAMES["cp1252"])
        survey.look_at(piece)
    encoding = survey.choose()
    if encoding is not None:
        return encoding
    readings = [f"{ENCODING_NAMES[page]}: {text}" for page, text in survey.list_readings()]
    shown = "; ".join(dict.fromkeys(readings))
    raise InvalidRequest(
        LocalizedText(
            f"Het bestand is geen UTF-8, en het is niet zeker in welke codering het wel is opgeslagen ({shown}). "
            "Open het in het programma waarin het goed te lezen is en sla het op als CSV UTF-8.",
            f"The file is not UTF-8, and it is not certain in which encoding it was saved ({shown}). Open it in the "
            "program in which it reads well and save it as CSV UTF-8.",
        )
    )


def _check_lines(path: Path, limits: FileLimits) -> None:
    last_break = 0
    for start, piece in _read_pieces(path):
        found = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        last_break = start + found if found >= 0 else last_break
        if start + len(piece) - last_break > limits.row_characters:
            raise InvalidRequest(
                LocalizedText(
                    f"Het bestand heeft een regel van meer dan {limits.row_characters} tekens. Is dit wel CSV?",
                    f"The file has a line of more than {limits.row_characters} characters. Is this CSV?",
                )
            )


def _find_wrong_byte(path: Path, encoding: str) -> int | None:
    """Where in the file the first byte stands that is not of this encoding, or is NUL, which no text holds."""
    decoder = codecs.getincrementaldecoder(encoding)()
    waiting = 0
    for start, piece in _read_pieces(path):
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as wrong:
            return start - waiting + wrong.start
        if (nul := text.find("\x00")) >= 0:
            return start - waiting + len(text[:nul].encode(encoding))
        waiting = len(decoder.getstate()[0])
    return None


def _has_letters_of_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
    return any(_BEYOND_ASCII.search(decoder.decode(piece)) for _, piece in _read_pieces(path))


def _refuse_byte(path: Path, place: int, encoding: str) -> InvalidRequest:
    line, byte = 1, b""
    for start, piece in _read_pieces(path):
        line += piece.count(b"\n", 0, max(0, place - start))
        if start <= place < start + len(piece):
            byte = piece[place - start : place - start + 1]
    found = f"0x{byte.hex().upper()}"
    return InvalidRequest(
        LocalizedText(
            f"Regel {line} bevat iets dat geen {encoding} is: {found}, byte {place + 1} van het bestand. "
            "Sla het bestand opnieuw op als CSV UTF-8.",
            f"Line {line} holds what is not {encoding}: {found}, byte {place + 1} of the file. "
            "Save the file again as CSV UTF-8.",
        )
    )


def _read_pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each piece with where it starts; the last is empty, so that a decoder can say what it still waits for."""
    start = 0
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE_BYTES)
            yield start, piece
            if not piece:
                return
            start += len(piece)
