"""What is built rather than installed: the website's style and scripts, and the correction grid for RD."""

import os

from app.bootstrap.packages import MAIN, PYTHON
from app.bootstrap.paths import GRID, ROOT, VENV
from app.bootstrap.steps import do_step, fingerprint, is_done, run_program

_STATIC = ROOT / "app" / "static"
_NODE_PACKAGES = ROOT / "node_modules"
_WANTED_NODE_PACKAGES = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc", MAIN)


def install_node_packages() -> None:
    """Install exactly the locked npm packages, by the Node that came with Python's packages."""
    wanted = fingerprint(*_WANTED_NODE_PACKAGES)
    if not (_NODE_PACKAGES.exists() and is_done("node-packages", wanted)):
        do_step("node-packages", "Installing the website's packages", wanted, lambda: _run_npm("ci"))


def build_website() -> None:
    """Build style sheets and scripts into app/static/build."""
    built = _STATIC / "build"
    sources = (file for file in sorted(_STATIC.rglob("*")) if file.is_file() and built not in file.parents)
    wanted = fingerprint(*sources, *_WANTED_NODE_PACKAGES)
    if not (built.exists() and is_done("website", wanted)):
        do_step(
            "website", "Building the website's style and scripts", wanted, lambda: _run_npm("run", "build")
        )


def build_grid() -> None:
    """Build PROJ's grid file for RD New from the official correction tables."""
    builder = "import pathlib, sys, app.spatial.rd_grid as g; g.build_grid(pathlib.Path(sys.argv[1]))"
    wanted = fingerprint(ROOT / "app" / "spatial" / "rd_grid.py", MAIN)
    if not (any(GRID.glob("*.tif")) and is_done("grid", wanted)):
        do_step(
            "grid",
            "Building the coordinate grid for RD New",
            wanted,
            lambda: run_program([PYTHON, "-c", builder, GRID]),
        )


def _run_npm(*words: str) -> None:
    programs = VENV / "bin"
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        # Certificates of the system: an office network may put its own between us and the package index.
        "NODE_OPTIONS": "--use-system-ca",
    }
    run_program([programs / "npm", *words], environment)
