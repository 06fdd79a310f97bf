"""The documentation of the API, read from the OpenAPI document: its operations, and one of them in full.

Source: OpenAPI 3.0.3.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from markdown_it import MarkdownIt
from markupsafe import Markup

Document = Mapping[str, Any]

METHODS: Final = ("get", "post", "put", "patch", "delete")
_REFERENCE: Final = "#/components/"


@dataclass(frozen=True, slots=True)
class OperationSummary:
    """One line of the overview; `needs_key` is whether an API key is required."""

    identifier: str
    method: str
    path: str
    summary: str
    needs_key: bool


@dataclass(frozen=True, slots=True)
class OperationGroup:
    """The operations of one tag."""

    name: str
    description: str
    operations: tuple[OperationSummary, ...]


@dataclass(frozen=True, slots=True)
class DocumentedValue:
    """A parameter, or a field of a schema: `place` is `path`, `query` or `header`, empty for a field.

    `kind` is the type in words; `schema` the name of the schema that it refers to, if any.
    """

    name: str
    place: str
    is_required: bool
    kind: str
    choices: tuple[str, ...]
    schema: str | None
    description: Markup


@dataclass(frozen=True, slots=True)
class DocumentedBody:
    """A body, sent or answered: the media types, the schema of the first if it has a name, an example in JSON."""

    media_types: tuple[str, ...]
    schema: str | None
    example: str | None


@dataclass(frozen=True, slots=True)
class DocumentedAnswer:
    """An answer by its status."""

    status: str
    description: Markup
    body: DocumentedBody


@dataclass(frozen=True, slots=True)
class DocumentedSchema:
    """A named schema and its fields."""

    name: str
    description: Markup
    fields: tuple[DocumentedValue, ...]


@dataclass(frozen=True, slots=True)
class DocumentedOperation:
    """One operation in full.

    `schemas` are all that it refers to, also through others; `request` is a line for curl.
    """

    summary: OperationSummary
    description: Markup
    parameters: tuple[DocumentedValue, ...]
    body: DocumentedBody | None
    answers: tuple[DocumentedAnswer, ...]
    schemas: tuple[DocumentedSchema, ...]
    request: str


def list_operations(document: Document) -> tuple[OperationGroup, ...]:
    """All operations by tag, in the order of the document."""
    found = [summary_and_tags for *_, summary_and_tags in _walk(document)]
    return tuple(
        OperationGroup(
            tag["name"],
            tag["description"],
            tuple(summary for summary, tags in found if tag["name"] in tags[:1]),
        )
        for tag in document["tags"]
    )


def find_operation(document: Document, identifier: str) -> DocumentedOperation | None:
    """The operation of this `operationId`, if there is one."""
    for item, operation, (summary, _) in _walk(document):
        if summary.identifier == identifier:
            return _describe_operation(document, {**item, **operation}, summary)
    return None


def _walk(document: Document) -> Iterator[tuple[Document, Document, tuple[OperationSummary, list[str]]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if (operation := item.get(method)) is not None:
                summary = OperationSummary(
                    operation["operationId"],
                    method.upper(),
                    path,
                    operation.get("summary", ""),
                    bool(operation.get("security", document.get("security"))),
                )
                yield item, operation, (summary, operation.get("tags", []))


def _describe_operation(
    document: Document, operation: Document, summary: OperationSummary
) -> DocumentedOperation:
    parameters = [_resolve(document, one) for one in operation.get("parameters", ())]
    body = _resolve(document, operation["requestBody"]) if "requestBody" in operation else None
    answers = {status: _resolve(document, one) for status, one in operation["responses"].items()}
    description = operation.get("description", "")
    return DocumentedOperation(
        summary,
        # The description of most operations repeats the summary.
        _render_markdown(description) if description != summary.summary else Markup(),
        tuple(
            _describe_value(document, one["name"], one["in"], one, is_required=one.get("required", False))
            for one in parameters
        ),
        _describe_body(body) if body else None,
        tuple(
            DocumentedAnswer(status, _render_markdown(one.get("description", "")), _describe_body(one))
            for status, one in answers.items()
        ),
        tuple(
            _describe_schema(document, name)
            for name in _list_schemas(document, [parameters, body, *answers.values()])
        ),
        _write_request(document, summary, parameters, body),
    )


def _describe_value(
    document: Document, name: str, place: str, holder: Document, *, is_required: bool
) -> DocumentedValue:
    schema = holder.get("schema", holder)
    item = schema.get("items", schema)
    return DocumentedValue(
        name,
        place,
        is_required,
        _describe_kind(schema),
        tuple(map(str, item.get("enum", ()))),
        _find_schema_name(schema),
        _render_markdown(holder.get("description") or _resolve(document, schema).get("description", "")),
    )


def _describe_kind(schema: Document) -> str:
    """The type of a schema in words, such as `integer, 1 to 10000, default 100`."""
    if "items" in schema:
        return f"list of {_describe_kind(schema['items']) or 'values'}"
    words = [schema.get("format") or schema.get("type") or ""]
    if "minimum" in schema or "maximum" in schema:
        words.append(f"{schema.get('minimum', '…')} to {schema.get('maximum', '…')}")
    if "maxLength" in schema:
        words.append(f"at most {schema['maxLength']} characters")
    if "default" in schema:
        words.append(f"default {json.dumps(schema['default'], ensure_ascii=False)}")
    return ", ".join(word for word in words if word)


def _describe_body(holder: Document) -> DocumentedBody:
    content: Document = holder.get("content", {})
    first: Document = next(iter(content.values()), {})
    example = first.get("example")
    return DocumentedBody(
        tuple(content),
        _find_schema_name(first.get("schema", {})),
        json.dumps(example, ensure_ascii=False, indent=2) if example is not None else None,
    )


def _describe_schema(document: Document, name: str) -> DocumentedSchema:
    schema = document["components"]["schemas"][name]
    fields: dict[str, Any] = {}
    required: set[str] = set()
    for part in (schema, *(_resolve(document, one) for one in schema.get("allOf", ()))):
        fields |= part.get("properties", {})
        required |= set(part.get("required", ()))
    return DocumentedSchema(
        name,
        _render_markdown(schema.get("description", "")),
        tuple(
            _describe_value(document, field, "", described, is_required=field in required)
            for field, described in fields.items()
        ),
    )


def _list_schemas(document: Document, parts: Any) -> list[str]:
    """Names of the schemas that these parts of the document refer to, nearest first."""
    found: list[str] = []
    waiting = [parts]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, Mapping):
            name = _name_reference(part.get("$ref"), "schemas")
            if name and name not in found:
                found.append(name)
                waiting.append(document["components"]["schemas"][name])
            waiting += [value for key, value in part.items() if key not in ("example", "examples")]
    return found


def _find_schema_name(schema: Document) -> str | None:
    for part in (schema, schema.get("items", {}), *schema.get("allOf", ()), *schema.get("anyOf", ())):
        if name := _name_reference(part.get("$ref"), "schemas"):
            return name
    return None


def _name_reference(reference: Any, section: str) -> str | None:
    start = f"{_REFERENCE}{section}/"
    return (
        reference.removeprefix(start) if isinstance(reference, str) and reference.startswith(start) else None
    )


def _resolve(document: Document, part: Document) -> Document:
    reference = part.get("$ref")
    if reference is None:
        return part
    section, name = reference.removeprefix(_REFERENCE).split("/", 1)
    resolved: Document = document["components"][section][name]
    return resolved


def _write_request(
    document: Document, summary: OperationSummary, parameters: list[Document], body: Document | None
) -> str:
    path = summary.path
    for parameter in parameters:
        if parameter["in"] == "path":
            example = parameter.get("example", parameter.get("schema", {}).get("example"))
            if example is not None:
                path = path.replace(f"{{{parameter['name']}}}", quote(str(example)))
    words = ["curl"]
    if summary.method != "GET":
        words.append(f"-X {summary.method}")
    if summary.needs_key:
        words.append("-H 'Authorization: Bearer KEY'")
    if body:
        media_type = next(iter(body["content"]))
        words.append(f"-H 'Content-Type: {media_type}' --data-binary @FILE")
    return " ".join([*words, f"'{document['servers'][0]['url']}{path if path != '/' else ''}'"])


@lru_cache(maxsize=2048)
def _render_markdown(text: str) -> Markup:
    """Markdown of the document as HTML; HTML in it is shown as text."""
    # The renderer escapes all text, since `html` is off.
    return Markup(_MARKDOWN.render(text))  # noqa: S704


_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})
