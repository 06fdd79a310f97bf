"""Reading the API document in tests: its operations, and every part of it."""

from collections.abc import Iterator
from typing import Any

Part = dict[str, Any]


def resolve(document: Part, part: Part) -> Part:
    """Return the object that a reference refers to; any other object unchanged."""
    while "$ref" in part:
        target: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = target
    return part


def list_operations(document: Part) -> Iterator[tuple[str, str, Part]]:
    """Path, method and description of each operation, its parameters and answers written out."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            parameters = [resolve(document, one) for one in operation.get("parameters", [])]
            responses = {
                status: resolve(document, response) for status, response in operation["responses"].items()
            }
            yield path, method, operation | {"parameters": parameters, "responses": responses}


def write_required(operation: Part) -> str:
    """The query of an address with the examples of the required parameters; empty without such parameters."""
    required = [
        one for one in operation.get("parameters", []) if one.get("required") and one["in"] == "query"
    ]
    return "?" + "&".join(f"{one['name']}={one['example']}" for one in required) if required else ""


def visit(part: Any) -> Iterator[Part]:
    """Every object below a part, itself first."""
    if isinstance(part, list):
        for one in part:
            yield from visit(one)
    elif isinstance(part, dict):
        yield part
        for value in part.values():
            yield from visit(value)
