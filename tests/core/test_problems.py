"""The closed list of problem codes."""

import re

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
