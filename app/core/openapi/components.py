"""Shared components of the API document: schemas and parameters that several operations use."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

ComponentPart = dict[str, Any]

_INLINE: Final = frozenset({"limit", "bbox", "datetime"})
"""Parameters that test suites of OGC API Features expect in the operation itself."""


class TitleConflict(ValueError):
    """Two different schemas have the same title."""


def share_schemas(document: ComponentPart) -> None:
    """Move, in place, each object schema with a title to the components, by that title.

    Titles begin with a capital; the framework's own components stay as they are. Raises: TitleConflict.
    """
    shared: dict[str, ComponentPart] = {}
    for holder in _list_holders(document["paths"]):
        holder["schema"] = _share(_inline(holder["schema"]), shared)
    known = document.setdefault("components", {}).setdefault("schemas", {})
    for title, schema in shared.items():
        if known.setdefault(title, schema) != schema:
            raise TitleConflict(title)


def _list_holders(part: Any) -> Iterator[ComponentPart]:
    """Every object with a schema, except in examples."""
    if isinstance(part, list):
        for one in part:
            yield from _list_holders(one)
    elif isinstance(part, dict):
        if isinstance(part.get("schema"), dict):
            yield part
        for key, value in part.items():
            if key not in {"example", "examples", "schema"}:
                yield from _list_holders(value)


def _inline(schema: ComponentPart) -> ComponentPart:
    """The schema of a model with its own definitions (`$defs`) in the places that refer to them."""
    definitions: dict[str, Any] = schema.get("$defs", {})

    def fill(part: Any) -> Any:
        if isinstance(part, list):
            return [fill(one) for one in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).removeprefix("#/$defs/")
        if name in definitions:
            # The title is left out: a model of an answer may be a component of that name.
            found = {key: value for key, value in definitions[name].items() if key != "title"}
            return fill(found) | {key: fill(value) for key, value in part.items() if key != "$ref"}
        return {key: fill(value) for key, value in part.items() if key != "$defs"}

    filled: ComponentPart = fill(schema) if definitions else schema
    return filled


def _share(schema: Any, shared: dict[str, ComponentPart]) -> Any:
    """The schema, or a reference to it when it has a title. Inner schemas are shared first."""
    if isinstance(schema, list):
        return [_share(one, shared) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: value if key == "example" else _share(value, shared) for key, value in schema.items()}
    title = inner.get("title")
    if not (isinstance(title, str) and title.isalnum() and "properties" in inner):
        return inner
    if shared.setdefault(title, inner) != inner:
        raise TitleConflict(title)
    return {"$ref": f"#/components/schemas/{title}"}


def share_parameters(document: ComponentPart) -> None:
    """Move, in place, each query parameter and header that operations describe equally to the components.

    When descriptions with the same name differ, the most frequent one is shared.
    """
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    written = Counter(
        json.dumps(one)
        for operation in operations
        for one in operation.get("parameters", ())
        if one["in"] in ("query", "header") and one["name"] not in _INLINE
    )
    shared: dict[str, str] = {}
    for text, occurrences in written.most_common():
        if occurrences > 1:
            shared.setdefault(_name(json.loads(text)), text)
    for operation in operations:
        if "parameters" in operation:
            operation["parameters"] = [_refer(one, shared) for one in operation["parameters"]]
    if shared:
        document["components"]["parameters"] = {name: json.loads(shared[name]) for name in sorted(shared)}


def _name(parameter: ComponentPart) -> str:
    """The name of the component: `bbox-crs` is BboxCrs, `asOf` is AsOf."""
    return "".join(word[0].upper() + word[1:] for word in parameter["name"].split("-"))


def _refer(parameter: ComponentPart, shared: dict[str, str]) -> ComponentPart:
    name = _name(parameter)
    if shared.get(name) == json.dumps(parameter):
        return {"$ref": f"#/components/parameters/{name}"}
    return parameter
