"""The texts that the cells of an Excel file refer to, as bytes in a row: a Python text takes fifty bytes more."""

from array import array
from typing import IO
from xml.parsers import expat

from app.files.readers.limits import FileLimits
from app.files.readers.text_damage import TextDamage
from app.files.readers.xml_stream import parse_pieces


class SharedStrings:
    """Texts by number, from 0."""

    def __init__(self) -> None:
        self._ends = array("Q", [0])
        self._bytes = bytearray()

    def add(self, text: str) -> None:
        self._bytes += text.encode()
        self._ends.append(len(self._bytes))

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()


def read_shared_strings(content: IO[bytes], limits: FileLimits, damage: TextDamage) -> SharedStrings:
    """The texts, without their formatting and without how they are pronounced; `damage` looks at them.

    Raises: ExpatError.
    """
    texts = SharedStrings()
    collected: list[str] = []
    parser = expat.ParserCreate()
    pronounced = False

    def begin(name: str, _: object) -> None:
        nonlocal pronounced
        name = name.rpartition(":")[2]
        if name == "si":
            collected.clear()
        elif name == "rPh":
            pronounced = True
        elif name == "t" and not pronounced:
            parser.CharacterDataHandler = collected.append

    def end(name: str) -> None:
        nonlocal pronounced
        name = name.rpartition(":")[2]
        if name == "t":
            parser.CharacterDataHandler = None
        elif name == "rPh":
            pronounced = False
        elif name == "si":
            text = "".join(collected)[: limits.cell_characters]
            damage.look_at(text)
            texts.add(text)

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    for _ in parse_pieces(content, parser):
        pass
    return texts
