"""Conversion of schemas from OpenAPI 3.1 to OpenAPI 3.0.3.

OGC API Features (`oas30`) and many GIS programs read 3.0 only, and the framework writes 3.1.
Source: OpenAPI 3.0.3, Schema Object; 3.1.0, Appendix A and the release notes of the changes between both.
"""

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]

# Keywords of JSON Schema that 3.0 lacks. They only add checks: without them the schema is weaker, not wrong.
_UNKNOWN = (
    "$schema", "$id", "$comment", "$anchor", "$defs", "if", "then", "else", "propertyNames", "contains",
    "minContains", "maxContains", "unevaluatedProperties", "unevaluatedItems", "dependentRequired",
    "dependentSchemas", "contentSchema", "contentEncoding", "contentMediaType",
)  # fmt: skip


def convert_schema(schema: Any) -> Schema:
    """The same schema in 3.0.3; keywords without an equivalent are left out."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    converted: Schema = {key: value for key, value in schema.items() if key not in _UNKNOWN}
    _convert_children(converted)
    for convert in (_convert_constant, _convert_types, _convert_null_choice, _convert_limits, _convert_tuple):
        convert(converted)
    if "examples" in converted:
        examples = converted.pop("examples")
        if examples:
            converted.setdefault("example", examples[0])
    _convert_content(schema, converted)
    return _place_nullable(_wrap_reference(converted))


def _convert_children(schema: Schema) -> None:
    for key in ("items", "not"):
        if key in schema:
            schema[key] = convert_schema(schema[key])
    for key in ("allOf", "anyOf", "oneOf", "prefixItems"):
        if key in schema:
            schema[key] = [convert_schema(one) for one in schema[key]]
    if "properties" in schema:
        schema["properties"] = {
            name: _drop_title(convert_schema(one)) for name, one in schema["properties"].items()
        }
    if "patternProperties" in schema:
        one, *others = map(convert_schema, schema.pop("patternProperties").values())
        schema["additionalProperties"] = {"anyOf": [one, *others]} if others else one
    elif isinstance(schema.get("additionalProperties"), dict):
        schema["additionalProperties"] = convert_schema(schema["additionalProperties"])


def _drop_title(schema: Schema) -> Schema:
    """The schema without the title that is generated from the property name."""
    return {key: value for key, value in schema.items() if key != "title"}


def _convert_constant(schema: Schema) -> None:
    if "const" in schema:
        value = schema.pop("const")
        schema["enum"] = [value]
        if value is None:
            schema["nullable"] = True


def _convert_types(schema: Schema) -> None:
    kinds = schema.get("type")
    if isinstance(kinds, list):
        named = [kind for kind in kinds if kind != "null"]
        if len(named) < len(kinds):
            schema["nullable"] = True
        if len(named) == 1:
            schema["type"] = named[0]
        else:
            del schema["type"]
            schema["anyOf"] = [{"type": kind} for kind in named]
    elif kinds == "null":
        del schema["type"]
        schema |= {"nullable": True, "enum": [None]}


def _convert_null_choice(schema: Schema) -> None:
    """Convert `anyOf` with null to `nullable`, and inline a choice of one."""
    for key in ("anyOf", "oneOf"):
        choices = schema.get(key)
        if not choices:
            continue
        named = [one for one in choices if one != {"nullable": True, "enum": [None]}]
        if len(named) < len(choices):
            schema["nullable"] = True
        if len(named) > 1:
            schema[key] = named
            continue
        del schema[key]
        (only,) = named
        for name, value in only.items():
            schema.setdefault(name, value)


def _convert_limits(schema: Schema) -> None:
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        value = schema.get(exclusive)
        if value is not None and not isinstance(value, bool):
            schema[limit] = value
            schema[exclusive] = True


def _convert_tuple(schema: Schema) -> None:
    """Convert a tuple to a list whose items are any of its members: 3.0 has no positions."""
    if "prefixItems" in schema:
        different: list[Schema] = []
        for item in schema.pop("prefixItems"):
            if item not in different:
                different.append(item)
        schema["items"] = different[0] if len(different) == 1 else {"anyOf": different}
    elif schema.get("type") == "array":
        schema.setdefault("items", {})


def _convert_content(schema: Schema, converted: Schema) -> None:
    if schema.get("contentEncoding") == "base64":
        converted["format"] = "byte"
    elif schema.get("contentMediaType") == "application/octet-stream":
        converted["format"] = "binary"


def _wrap_reference(schema: Schema) -> Schema:
    """Wrap a reference with other keywords in `allOf`: 3.0 ignores keywords beside `$ref`."""
    if "$ref" not in schema or len(schema) == 1:
        return schema
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {"allOf": [{"$ref": schema["$ref"]}], **beside}


def _place_nullable(schema: Schema) -> Schema:
    """Put `nullable` beside a `type`, without which 3.0.3 gives it no meaning.

    A choice allows null when one of its members does. A referenced schema is that of an object.
    """
    if not schema.get("nullable") or "type" in schema or schema.get("enum") == [None]:
        return schema
    for key in ("anyOf", "oneOf"):
        if key in schema:
            choices = schema[key]
            position = next(number for number, one in enumerate(choices) if "type" in one)
            allowing = {**choices[position], "nullable": True}
            placed = [*choices[:position], allowing, *choices[position + 1 :]]
            return {name: value for name, value in schema.items() if name != "nullable"} | {key: placed}
    return {"type": "object", **schema}


def convert_schemas(document: Schema) -> None:
    """Convert, in place, every schema of a document, in its components and its operations."""
    components = document.get("components", {})
    components["schemas"] = {
        name: convert_schema(schema) for name, schema in components.get("schemas", {}).items()
    }
    for section in ("parameters", "headers", "responses", "requestBodies"):
        for one in components.get(section, {}).values():
            _visit_schemas(one, convert_schema)
    for item in document["paths"].values():
        for operation in item.values():
            _visit_schemas(operation, convert_schema)


def _visit_schemas(holder: Any, convert: Callable[[Any], Schema]) -> None:
    """Replace each `schema` below an object that is not itself a schema or an example."""
    if isinstance(holder, list):
        for one in holder:
            _visit_schemas(one, convert)
    elif isinstance(holder, dict):
        for key, value in holder.items():
            if key == "schema":
                holder[key] = _drop_title(convert(value))
            elif key not in {"example", "examples", "security"}:
                _visit_schemas(value, convert)
