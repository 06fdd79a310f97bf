"""Conversion of schemas from OpenAPI 3.1 to 3.0.3."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator
from pydantic import BaseModel, Field

from app.core.openapi.downgrade import convert_schema, convert_schemas


@pytest.mark.parametrize(
    ("modern", "expected"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (
            {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "default": None},
            {"type": "integer", "minimum": 1, "nullable": True, "default": None},
        ),
        (
            {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}], "description": "x"},
            {
                "type": "object",
                "allOf": [{"$ref": "#/components/schemas/A"}],
                "nullable": True,
                "description": "x",
            },
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            {"anyOf": [{"type": "string", "nullable": True}, {"type": "integer"}]},
        ),
        ({"const": "Point", "type": "string"}, {"enum": ["Point"], "type": "string"}),
        ({"exclusiveMinimum": 0}, {"minimum": 0, "exclusiveMinimum": True}),
        ({"exclusiveMaximum": 360}, {"maximum": 360, "exclusiveMaximum": True}),
        ({"minimum": 0, "exclusiveMinimum": True}, {"minimum": 0, "exclusiveMinimum": True}),
        ({"type": "string", "examples": ["a", "b"]}, {"type": "string", "example": "a"}),
        ({"type": "string", "examples": []}, {"type": "string"}),
        (
            {"type": "string", "contentMediaType": "application/octet-stream"},
            {"type": "string", "format": "binary"},
        ),
        ({"type": "string", "contentEncoding": "base64"}, {"type": "string", "format": "byte"}),
        (
            {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "minItems": 2},
            {"type": "array", "items": {"type": "number"}, "minItems": 2},
        ),
        (
            {"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}]},
            {"type": "array", "items": {"anyOf": [{"type": "number"}, {"type": "string"}]}},
        ),
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"$ref": "#/x"}, {"$ref": "#/x"}),
        ({"$ref": "#/x", "description": "d"}, {"allOf": [{"$ref": "#/x"}], "description": "d"}),
        (
            {"type": "object", "patternProperties": {"^x": {"const": 1}}},
            {"type": "object", "additionalProperties": {"enum": [1]}},
        ),
        (
            {"type": "object", "additionalProperties": False},
            {"type": "object", "additionalProperties": False},
        ),
        ({"$schema": "x", "$comment": "y", "if": {}, "then": {}, "type": "string"}, {"type": "string"}),
        (True, {}),
        (False, {"not": {}}),
    ],
)
def test_schema_is_converted(modern: Any, expected: dict[str, Any]) -> None:
    assert convert_schema(modern) == expected


def test_property_may_have_the_name_of_a_keyword() -> None:
    modern = {
        "type": "object",
        "properties": {
            "type": {"const": "Feature", "title": "Type"},
            "const": {"type": ["string", "null"]},
            "examples": {"type": "array", "items": {"const": 1}},
        },
    }
    assert convert_schema(modern)["properties"] == {
        "type": {"enum": ["Feature"]},
        "const": {"type": "string", "nullable": True},
        "examples": {"type": "array", "items": {"enum": [1]}},
    }


def test_conversion_leaves_its_argument_unchanged() -> None:
    modern = {"anyOf": [{"type": "null"}, {"type": "string"}], "properties": {"a": {"const": 1}}}
    convert_schema(modern)
    assert modern == {"anyOf": [{"type": "null"}, {"type": "string"}], "properties": {"a": {"const": 1}}}


class Part(BaseModel):
    kind: Literal["part"] = "part"


class Whole(BaseModel):
    day: date | None = Field(None, description="A day.", examples=["2026-03-01"])
    part: Part | None = None
    position: tuple[float, float]
    angle: Annotated[float, Field(gt=0, le=360)]
    mixed: dict[str, int | str | None] = {}
    blob: bytes | None = None


def test_converted_model_passes_a_strict_validator() -> None:
    schema = Whole.model_json_schema(ref_template="#/components/schemas/{model}")
    document = {
        "openapi": "3.0.3",
        "info": {"title": "x", "version": "1.0.0"},
        "paths": {
            "/x": {
                "get": {
                    "parameters": [
                        {
                            "name": "a",
                            "in": "query",
                            "schema": {"type": ["integer", "null"], "exclusiveMinimum": 0},
                        }
                    ],
                    "responses": {
                        "200": {
                            "description": "x",
                            "content": {
                                "application/json": {
                                    "schema": {"$ref": "#/components/schemas/Whole"},
                                    # An example is a value: its words are not ours to change.
                                    "example": {"schema": {"const": 1}},
                                }
                            },
                        }
                    },
                }
            }
        },
        "components": {"schemas": {**schema.pop("$defs"), "Whole": schema}},
    }
    with pytest.raises(Exception, match=r"is not valid under any of the|is not of type"):
        OpenAPIV30SpecValidator(document).validate()
    convert_schemas(document)
    OpenAPIV30SpecValidator(document).validate()
    answer: Any = document["paths"]["/x"]["get"]["responses"]["200"]["content"]["application/json"]  # type: ignore[index]
    assert answer["example"] == {"schema": {"const": 1}}
