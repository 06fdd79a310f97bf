"""The parts of an Excel file by what they are: a program names them as it likes, and relationships tell which is which.

Source: ECMA-376, part 2, 6.5 (relationships); part 1, 12 (parts of a workbook).
"""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Final, NamedTuple

from app.files.readers.xml_stream import list_elements

_SMALL_PART_BYTES: Final = 20_000_000
_WORKBOOK: Final = "xl/workbook.xml"


class Relationship(NamedTuple):
    """Reference from one part to another: the last word of its kind, such as `styles`, and the name of the part."""

    kind: str
    target: str


class XlsxParts:
    """An opened archive, and the part that is its workbook. Raises: KeyError where it has none; as `list_elements`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        # Names of parts are the same whatever their capitals.
        self._parts = {_fold(part.filename): part for part in archive.infolist()}
        self._workbook = self._find_workbook()
        self.relationships = dict(self._list_relationships(self._workbook))
        """Those of the workbook, by their id."""

    def find(self, kind: str) -> zipfile.ZipInfo | None:
        """The part of the workbook of this kind. Programs name one for texts or styles that they then do not write."""
        target = next((found.target for found in self.relationships.values() if found.kind == kind), "")
        return self._parts.get(_fold(target))

    def get(self, name: str) -> zipfile.ZipInfo:
        """The part with this name. Raises: KeyError."""
        return self._parts[_fold(name)]

    def list_workbook(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The elements of the workbook."""
        return self.list_elements(self.get(self._workbook))

    def list_elements(self, part: zipfile.ZipInfo) -> Iterator[tuple[str, dict[str, str]]]:
        """The elements of a part that is small in any workbook. Raises: BadZipFile, ExpatError."""
        if part.file_size > _SMALL_PART_BYTES:
            raise zipfile.BadZipFile(f"{part.filename} is too large")
        with self._archive.open(part) as content:
            yield from list_elements(content)

    def _find_workbook(self) -> str:
        found = self._list_relationships("")
        return next((one.target for _, one in found if one.kind == "officeDocument"), _WORKBOOK)

    def _list_relationships(self, owner: str) -> Iterator[tuple[str, Relationship]]:
        folder, name = posixpath.split(owner)
        part = self._parts.get(_fold(f"{folder}/_rels/{name}.rels"))
        for element, attributes in self.list_elements(part) if part else ():
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
                kind = attributes["Type"].rpartition("/")[2]
                yield attributes["Id"], Relationship(kind, target)


def _fold(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
