"""The documents are true to the repository: links, files, names in code, commands and decisions exist."""

import re
import subprocess
from pathlib import Path

import pytest

from app.bootstrap.paths import ROOT
from app.cli.banner import example_requests
from app.core.settings import Settings
from app.sensors.public_codes import is_public_code

FOLDERS = (".ci", "app", "docs", "migrations", "requirements", "seed", "tests")
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for path in (*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md")))
)
CODE = ("app", "migrations", "seed", "tests")
BUILT = ROOT / "app" / "static" / "build"

DOCUMENT_INDEX = Path("docs/README.md")
DECISION_INDEX = Path("docs/decisions/README.md")

NAMES_OF_OTHERS = {"StringList", "hot_standby", "knmi_meteostation", "pg_dump"}
"""Names in documents that belong to GDAL, PostgreSQL and hydropandas."""


def read(document: Path) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_registration_numbers_in_a_document_have_the_right_check_character(document: Path) -> None:
    numbers = re.findall(r'(?:/s/|"publicCode": ?")([0-9A-Z]{7})\b', read(document))

    assert [number for number in numbers if not is_public_code(number)] == []


def list_decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "decisions").glob("[0-9][0-9][0-9][0-9]-*.md"))


def list_code(*suffixes: str) -> list[Path]:
    files = (path for folder in CODE for path in (ROOT / folder).rglob("*"))
    return [path for path in files if path.suffix in suffixes and BUILT not in path.parents]


def list_headings(document: Path) -> set[str]:
    """Anchors of the headings, as they are written in a link."""
    titles = re.findall(r"^#+ (.+)$", without_code(read(document)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_readme_is_short() -> None:
    assert len(read(Path("README.md")).splitlines()) < 150


def test_readme_has_the_requests_of_the_first_start() -> None:
    shown = read(Path("README.md")).splitlines()
    key = "$(cat .local/demo-key)"
    for line in example_requests("http://127.0.0.1:8000", key):
        # The shell substitutes the reader's own key only between double quotes.
        assert line.replace(f"'Authorization: Bearer {key}'", f'"Authorization: Bearer {key}"') in shown


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_relative_links_lead_to_files_and_headings(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(read(document)))
    lost = []
    for link in links:
        address, _, heading = link.partition("#")
        if "://" in address or address.startswith("mailto:"):
            continue
        target = (ROOT / document.parent / address).resolve() if address else ROOT / document
        known = target.exists() and (not heading or heading in list_headings(target.relative_to(ROOT)))
        if not known:
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_mentioned_files_exist(document: Path) -> None:
    named = re.findall(r"`((?:app|docs|migrations|seed|tests)/[\w./*-]+)", read(document))
    assert [name for name in named if not any(ROOT.glob(name.rstrip("/.")))] == []


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Every word of the code, and the names of its files, classes, modules and settings."""
    files = list_code(".py", ".html", ".sql", ".js", ".mjs", ".toml", ".lua", ".csv", ".json")
    texts = [
        path.read_text(encoding="utf-8") for path in (*files, ROOT / "Makefile", ROOT / "pyproject.toml")
    ]
    words = {word for text in texts for word in re.findall(r"\w+", text)}
    settings = {f"REGISTER_{name.upper()}" for name in Settings.model_fields}
    return words | settings | {path.name for path in files} | {path.stem for path in files} | NAMES_OF_OTHERS


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_mentioned_names_of_code_exist(document: Path, names: set[str]) -> None:
    """Names between back quotes: `snake_case`, `camelCase`, `CamelCase` and `module.py`."""
    if document == Path("CHANGELOG.md"):
        return  # It also has the names of earlier versions.
    prose = re.sub(r"```.*?```", "", read(document), flags=re.DOTALL)
    code = re.findall(r"`([^`\n]+)`", prose)
    compound = r"(?<![\w.-])[A-Za-z]\w*(?:_\w+|[a-z][A-Z]\w*)\b"
    mentioned = {name for part in code for name in re.findall(rf"{compound}|\b\w+\.py\b", part)}
    assert mentioned - names == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_mentioned_modules_and_methods_exist(document: Path) -> None:
    """`app.core.http` is a module or package; `SensorSearch.of` is a method or field of a class of ours."""
    code = re.findall(r"`([A-Za-z][\w.]*)[^`\n]*`", read(document))
    modules = [name for name in code if name.startswith("app.")]
    assert [name for name in modules if not any(ROOT.glob(f"{name.replace('.', '/')}*"))] == []
    classes = {
        found[1]: found[2]
        for path in list_code(".py")
        for found in re.finditer(
            r"^class (\w+)(.*?)(?=^\S|\Z)", path.read_text("utf-8"), re.DOTALL | re.MULTILINE
        )
    }
    methods = [name.split(".") for name in code if re.fullmatch(r"[A-Z][a-z]\w+\.[a-z]\w+", name)]
    lost = [
        f"{owner}.{name}" for owner, name in methods if not re.search(rf"\b{name}\b", classes.get(owner, ""))
    ]
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_mentioned_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read(Path("Makefile")), re.MULTILINE))
    code = re.findall(
        r"```(?:sh|console)?\n(.*?)```|`([^`\n]+)`|^    (\S.*)$", read(document), re.DOTALL | re.MULTILINE
    )
    commands = "\n".join("\n".join(parts) for parts in code)
    named = set(re.findall(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)", commands, re.MULTILINE))
    assert named <= targets


def test_cited_decisions_exist() -> None:
    texts = [read(path) for path in DOCUMENTS]
    texts += [path.read_text(encoding="utf-8") for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    cited = {number for text in texts for number in re.findall(r"(?:[Dd]ecision |decisions/)(\d{4})\b", text)}
    assert cited
    assert cited <= {path.name[:4] for path in list_decisions()}


def test_index_of_decisions_is_complete() -> None:
    rows = re.findall(r"^\| \[(\d{4})\]\((.+?)\) \| (.+?) \|", read(DECISION_INDEX), re.MULTILINE)
    titles = [
        (path.name[:4], path.name, path.read_text(encoding="utf-8").partition("\n")[0][7:])
        for path in list_decisions()
    ]
    assert rows == titles


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_index_of_documents_is_complete(document: Path) -> None:
    if document.parent == Path("docs") and document != DOCUMENT_INDEX:
        assert f"]({document.name})" in read(DOCUMENT_INDEX)


def test_decisions_have_context_decision_and_consequences() -> None:
    decisions = list_decisions()
    assert len({path.name[:4] for path in decisions}) == len(decisions), "two decisions of one number"
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name


def test_the_licence_is_named_by_its_identifier() -> None:
    for document in ("README.md", "LICENSE"):
        assert "SPDX-License-Identifier: EUPL-1.2" in read(Path(document))
    assert 'license = "EUPL-1.2"' in read(Path("pyproject.toml"))


def test_make_lists_its_targets() -> None:
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for target in ("run", "test", "test-slow", "check", "bench"):
        assert f"  make {target} " in shown
