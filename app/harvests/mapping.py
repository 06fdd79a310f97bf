"""What a mapping says: where the sensors come from, whose they become, and what of them goes into which field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.harvests.json_paths import Path, Template

SourceKind = Literal["ogc", "sensorthings"]
KINDS: Final[tuple[SourceKind, ...]] = ("ogc", "sensorthings")

ANYTHING_ELSE: Final = "*"
"""The key of a map for values that the map does not name."""

DEFAULT_PAGE_LIMIT: Final = 1000
"""The items to ask for at a time; servers that find it too many give fewer."""


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """The other register.

    `collection` is that of OGC API Features, or the entities of SensorThings that are one sensor each. `key_variable`
    names the environment variable that holds the whole text of the header `key_header`: a mapping keeps no secrets.
    """

    kind: SourceKind
    url: str
    collection: str
    limit: int = DEFAULT_PAGE_LIMIT
    parameters: Mapping[str, str] = field(default_factory=dict)
    key_variable: str | None = None
    key_header: str = "Authorization"


@dataclass(frozen=True, slots=True)
class MappingRule:
    """Where the value of one field comes from: a path, a template or a constant `value`.

    `default` is for items where path or template give nothing; `meanings` are by folded word.
    """

    path: Path | None = None
    template: Template | None = None
    value: Any = None
    default: Any = None
    shorten: bool = False
    meanings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every place of an item that it looks at."""
        if self.template is not None:
            return self.template.paths
        return () if self.path is None else (self.path,)

    def describe(self) -> str:
        """Where its value comes from, as the mapping writes it."""
        return ", ".join(map(str, self.paths)) or "value"


@dataclass(frozen=True, slots=True)
class HarvestMapping:
    """A whole mapping; `owner` names an organisation as the command line does, `rules` are by wire name."""

    source: SourceDescription
    owner: str | None
    rules: Mapping[str, MappingRule]


def fold_value(word: object) -> str:
    """A word of a map as it is compared: its spelling in capitals and the spaces round it do not matter."""
    return str(word).strip().casefold()
