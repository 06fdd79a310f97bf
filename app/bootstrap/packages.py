"""Python's packages: a virtual environment with exactly the locked ones, and the project itself in it."""

import os
import subprocess
import sys
from pathlib import Path

from app.bootstrap.paths import ROOT, VENV
from app.bootstrap.steps import do_step, fingerprint, is_done, run_program

REQUIREMENTS = ROOT / "requirements"
MAIN, DEVELOPMENT, INSTALLER = (REQUIREMENTS / name for name in ("main.txt", "dev.txt", "uv.txt"))

PYTHON = VENV / "bin" / "python"
# The system's certificates: an office network may intercept TLS with a certificate of its own.
_UV: tuple[str | Path, ...] = (VENV / "bin" / "uv", "--system-certs", "--no-progress", "pip")
_ENVIRONMENT = {"VIRTUAL_ENV": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
_SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def install_packages(*, for_development: bool) -> None:
    """Install the locked packages and the command `sensor-register`, unless they are installed already.

    An environment for development also serves to run the register.
    """
    location = f"{sys.version_info[:2]} {ROOT}"
    main, development = (
        fingerprint(location, requirements, ROOT / "pyproject.toml") for requirements in (MAIN, DEVELOPMENT)
    )
    requirements, made_from = (DEVELOPMENT, development) if for_development else (MAIN, main)
    if _is_usable() and is_done("packages", made_from, development):
        return

    def install() -> None:
        if not _is_usable():
            _create_environment()
        # Exactly these files, by their hashes: nothing is resolved.
        run_program([*_UV, "sync", "--require-hashes", requirements], _ENVIRONMENT)
        run_program([*_UV, "install", "--no-deps", "--no-build-isolation", "--editable", ROOT], _ENVIRONMENT)

    do_step("packages", "Installing Python packages", made_from, install)


def lock_packages(*options: str) -> None:
    """Write the exact versions and hashes of all dependencies, for every system, without a package index."""
    project = ROOT / "pyproject.toml"
    same_versions = f"--constraints={MAIN}"
    _compile(MAIN, "--extra=setup", project, *options)
    _compile(DEVELOPMENT, "--extra=setup", "--extra=dev", same_versions, project, *options)
    _compile(INSTALLER, same_versions, REQUIREMENTS / "uv.in", *options)


def _compile(output: Path, *words: str | Path) -> None:
    form = ("--generate-hashes", "--no-header", "--no-annotate", "--quiet", f"--output-file={output}")
    run_program([*_UV, "compile", "--universal", "--python-version=3.11", *form, *words])


def _is_usable() -> bool:
    """Whether the environment was made in this folder (its programs contain the path) and its Python runs."""
    configuration = VENV / "pyvenv.cfg"
    if not (
        (VENV / "bin" / "uv").exists() and configuration.exists() and str(VENV) in configuration.read_text()
    ):
        return False
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", "import sys"], check=False).returncode == 0


def _create_environment() -> None:
    run_program([sys.executable, "-m", "venv", "--clear", VENV])
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    if _SYSTEM_CERTIFICATES.exists() and "PIP_CERT" not in os.environ:
        pip.append(f"--cert={_SYSTEM_CERTIFICATES}")
    run_program([*pip, "--require-hashes", "--requirement", INSTALLER])
