"""The font of the pages: it has every character of our own texts, only the weights of the style, and few bytes."""

import re
from pathlib import Path

from app.bootstrap.paths import ROOT
from app.core.assets import read_asset

APP = ROOT / "app"
FONT = (APP / "static" / "font.mjs").read_text()
TEXTS = ("templates", "website", "places", "sensors", "statistics", "vocabularies")
DRAWN_ELSEWHERE = frozenset("⌘")
"""Characters that no page of the site shows."""
MOST_BYTES = 20_000


def read_characters(name: str) -> set[str]:
    found = re.search(rf'const {name} = "(.*)";', FONT)
    assert found
    return set(found[1].encode().decode("unicode_escape") if "\\u" in found[1] else found[1])


def list_shown_texts(path: Path) -> str:
    text = path.read_text()
    if path.suffix == ".html":
        return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return "".join(re.findall(r"LocalizedText\((.*?)\n?\)", text, re.DOTALL))


def test_font_has_every_character_of_our_texts() -> None:
    known = {chr(code) for code in range(32, 127)}
    for name in ("letters", "signs", "spaces"):
        known |= read_characters(name)
    files = [
        path for folder in TEXTS for path in (APP / folder).rglob("*") if path.suffix in (".html", ".py")
    ]
    assert len(files) > 100

    used = {letter for path in files for letter in list_shown_texts(path) if letter.isprintable()}

    assert used - known - DRAWN_ELSEWHERE == set()


def test_style_has_no_weight_that_the_font_lacks() -> None:
    styles = "".join(path.read_text() for path in (APP / "static" / "css").rglob("*.css"))
    weights = {int(weight) for weight in re.findall(r"font-weight:\s*(\d+)\s*;", styles)}

    assert weights <= set(range(400, 701))
    assert "font-weight: 400 700;" in styles
    assert "min: 400, max: 700" in FONT


def test_built_font_is_small() -> None:
    content = read_asset("source-sans-3.woff2")

    assert content is not None
    assert content.startswith(b"wOF2")
    assert len(content) < MOST_BYTES
