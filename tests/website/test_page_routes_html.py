"""The HTML of every page, checked by html-validate."""

import json
import subprocess
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.bootstrap.paths import ROOT, VENV
from tests.support.website_pages import PAGES, in_language

pytestmark = pytest.mark.slow

RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {
        # Rules of taste, which neither the standard nor WCAG has: white space, and the width of spaces in numbers.
        "no-trailing-whitespace": "off",
        "long-title": "off",
        "tel-non-breaking": "off",
        # A region that scrolls has a name and a tab stop; so has a list whose bullets the style takes away.
        "no-redundant-role": "off",
        "prefer-native-element": ["error", {"exclude": ["region", "article"]}],
        # Boxes of one filter share their name; `form-dup-name` knows this of radio buttons alone.
        "form-dup-name": ["error", {"shared": ["radio", "checkbox", "button", "submit"]}],
        # Icons repeat the text beside them.
        "svg-focusable": "off",
    },
}


def test_html_of_every_page_is_valid(site: TestClient, codes: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(RULES), encoding="utf-8")
    for name, path in PAGES.items():
        for prefix, language in (("", "nl"), ("/en", "en")):
            accept = {"Accept": "text/html", "Accept-Language": language}
            page = site.get(in_language(path.format(**codes), prefix), headers=accept)
            (tmp_path / f"{name.replace(' ', '-')}.{language}.html").write_text(page.text, encoding="utf-8")

    # A report in a pipe would be cut off.
    report = tmp_path / "report.json"
    program = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    command: list[str | Path] = [
        VENV / "bin" / "node",
        program,
        "-f",
        f"json={report}",
        *tmp_path.glob("*.html"),
    ]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)

    found = {
        (message["ruleId"], message["message"], Path(result["filePath"]).name)
        for result in json.loads(report.read_text(encoding="utf-8"))
        for message in result["messages"]
    }
    # A comparison has a field of the same name for each municipality: its address repeats the parameter.
    repeated = ("form-dup-name", 'Duplicate form control name "gemeente"')
    assert [one for one in found if one[:2] != repeated] == []
