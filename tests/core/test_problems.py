"""The closed list of problem codes."""

import re

from app.bootstrap.paths import ROOT
from app.core.problems import ProblemCode, describe_codes


def test_each_code_has_a_sentence_of_its_own() -> None:
    sentences = [code.description for code in ProblemCode]
    assert len(set(sentences)) == len(sentences)
    assert all(re.fullmatch(r"[A-Z].*\.", sentence) for sentence in sentences)


def test_schema_of_codes_lists_each_with_its_sentence() -> None:
    schema = describe_codes()
    assert schema["enum"] == list(ProblemCode)
    for code in ProblemCode:
        assert f"- `{code}`: {code.description}" in schema["description"]


def test_codes_renamed_by_the_migration_are_problem_codes() -> None:
    statements = (ROOT / "migrations/versions/0018_problem_codes.py").read_text(encoding="utf-8")
    renamed = re.findall(r"^    \('\w+', '(\w+)'\)", statements, re.MULTILINE)
    assert len(renamed) > 40
    assert set(renamed) <= set(ProblemCode)
