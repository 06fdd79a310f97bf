"""Reading the rule of one field: a path in quotes, or a table with path, template or value."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.harvests.item_schema import ItemSchema
from app.harvests.json_paths import EACH, Path, Template, parse_path, parse_template
from app.harvests.mapping import MappingRule
from app.harvests.mapping_errors import MappingErrors, find_nearest_name

_ORIGINS: Final = ("path", "template", "value")
_KEYS: Final = (*_ORIGINS, "default", "shorten")

_HOW = LocalizedText(
    'Schrijf een pad zoals "properties.naam", of { value = … } voor een vaste waarde.',
    'Write a path such as "properties.naam", or { value = … } for a fixed value.',
)


class RuleParser:
    """Reads the rules of one mapping; paths are held against the `shape` of the source's items, where known."""

    def __init__(self, errors: MappingErrors, shape: ItemSchema | None) -> None:
        self._errors = errors
        self._shape = shape

    def parse(self, name: str, raw: Any, meanings: Mapping[str, Any]) -> MappingRule:
        """The rule of a field, as far as it can be understood."""
        location = f"fields.{name}"
        if isinstance(raw, str):
            return MappingRule(path=self._parse_path(raw, location), meanings=meanings)
        if not isinstance(raw, dict):
            self._errors.refuse("type", location, _HOW, write_date(raw))
            return MappingRule()
        self._errors.check_names(raw, _KEYS, f"{location}.")
        origins = [key for key in _ORIGINS if key in raw]
        if len(origins) != 1:
            detail = LocalizedText(
                "Geef één van: path, template, value.", "Give one of: path, template, value."
            )
            self._errors.refuse("one_of", location, detail)
        if origins == ["value"] and (meanings or "default" in raw):
            detail = LocalizedText(
                "Een vaste waarde heeft geen default en geen vertaling nodig.",
                "A fixed value needs no default and no map.",
            )
            self._errors.refuse("one_of", location, detail)
        shorten = raw.get("shorten", False)
        if not isinstance(shorten, bool):
            self._errors.refuse(
                "type", f"{location}.shorten", LocalizedText("Geef true of false.", "Give true or false.")
            )
        return MappingRule(
            path=self._parse_path(raw["path"], f"{location}.path") if "path" in raw else None,
            template=self._parse_template(raw["template"], f"{location}.template")
            if "template" in raw
            else None,
            value=write_date(raw.get("value")),
            default=write_date(raw.get("default")),
            shorten=shorten is True,
            meanings={word: write_date(meaning) for word, meaning in meanings.items()},
        )

    def _parse_path(self, raw: Any, location: str) -> Path | None:
        """A path as text, or as a list of its steps where one of them holds a point."""
        try:
            if isinstance(raw, list) and raw and all(isinstance(step, str) and step for step in raw):
                path = Path(tuple(raw))
            else:
                path = parse_path(raw if isinstance(raw, str) else "")
        except ValueError:
            self._errors.refuse("path", location, _HOW, write_date(raw))
            return None
        self._check_path(path, location)
        return path

    def _parse_template(self, raw: Any, location: str) -> Template | None:
        try:
            template = parse_template(raw if isinstance(raw, str) else "")
        except ValueError:
            detail = LocalizedText(
                'Schrijf een tekst met paden tussen accolades, zoals "{properties.naam} ({id})".',
                'Write a text with paths in braces, such as "{properties.naam} ({id})".',
            )
            self._errors.refuse("template", location, detail, write_date(raw))
            return None
        for path in template.paths:
            self._check_path(path, location)
        return template

    def _check_path(self, path: Path, location: str) -> None:
        """The first step is a member of an item, and a list is followed by which of its items."""
        if self._shape is None:
            return
        first, *rest = path.steps
        if first not in self._shape.members:
            nearest = find_nearest_name(first, self._shape.members)
            meant = ".".join([nearest, *rest] if nearest else [self._shape.free, *path.steps])
        elif first in self._shape.lists and (not rest or not (rest[0] == EACH or rest[0].isdecimal())):
            meant = ".".join([first, "0", *rest])
        else:
            return
        detail = LocalizedText(
            f"{path} staat niet in wat de bron geeft. Bedoelt u {meant}?",
            f"{path} is not in what the source gives. Did you mean {meant}?",
        )
        self._errors.refuse("path", location, detail, str(path), meant)


def write_date(value: Any) -> Any:
    """TOML's own dates as text; all else as it is."""
    return value.isoformat() if isinstance(value, date | datetime | time) else value
