"""Parsing the text of a filter into its tree, within limits that are checked first.

The parser of CQL2 text takes twice as long for each grouping bracket, since it tries an expression and a list: 25
unclosed brackets would take minutes. So grouping brackets are named first: `(a = 1)` becomes `grouped(a = 1)`, and the
parser reads a function call once. The names are then removed from the tree.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import cql2

from app.core import strict_json
from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode

MAX_FILTER_BYTES: Final = 4096
MAX_GEOMETRY_BYTES: Final = 200_000
"""Bytes of coordinates in a filter that is sent in a body; its words are limited as those of any filter."""
MAX_LEVELS: Final = 48
_MAX_NESTED: Final = 5 * MAX_LEVELS
"""Maximum depth of nested lists and objects; a bracket with its arguments takes four."""

_GROUP: Final = "grouped"
_NAMED: Final = f" {_GROUP}"

_TOKEN = re.compile(
    r"""(?P<string>'[^']*'|"[^"]*")|(?P<broken>['"])|(?P<word>[^\W\d][\w.:]*)|(?P<bracket>[()])|(?P<number>[\d.,+-]+)|(?P<other>\S)"""
)
_OPERATORS = frozenset({"and", "or", "not", "in", "between", "like", "div"})
"""Words after which a bracket groups. After any other word it holds the arguments of a function."""

_GEOMETRY = re.compile(
    r"(MULTI)?(POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION|Z|M|ZM", re.ASCII | re.IGNORECASE
)
_COORDINATES = re.compile(r"[\s\d.,()+\-EeA-Za-z]*", re.ASCII)
_MAX_GEOMETRY_LEVELS = 5
"""Depth of a polygon of several parts within a collection, and one more."""

_WITHOUT_ZONE = re.compile(
    r"'\d{4}-\d{2}-\d{2}[Tt ]\d{2}:[^Zz+]*(?<![+-]\d{2}:\d{2})(?<![+-]\d{2})'", re.ASCII
)
_MOMENTS = frozenset({"timestamp", "interval"})
"""Functions whose arguments are moments."""

_POSITION = re.compile(r"--> (\d+):(\d+)")

WITHOUT_ZONE: Final = LocalizedText(
    "Geef bij een moment de tijdzone: Z voor UTC of +01:00, als in TIMESTAMP('2026-03-01T12:00:00+01:00').",
    "Give the time zone of a moment: Z for UTC or +01:00, as in TIMESTAMP('2026-03-01T12:00:00+01:00').",
)
TOO_LONG: Final = LocalizedText(
    f"Een filter in een adres is hoogstens {MAX_FILTER_BYTES} bytes lang."
    " Stuur een langer filter met POST naar search in plaats van items.",
    f"A filter in an address has at most {MAX_FILTER_BYTES} bytes."
    " Send a longer one by POST to search instead of items.",
)
TOO_LONG_WORDS: Final = LocalizedText(
    f"Een filter is zonder de coördinaten hoogstens {MAX_FILTER_BYTES} bytes lang,"
    f" en de coördinaten hoogstens {MAX_GEOMETRY_BYTES} bytes. Gebruik minder punten of minder decimalen.",
    f"A filter has at most {MAX_FILTER_BYTES} bytes without its coordinates,"
    f" and its coordinates at most {MAX_GEOMETRY_BYTES} bytes. Use fewer points or fewer decimals.",
)
_COORDINATE_BYTES = re.compile(r"[\s\d.,()\[\]+-]+", re.ASCII)
TOO_DEEP: Final = LocalizedText(
    f"Een filter is hoogstens {MAX_LEVELS} niveaus diep.", f"A filter is at most {MAX_LEVELS} levels deep."
)


class Unparsable(ValueError):
    """A text that is not a filter; `detail` is the reason."""

    def __init__(self, code: ProblemCode, detail: LocalizedText) -> None:
        super().__init__(detail.en)
        self.code = code
        self.detail = detail


def parse_text(text: str, *, long_geometry: bool = False) -> Any:
    """The tree of a filter in CQL2 text. Raises: Unparsable."""
    _check_length(text, long_geometry=long_geometry)
    namer = _GroupNamer(text)
    namer.name_groups()
    try:
        tree = cql2.parse_text("".join(namer.pieces)).to_json()
    # The parser raises plain exceptions for geometries.
    except Exception as wrong:  # noqa: BLE001
        raise _malformed(text, namer.find_position(str(wrong))) from None
    _check_levels(tree)
    return _ungroup(tree)


def parse_json(text: str, *, long_geometry: bool = False) -> Any:
    """The tree of a filter in CQL2 JSON. Raises: Unparsable."""
    _check_length(text, long_geometry=long_geometry)
    try:
        tree = strict_json.parse_json(text, _make_object)
    except strict_json.NestedTooDeeply:
        raise Unparsable(ProblemCode.FILTER_TOO_DEEP, TOO_DEEP) from None
    except strict_json.InvalidJson as invalid:
        if invalid.position is None:
            raise Unparsable(invalid.code, invalid.detail) from None
        raise _malformed(text, invalid.position) from None
    _check_levels(tree)
    return tree


