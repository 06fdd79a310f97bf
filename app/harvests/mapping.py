"""A mapping: the source of the sensors, their owner, and the source of each field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.harvests.json_paths import Path, Template

SourceKind = Literal["ogc", "sensorthings"]
KINDS: Final[tuple[SourceKind, ...]] = ("ogc", "sensorthings")

DEFAULT_PAGE_LIMIT: Final = 1000
"""Page size to request; servers may return smaller pages."""


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """The other register.

    `collection` is a collection of OGC API Features, or the SensorThings entities that are one sensor each.
    `key_variable` names the environment variable with the whole value of the header `key_header`: a mapping contains
    no secrets.
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
    """Source of the value of one field: a path, a template or a constant `value`.

    `default` is for items where the path or template has no value; `meanings` are by folded word.
    """

    path: Path | None = None
    template: Template | None = None
    value: Any = None
    default: Any = None
    shorten: bool = False
    meanings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All paths that the rule reads."""
        if self.template is not None:
            return self.template.paths
        return () if self.path is None else (self.path,)

    def describe(self) -> str:
        """The source of the value as the mapping spells it."""
        return ", ".join(map(str, self.paths)) or "value"


@dataclass(frozen=True, slots=True)
class HarvestMapping:
    """A whole mapping; `owner` names an organisation as the command line does, `rules` are by wire name."""

    source: SourceDescription
    owner: str | None
    rules: Mapping[str, MappingRule]
