"""Parser of the rule of one field: a path in quotes, or a table with path, template or value."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.core.suggestions import find_nearest
from app.harvests.item_schema import ItemSchema
from app.harvests.json_paths import EACH, Path, Template, parse_path, parse_template
from app.harvests.mapping import MappingRule
from app.records.mapping_errors import MappingErrors

_ORIGINS: Final = ("path", "template", "value")
_KEYS: Final = (*_ORIGINS, "default", "shorten")

_ADVICE = LocalizedText(
    'Schrijf een pad zoals "properties.naam", of { value = … } voor een vaste waarde.',
    'Write a path such as "properties.naam", or { value = … } for a fixed value.',
)


class RuleParser:
    """Parses the rules of one mapping; paths are checked against the `schema` of the items, where it is known."""

    def __init__(self, errors: MappingErrors, schema: ItemSchema | None) -> None:
        self._errors = errors
        self._schema = schema

    def parse(self, name: str, raw: Any, meanings: Mapping[str, Any]) -> MappingRule:
        """The rule of a field, as far as it could be parsed."""
        location = f"fields.{name}"
        if isinstance(raw, str):
            return MappingRule(path=self._parse_path(raw, location), meanings=meanings)
        if not isinstance(raw, dict):
            self._errors.add(ProblemCode.WRONG_TYPE, location, _ADVICE, format_date(raw))
            return MappingRule()
        self._errors.check_names(raw, _KEYS, f"{location}.")
        origins = [key for key in _ORIGINS if key in raw]
        if len(origins) != 1:
            detail = LocalizedText(
                "Geef één van: path, template, value.", "Give one of: path, template, value."
            )
            self._errors.add(ProblemCode.EXACTLY_ONE_OF, location, detail)
        if origins == ["value"] and (meanings or "default" in raw):
            detail = LocalizedText(
                "Een vaste waarde heeft geen default en geen vertaling nodig.",
                "A fixed value needs no default and no map.",
            )
            self._errors.add(ProblemCode.EXACTLY_ONE_OF, location, detail)
        shorten = raw.get("shorten", False)
        if not isinstance(shorten, bool):
            self._errors.add(
                ProblemCode.WRONG_TYPE,
                f"{location}.shorten",
                LocalizedText("Geef true of false.", "Give true or false."),
            )
        return MappingRule(
            path=self._parse_path(raw["path"], f"{location}.path") if "path" in raw else None,
            template=self._parse_template(raw["template"], f"{location}.template")
            if "template" in raw
            else None,
            value=format_date(raw.get("value")),
            default=format_date(raw.get("default")),
            shorten=shorten is True,
            meanings={word: format_date(meaning) for word, meaning in meanings.items()},
        )

    def _parse_path(self, raw: Any, location: str) -> Path | None:
        """Parse a path: a text, or a list of steps where one of them contains a point."""
        try:
            if isinstance(raw, list) and raw and all(isinstance(step, str) and step for step in raw):
                path = Path(tuple(raw))
            else:
                path = parse_path(raw if isinstance(raw, str) else "")
        except ValueError:
            self._errors.add(ProblemCode.INVALID_PATH, location, _ADVICE, format_date(raw))
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
            self._errors.add(ProblemCode.INVALID_TEMPLATE, location, detail, format_date(raw))
            return None
        for path in template.paths:
            self._check_path(path, location)
        return template

    def _check_path(self, path: Path, location: str) -> None:
        """Check that the first step is a member of an item, and that a list is followed by a number or `*`."""
        if self._schema is None:
            return
        first, *rest = path.steps
        if first not in self._schema.members:
            nearest = find_nearest(first, self._schema.members)
            meant = ".".join([nearest, *rest] if nearest else [self._schema.free, *path.steps])
        elif first in self._schema.lists and (not rest or not (rest[0] == EACH or rest[0].isdecimal())):
            meant = ".".join([first, "0", *rest])
        else:
            return
        detail = LocalizedText(
            f"{path} komt in de bron niet voor. Bedoelt u {meant}?",
            f"{path} does not occur in the source. Did you mean {meant}?",
        )
        self._errors.add(ProblemCode.INVALID_PATH, location, detail, str(path), meant)


def format_date(value: Any) -> Any:
    """A TOML date or time as text; other values unchanged."""
    return value.isoformat() if isinstance(value, date | datetime | time) else value
