"""Common parts of the description of every operation: the version header and the errors."""

import re
from http import HTTPStatus
from typing import Any, Final

from pydantic.alias_generators import to_camel

from app.core.http.problem_json import ERRORS, PROBLEM_TYPE
from app.core.problems import describe_codes
from app.core.version import API_VERSION

_METHODS_WITH_BODY = frozenset({"post", "put", "patch"})

_PROBLEM: Final = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["status", "title", "detail", "instance"],
    "properties": {
        "status": {"type": "integer", "description": "The status of the answer.", "example": 400},
        "title": {"type": "string", "description": "The kind of error, in Dutch or English."},
        "detail": {"type": "string", "description": "What is wrong in this case, and what to do."},
        "instance": {"type": "string", "description": "The path of the request."},
        "errors": {
            "type": "array",
            "description": "Every problem found.",
            "items": {"$ref": "#/components/schemas/ProblemError"},
        },
    },
}

_PROBLEM_ERROR: Final = {
    "type": "object",
    "required": ["in", "location", "code", "detail"],
    "properties": {
        "in": {"type": "string", "enum": ["body", "query", "path", "header"]},
        "location": {
            "type": "string",
            "description": "A JSON pointer in a body, else the name of the parameter or header.",
            "example": "/personalData",
        },
        "code": describe_codes(),
        "detail": {"type": "string", "description": "What is wrong and what to do."},
        "value": {"description": "The given value, shortened when long."},
        "suggestion": {"description": "A valid value."},
    },
}


def _describe_error(sentence: str) -> dict[str, Any]:
    return {
        "description": sentence,
        "headers": {"API-Version": {"$ref": "#/components/headers/ApiVersion"}},
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _name_error(status: int) -> str:
    return HTTPStatus(status).phrase.title().replace(" ", "")


COMPONENTS: Final[dict[str, dict[str, Any]]] = {
    "schemas": {"Problem": _PROBLEM, "ProblemError": _PROBLEM_ERROR},
    "headers": {
        "ApiVersion": {
            "description": "The version of the API, by semantic versioning.",
            "schema": {"type": "string", "example": API_VERSION},
        }
    },
}

_ERROR_ANSWERS: Final = {_name_error(error.status): _describe_error(error.title.en + ".") for error in ERRORS}


def list_error_answers(document: str) -> dict[str, Any]:
    """The answers to errors that the text of a document refers to."""
    return {
        name: answer
        for name, answer in _ERROR_ANSWERS.items()
        if f'"#/components/responses/{name}"' in document
    }


def complete_operation(path: str, method: str, name: str, operation: dict[str, Any]) -> None:
    """Complete an operation, in place, with its id, summary, path parameters, version header and errors.

    `name` is the name of its function.
    """
    # The framework's own id contains path and method, and changes with them.
    operation["operationId"] = to_camel(name)
    if operation["summary"] == name.replace("_", " ").title() and "description" in operation:
        operation["summary"], _, rest = operation.pop("description").partition("\n\n")
        if rest:
            operation["description"] = rest
    operation.setdefault("description", f"{operation['summary'].rstrip('.')}.")
    _name_path_parameters(path, operation)
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == "header":
            parameter["name"] = parameter["name"].title()
            if parameter["name"] == "If-Match":
                # The function that reads it takes its absence, and answers with an explanation: 428.
                parameter |= {"required": True, "schema": {"type": "string"}}
        elif parameter.get("in") == "path":
            parameter["name"] = to_camel(parameter["name"])
    responses = operation["responses"]
    responses.pop("422", None)
    for status, response in responses.items():
        if status.startswith(("2", "3")):
            headers = response.setdefault("headers", {})
            headers["API-Version"] = {"$ref": "#/components/headers/ApiVersion"}
    for status in sorted(_list_errors(path, method, operation)):
        responses[str(status)] = {"$ref": f"#/components/responses/{_name_error(status)}"}
    operation["responses"] = dict(sorted(responses.items()))


def rename_in_path(path: str) -> str:
    """The path with its parameters in camelCase, like all names on the wire."""
    return re.sub(r"{(\w+)}", lambda named: f"{{{to_camel(named[1])}}}", path)


def _name_path_parameters(path: str, operation: dict[str, Any]) -> None:
    """Add path parameters that a direct route reads itself and does not describe."""
    parameters = operation.get("parameters", [])
    described = {one.get("name") for one in parameters if one.get("in") == "path"}
    missing = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
        if name not in described
    ]
    if missing:
        operation["parameters"] = missing + parameters


def _list_errors(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    """The error statuses of an operation: the general ones, and those of its parameters and body."""
    declared = {int(status) for status in operation["responses"] if status[0] in "45" and status.isdigit()}
    statuses = declared | {400, 500, 503}
    if method == "get":
        statuses.add(406)
    if "{" in path:
        statuses.add(404)
    if method in _METHODS_WITH_BODY:
        statuses |= {408, 413, 415}
    if operation.get("security"):
        # 429: too many keys of this client were refused.
        statuses |= {401, 403, 429}
        if method in _METHODS_WITH_BODY:
            # Two writers of one record, a repeated key with another body, or a state that does not allow it.
            statuses.add(409)
    names = {
        parameter["name"].lower() for parameter in operation.get("parameters", ()) if "name" in parameter
    }
    if "if-match" in names:
        statuses |= {412, 428}
    return statuses