def _make_object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; `json` would silently use the last of two members of one name. Raises: Unparsable."""
    made: dict[str, Any] = {}
    for name, value in members:
        if name in made:
            shown = name[:50].encode("utf-8", "replace").decode()
            raise Unparsable(
                ProblemCode.FILTER_REPEATED_NAME,
                LocalizedText(
                    f"“{shown}” staat twee keer in één object.",
                    f"“{shown}” occurs twice in one object.",
                ),
            )
        made[name] = value
    return made


def _check_length(text: str, *, long_geometry: bool) -> None:
    length = len(text.encode())
    if length <= MAX_FILTER_BYTES:
        return
    if not long_geometry:
        raise Unparsable(ProblemCode.FILTER_TOO_LONG, TOO_LONG)
    words = len(_COORDINATE_BYTES.sub("", text).encode())
    if words > MAX_FILTER_BYTES or length - words > MAX_GEOMETRY_BYTES:
        raise Unparsable(ProblemCode.FILTER_TOO_LONG, TOO_LONG_WORDS)


def _malformed(text: str, position: int | None) -> Unparsable:
    if position is None or position >= len(text.rstrip()):
        return Unparsable(
            ProblemCode.FILTER_SYNTAX,
            LocalizedText(
                "Het filter is niet compleet of niet geldig.", "The filter is not complete or not valid."
            ),
        )
    nearby = text[position : position + 20]
    return Unparsable(
        ProblemCode.FILTER_SYNTAX,
        LocalizedText(
            f"Het filter is niet geldig vanaf teken {position + 1}: “{nearby}”.",
            f"The filter is not valid from character {position + 1}: “{nearby}”.",
        ),
    )


@dataclass(slots=True)
class _GroupNamer:
    """Puts a name before each grouping bracket.

    `pieces` are the text with those names, `positions` the start of each piece in `text`.
    """

    text: str
    pieces: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    geometry_level: int = 0
    done: int = 0

    def name_groups(self) -> None:
        """Raises: Unparsable for brackets and quotes that are not closed, and for too many levels."""
        previous = ""
        functions: list[str] = []
        for token in _TOKEN.finditer(self.text):
            word = token.group()
            if token.lastgroup == "broken":
                raise _malformed(self.text, token.start())
            if word == "(":
                self._open(token.start(), previous)
                functions.append(previous.lower())
            elif word == ")":
                self._close(token.start())
                functions.pop()
            elif functions and functions[-1] in _MOMENTS and _WITHOUT_ZONE.fullmatch(word):
                # The parser would take it for UTC.
                raise Unparsable(ProblemCode.INVALID_DATE, WITHOUT_ZONE)
            previous = word
        if self.opened:
            raise _malformed(self.text, self.opened[-1])
        self._add(self.text[self.done :], self.done)

    def _open(self, position: int, previous: str) -> None:
        self.opened.append(position)
        level = len(self.opened)
        if level > MAX_LEVELS:
            raise Unparsable(ProblemCode.FILTER_TOO_DEEP, TOO_DEEP)
        if self.geometry_level:
            if level - self.geometry_level >= _MAX_GEOMETRY_LEVELS:
                raise _malformed(self.text, position)
        elif _GEOMETRY.fullmatch(previous):
            self.geometry_level = level
        elif not _is_name(previous):
            self._add(self.text[self.done : position], self.done)
            self._add(_NAMED, position)
            self.done = position

    def _close(self, position: int) -> None:
        if not self.opened:
            raise _malformed(self.text, position)
        start = self.opened.pop()
        if self.geometry_level > len(self.opened):
            self.geometry_level = 0
            coordinates = _COORDINATES.match(self.text, start)
            if coordinates is None or coordinates.end() < position:
                raise _malformed(self.text, coordinates.end() if coordinates else start)

    def _add(self, piece: str, position: int) -> None:
        self.pieces.append(piece)
        self.positions.append(position)

    def find_position(self, message: str) -> int | None:
        """The position in the text where the parser stopped, from its message about the joined pieces."""
        found = _POSITION.search(message)
        if found is None or found[1] != "1":
            return None
        column = int(found[2]) - 1
        for piece, position in zip(self.pieces, self.positions, strict=True):
            if column < len(piece):
                return position if piece == _NAMED else position + column
            column -= len(piece)
        return None


def _is_name(word: str) -> bool:
    """Whether a bracket after this word holds the arguments of a function."""
    return word[:1] == '"' or (word[:1].isalpha() and word.lower() not in _OPERATORS)


def _check_levels(tree: Any) -> None:
    """Limit the depth far below the recursion limit of Python. Raises: Unparsable."""
    nodes, levels = [tree], 0
    while nodes:
        if levels > _MAX_NESTED:
            raise Unparsable(ProblemCode.FILTER_TOO_DEEP, TOO_DEEP)
        nodes = [inner for node in nodes for inner in _list_inner(node)]
        levels += 1


def _list_inner(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _ungroup(node: Any) -> Any:
    """The tree without the names of groups; a group becomes its expression, or a list of several."""
    if isinstance(node, list):
        return [_ungroup(item) for item in node]
    if not isinstance(node, dict):
        return node
    operator = node.get("op", "")
    if operator == _GROUP:
        inner = _ungroup(node["args"])
        return inner[0] if len(inner) == 1 else inner
    if operator == "in":
        searched, choices = node["args"]
        return {"op": "in", "args": [_ungroup(searched), _list_choices(choices[0] if choices else [])]}
    if operator.startswith("a_"):
        return {"op": operator, "args": [_list_choices(argument) for argument in node["args"]]}
    return {name: _ungroup(value) for name, value in node.items()}


def _list_choices(node: Any) -> Any:
    """A list of choices; a group of one is a list here too."""
    if isinstance(node, dict) and node.get("op") == _GROUP:
        return _ungroup(node["args"])
    return _ungroup(node)
