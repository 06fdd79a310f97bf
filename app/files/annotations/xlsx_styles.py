"""The styles of an Excel file, with added styles for coloured cells. Source: ECMA-376, part 1, 18.8."""

from typing import Final, NamedTuple
from xml.parsers import expat

from app.files.annotations.xml_tags import end_of_element, end_of_tag, replace_attribute
from app.files.readers.xml_stream import parse_bytes

# Colours of cells with a problem and with a warning. No program uses exactly these, so earlier ones are recognised.
_COLOURS: Final = {True: "FFF9C8C3", False: "FFFDF0B5"}


class _Group(NamedTuple):
    """Offsets in the part: where a list begins, and where its end tag begins."""

    begin: int
    end: int


class StyleEditor:
    """Makes the styles that cells are painted with, each a copy of the style of the cell but for its fill."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self._prefix = ""
        self._groups: dict[str, _Group] = {}
        self._styles: list[bytes] = []
        self._fills = 0
        self._own_fills: dict[bool, int] = {}
        self._painted: set[int] = set()
        self._added: dict[tuple[int, bool | None], int] = {}
        self._read()

    def paint(self, style: int, *, is_problem: bool) -> int:
        """The style of a cell that had this one, in the colour of problems or of warnings."""
        return self._add(style, is_problem)

    def is_painted(self, style: int) -> bool:
        return style in self._painted

    def clean(self, style: int) -> int:
        """The style of a cell that was painted an earlier time, without a colour."""
        return self._add(style, None)

    def render(self) -> bytes:
        """Return the part with the added styles."""
        if not self._added:
            return self._part
        colours = sorted({colour for _, colour in self._added if colour is not None} - self._own_fills.keys())
        fills = {colour: self._fills + place for place, colour in enumerate(colours)} | self._own_fills
        made = [
            _refill(self._styles[style], 0 if colour is None else fills[colour])
            for style, colour in self._added
        ]
        part = self._append("cellXfs", made, len(self._styles), self._part)
        # Fills come before the styles in the part; changing the later list first keeps the offsets valid.
        return self._append(
            "fills", [_write_fill(_COLOURS[colour], self._prefix) for colour in colours], self._fills, part
        )

    def _add(self, style: int, colour: bool | None) -> int:  # noqa: FBT001 - a colour, or none
        if {"fills", "cellXfs"} - self._groups.keys() or not 0 <= style < len(self._styles):
            return style
        return self._added.setdefault((style, colour), len(self._styles) + len(self._added))

    def _append(self, name: str, elements: list[bytes], count: int, part: bytes) -> bytes:
        begin, end = self._groups[name]
        body = end_of_tag(part, begin)
        head = replace_attribute(part[begin:body], b"count", str(count + len(elements)).encode())
        return part[:begin] + head + part[body:end] + b"".join(elements) + part[end:]

    def _read(self) -> None:
        parser = expat.ParserCreate()
        path: list[str] = []
        begins: list[int] = []

        def begin(name: str, attributes: dict[str, str]) -> None:
            prefix, colon, name = name.rpartition(":")
            if not path:
                self._prefix = prefix + colon
            path.append(name)
            begins.append(parser.CurrentByteIndex)
            if path[1:] == ["fills", "fill"]:
                self._fills += 1
            elif path[1:3] == ["fills", "fill"] and name == "fgColor":
                self._own_fills |= {
                    is_problem: self._fills - 1
                    for is_problem, colour in _COLOURS.items()
                    if attributes.get("rgb") == colour
                }
            elif (
                path[1:] == ["cellXfs", "xf"] and int(attributes.get("fillId", 0)) in self._own_fills.values()
            ):
                self._painted.add(len(self._styles))

        def end(_: str) -> None:
            at, start = parser.CurrentByteIndex, begins.pop()
            if path[1:] in (["fills"], ["cellXfs"]) and self._part.startswith(b"</", at):
                self._groups[path[1]] = _Group(start, at)
            elif path[1:] == ["cellXfs", "xf"]:
                self._styles.append(self._part[start : end_of_element(self._part, start, at)])
            path.pop()

        parser.StartElementHandler = begin
        parser.EndElementHandler = end
        parse_bytes(self._part, parser)


def _refill(style: bytes, fill: int) -> bytes:
    tag = style[: end_of_tag(style, 0)]
    changed = replace_attribute(replace_attribute(tag, b"fillId", str(fill).encode()), b"applyFill", b"1")
    return changed + style[len(tag) :]


def _write_fill(colour: str, prefix: str) -> bytes:
    pattern = f"{prefix}patternFill"
    return (
        f'<{prefix}fill><{pattern} patternType="solid"><{prefix}fgColor rgb="{colour}"/>'
        f'<{prefix}bgColor indexed="64"/></{pattern}></{prefix}fill>'
    ).encode()
