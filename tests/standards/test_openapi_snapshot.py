"""The description of the API is kept beside the code, so that every change of it shows in a review."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from app.bootstrap.paths import ROOT


def test_stored_document_equals_generated_document(check_golden: Callable[[Path, str], None]) -> None:
    without_settings = {name: value for name, value in os.environ.items() if not name.startswith("REGISTER_")}
    command = [str(Path(sys.executable).with_name("sensor-register")), "openapi"]
    document = subprocess.run(
        command, cwd=ROOT, env=without_settings, capture_output=True, text=True, check=True
    )
    check_golden(ROOT / "docs" / "openapi.json", document.stdout)
