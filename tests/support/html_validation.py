"""HTML checked by html-validate."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from app.bootstrap.paths import ROOT, VENV

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
        # The standard allows any id without white space.
        "valid-id": ["error", {"relaxed": True}],
        # Icons repeat the text beside them.
        "svg-focusable": "off",
    },
}


def find_html_mistakes(pages: Mapping[str, str], folder: Path) -> list[tuple[str, str, str]]:
    """Rule, message and page of each mistake in these pages by name; the folder is for their files."""
    (folder / ".htmlvalidate.json").write_text(json.dumps(RULES), encoding="utf-8")
    for name, html in pages.items():
        (folder / f"{name.replace(' ', '-')}.html").write_text(html, encoding="utf-8")

    # A report in a pipe would be cut off.
    report = folder / "report.json"
    program = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    command: list[str | Path] = [
        VENV / "bin" / "node",
        program,
        "-f",
        f"json={report}",
        *folder.glob("*.html"),
    ]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)

    return sorted(
        {
            (message["ruleId"], message["message"], Path(result["filePath"]).name)
            for result in json.loads(report.read_text(encoding="utf-8"))
            for message in result["messages"]
        }
    )
