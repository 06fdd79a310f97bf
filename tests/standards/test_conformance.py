"""Nothing is claimed that no test proves, and nothing is proven that is not claimed."""

import ast
from collections.abc import Iterator

from app.bootstrap.paths import ROOT
from app.features.conformance import CONFORMANCE_CLASSES


def list_proven() -> Iterator[tuple[str, str]]:
    """Each class that a test names by `@pytest.mark.conforms`, and the test."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for decorator in node.decorator_list:
                    for uri in _read_marker(decorator):
                        yield uri, f"{file.relative_to(ROOT)}::{node.name}"


def _read_marker(decorator: ast.expr) -> list[str]:
    if not (isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.conforms"):
        return []
    uris = [ast.literal_eval(argument) for argument in decorator.args]
    assert all(isinstance(uri, str) for uri in uris), ast.unparse(decorator)
    return uris


def test_claimed_conformance_classes_have_a_test() -> None:
    proven = {uri for uri, _ in list_proven()}
    assert [uri for uri in CONFORMANCE_CLASSES if uri not in proven] == []


def test_tested_conformance_classes_are_claimed() -> None:
    assert [(uri, test) for uri, test in list_proven() if uri not in CONFORMANCE_CLASSES] == []


def test_each_class_is_claimed_once() -> None:
    assert len(set(CONFORMANCE_CLASSES)) == len(CONFORMANCE_CLASSES)
