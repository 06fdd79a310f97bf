"""The language check finds what it is for, and nothing in plain sentences."""

from pathlib import Path

import pytest

from tests.architecture.plain_english import find_language_problems, main


def check(tmp_path: Path, content: str, name: str = "example.py") -> list[tuple[int, str]]:
    """Line and message of each problem in a file with this content."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return [(problem.line, problem.message) for problem in find_language_problems(path)]


@pytest.mark.parametrize(
    "source",
    [
        '"""Of the missing, and of the unclear."""\n',
        'LIMIT = 3\n"""What is listed."""\n',
        'def f() -> None:\n    """Who waits."""\n',
        'class C:\n    """\n    All that is seen.\n    """\n',
        "# In degrees.\n",
        "x = 1  # noqa: S101 - without it nothing is checked\n# Without it nothing is checked.\n",
        "# The first line.\n\n# With the second one.\n",
    ],
)
def test_beginning_without_subject_is_reported_once(tmp_path: Path, source: str) -> None:
    problems = check(tmp_path, source)
    assert len(problems) == 1
    assert "begin with a noun or a verb" in problems[0][1]


def test_beginning_in_second_line_of_comment_is_accepted(tmp_path: Path) -> None:
    assert check(tmp_path, "# The file is read once.\n# In most cases that is enough.\n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Maximum number of records.",
        "Whether the file is complete.",
        "Within the boundary.",
        "In-memory cache of names.",
        "Cannot be told apart by their text.",
        'The user `nobody`, quoted as "nobody".',
        "Amended registrations.",
    ],
)
def test_plain_sentence_is_accepted(tmp_path: Path, sentence: str) -> None:
    assert check(tmp_path, f"# {sentence}\n") == []


def test_old_word_is_reported_with_its_line(tmp_path: Path) -> None:
    source = '"""A cache.\n\nIt is filled anew,\nall the\nsame.\n"""\n'
    assert [line for line, _ in check(tmp_path, source)] == [3, 4]


def test_names_and_texts_in_code_are_not_checked(tmp_path: Path) -> None:
    assert check(tmp_path, 'def mend(nobody: str = "What, anew?") -> None: ...\n') == []


def test_document_is_checked_outside_its_code(tmp_path: Path) -> None:
    document = "What nobody reads.\n\n```sh\nwhoever --anew\n```\n\nIt is made anew.\n"
    assert [line for line, _ in check(tmp_path, document, "example.md")] == [1, 7]


def test_command_prints_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([__file__]) == 0
    assert capsys.readouterr().out == "0 problems in 1 files.\n"
