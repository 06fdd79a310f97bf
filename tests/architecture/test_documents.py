"""What the documents say of the repository is so."""

import re
import subprocess
from pathlib import Path

import pytest

from app.bootstrap.paths import ROOT
from app.cli.banner import example_requests

FOLDERS = (".ci", "app", "docs", "migrations", "requirements", "seed", "tests")
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for path in (*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md")))
)
CODE = ("app", "migrations", "tests")


def read(document: Path) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def list_decisions() -> set[str]:
    return {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9][0-9][0-9][0-9]-*.md")}


def list_headings(document: Path) -> set[str]:
    """The anchors of its headings, as they stand in a link."""
    titles = re.findall(r"^#+ (.+)$", without_code(read(document)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_readme_is_short() -> None:
    assert len(read(Path("README.md")).splitlines()) < 150


def test_the_readme_asks_what_the_first_start_shows() -> None:
    shown = read(Path("README.md")).splitlines()
    key = "$(cat .local/demo-key)"
    for line in example_requests("http://127.0.0.1:8000", key):
        # The shell fills in the reader's own key, which it does between double quotes alone.
        assert line.replace(f"'Authorization: Bearer {key}'", f'"Authorization: Bearer {key}"') in shown


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
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
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = re.findall(r"`((?:app|docs|migrations|seed|tests)/[\w./*-]+)", read(document))
    assert [name for name in named if not any(ROOT.glob(name.rstrip("/.")))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read(Path("Makefile")), re.MULTILINE))
    code = re.findall(
        r"```(?:sh|console)?\n(.*?)```|`([^`\n]+)`|^    (\S.*)$", read(document), re.DOTALL | re.MULTILINE
    )
    commands = "\n".join("\n".join(parts) for parts in code)
    named = set(re.findall(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)", commands, re.MULTILINE))
    assert named <= targets


def test_every_decision_that_is_cited_exists() -> None:
    texts = [read(path) for path in DOCUMENTS]
    texts += [path.read_text(encoding="utf-8") for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    cited = {number for text in texts for number in re.findall(r"(?:[Dd]ecision |decisions/)(\d{4})\b", text)}
    assert cited
    assert cited <= list_decisions()


def test_decisions_say_context_decision_and_consequences() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
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


def test_make_names_its_targets() -> None:
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for target in ("run", "test", "test-slow", "check", "bench"):
        assert f"  make {target} " in shown
