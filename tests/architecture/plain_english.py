"""A check of the language of comments, docstrings and documents: `python -m tests.architecture.plain_english [paths]`.

It holds the rules that a program can hold: how a docstring or a comment begins, and a list of old or
unclear words. Names in code (between back quotes) and quotations are not looked at.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from app.bootstrap.paths import ROOT

FOLDERS = ("app", "docs", "migrations", "seed", "tests")
BUILT = ROOT / "app" / "static" / "build"

BEGINNINGS = ("Of", "With", "Without", "What", "Who", "Whatever", "All that", "In")
"""Words that begin a phrase without a subject: start a docstring or a comment with a noun or a verb."""

REPLACEMENTS = {
    r"whoever|whomever|whosoever": "anyone who, the person who",
    r"nobody": "no one",
    r"somebody": "someone, a user",
    r"anew": "again, new",
    r"midst": "during",
    r"all the same": "anyway, nevertheless, equal",
    r"as may be": "which may happen",
    r"mend|mends|mended|mending": "correct, repair",
    r"alarmed": "logged, notified",
    r"giv(?:e|es|en|ing) away": "reveal",
    r"(?:is|are|was|were|be|been) told(?! apart)": "passed, reported",
    r"hears?|in vain|of its own accord": "name what happens",
    r"lest|hence|thence|whence|whereby|thereby|therein|thereof|wherein": "so that, from which, in which",
    r"anyhow|albeit|amid|unto|betimes": "anyway, although, during, to",
    r"is no more": "no longer exists",
}
"""Old or unclear words (regular expressions), with words to use in their place."""

_BEGINNING = re.compile(rf"(?:{'|'.join(BEGINNINGS)})(?![\w-])")
_FORBIDDEN = {
    re.compile(rf"\b(?:{words})\b".replace(" ", r"\s+"), re.IGNORECASE): better
    for words, better in REPLACEMENTS.items()
}
_CODE_OR_QUOTATION = re.compile(r"```.*?```|``.*?``|`[^`\n]*`|\"[^\"\n]*\"", re.DOTALL)
_NOQA = re.compile(r"(?:noqa|type): *[\w\[\], -]*? - |(?:noqa|type|fmt|pragma): .*")


class Text(NamedTuple):
    """A comment or a docstring, or a document as a whole."""

    line: int
    content: str
    has_beginning: bool = True


class LanguageProblem(NamedTuple):
    """A line whose language is to be improved."""

    line: int
    message: str


def find_language_problems(path: Path) -> list[LanguageProblem]:
    """Problems of one file, by line."""
    content = path.read_text(encoding="utf-8")
    texts = list_python_texts(content) if path.suffix == ".py" else [Text(1, content, has_beginning=False)]
    return sorted(set(chain.from_iterable(map(_find_problems, texts))))


def list_python_texts(source: str) -> list[Text]:
    """Comments, docstrings and attribute docstrings; adjoining lines of comment are one text."""
    docstrings = [
        Text(node.lineno, node.value.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    return [*docstrings, *_list_comments(source)]


def _list_comments(source: str) -> Iterator[Text]:
    lines: list[str] = []
    first = last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, column = token.start
        words = _NOQA.sub("", token.string.lstrip("#!: "), count=1)
        alone_on_line = not token.line[:column].strip()
        if not (alone_on_line and line == last + 1):
            if lines:
                yield Text(first, "\n".join(lines))
            lines, first = [], line
        lines.append(words)
        last = line if alone_on_line else 0
    if lines:
        yield Text(first, "\n".join(lines))


def _find_problems(text: Text) -> Iterator[LanguageProblem]:
    prose = _CODE_OR_QUOTATION.sub(lambda quoted: "\n" * quoted[0].count("\n"), text.content)
    if text.has_beginning and (beginning := _BEGINNING.match(text.content.lstrip())):
        line = text.line + text.content[: len(text.content) - len(text.content.lstrip())].count("\n")
        yield LanguageProblem(line, f'begins with "{beginning[0]}": begin with a noun or a verb')
    for pattern, better in _FORBIDDEN.items():
        for word in pattern.finditer(prose):
            line = text.line + prose[: word.start()].count("\n")
            yield LanguageProblem(line, f'"{" ".join(word[0].split())}": rather {better}')


def list_files() -> list[Path]:
    """Files whose language is checked: Python code, templates, style, scripts and documents."""
    suffixes = {".py", ".html", ".css", ".js", ".mjs", ".sql", ".md"}
    files = chain(ROOT.glob("*.md"), *((ROOT / folder).rglob("*") for folder in FOLDERS))
    return sorted(file for file in files if file.suffix in suffixes and BUILT not in file.parents)


def main(arguments: list[str]) -> int:
    """Print the problems of the files or folders named, or of all files; return 1 where there are any."""
    chosen = [Path(argument).resolve() for argument in arguments]
    files = [file for file in list_files() if not chosen or any(file.is_relative_to(path) for path in chosen)]
    this_check = Path(__file__).resolve().with_suffix("")
    problems = [
        f"{file.relative_to(ROOT)}:{problem.line}: {problem.message}"
        for file in files
        if file.with_suffix("") not in (this_check, this_check.with_name("test_plain_english"))
        for problem in find_language_problems(file)
    ]
    print("\n".join([*problems, f"{len(problems)} problems in {len(files)} files."]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
