"""The built files: each is served, and cached because its name has its hash."""

import hashlib
import json
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.assets import BUILT_FILES, AssetFiles, asset_url
from app.core.templates import TEMPLATES, templates

MANIFEST: dict[str, str] = json.loads((BUILT_FILES / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_file_name_has_the_hash_of_the_content(name: str) -> None:
    content = (BUILT_FILES / MANIFEST[name]).read_bytes()

    assert hashlib.sha256(content).hexdigest()[:12] in MANIFEST[name]


def test_files_are_cached_for_ever() -> None:
    app = FastAPI()
    app.mount("/static", AssetFiles())
    with TestClient(app) as client:
        answer = client.get(asset_url("site.css"))

    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, deflate, br, zstd", "br"), ("identity", None), ("br;q=0", None)]
)
def test_style_sheet_is_sent_as_it_was_packed_at_build(accepted: str, encoding: str | None) -> None:
    app = FastAPI()
    app.mount("/static", AssetFiles())
    with TestClient(app) as client:
        answer = client.get(asset_url("site.css"), headers={"Accept-Encoding": accepted})

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.content == (BUILT_FILES / MANIFEST["site.css"]).read_bytes()
    if encoding:
        assert int(answer.headers["content-length"]) < len(answer.content) / 5


def test_style_names_only_tokens_that_exist() -> None:
    """A token that a rule of ours uses without a value to fall back on must be defined in the same sheet."""
    css = (BUILT_FILES / MANIFEST["site.css"]).read_text(encoding="utf-8")
    defined = set(re.findall(r"(--(?:basis|register|voorbeeld)-[\w-]+):", css))
    used = set(re.findall(r"var\((--(?:basis|register|voorbeeld)-[\w-]+)\)", css))

    assert used
    assert used - defined == set()


def test_style_sheet_stays_small_enough_for_a_phone() -> None:
    sent = (BUILT_FILES / f"{MANIFEST['site.css']}.br").read_bytes()

    assert len(sent) < 16_500


def test_icons_that_templates_name_are_in_the_sprite() -> None:
    sprite = (BUILT_FILES / MANIFEST["icons.svg"]).read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"[^>]*><(?:path|circle|rect|line)', sprite))
    pages = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r"""\bicon\(["']([\w-]+)["']""", pages))

    assert named
    assert named - drawn == set()


def test_icon_is_hidden_from_screen_readers_and_names_the_sprite() -> None:
    icons = templates().from_string('{% from "website/icons.html" import icon %}{{ icon("eye") }}')

    html = icons.render()

    assert f'<use href="/static/{MANIFEST["icons.svg"]}#eye">' in html
    assert 'aria-hidden="true"' in html
