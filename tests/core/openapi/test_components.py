"""Schemas with definitions of their own become schemas that the document can hold."""

from typing import Any

from app.core.openapi.components import share_schemas


def test_definitions_of_a_schema_are_put_where_they_are_referred_to() -> None:
    schema = {
        "title": "Outer",
        "properties": {
            "one": {"$ref": "#/$defs/Inner", "description": "The first."},
            "many": {"type": "array", "items": {"$ref": "#/$defs/Inner"}},
        },
        "$defs": {
            "Inner": {"title": "Inner", "properties": {"kind": {"$ref": "#/$defs/Kind"}}},
            "Kind": {"title": "Kind", "enum": ["a"]},
        },
    }
    document: dict[str, Any] = {"paths": {"/x": {"content": {"schema": schema}}}}
    share_schemas(document)
    assert document["paths"]["/x"]["content"]["schema"] == {"$ref": "#/components/schemas/Outer"}
    inner = {"properties": {"kind": {"enum": ["a"]}}}
    assert document["components"]["schemas"]["Outer"]["properties"] == {
        "one": inner | {"description": "The first."},
        "many": {"type": "array", "items": inner},
    }
