"""The correction grid is added before any transformation, so that RD is exact."""

from pathlib import Path

import pytest

from app.bootstrap.paths import ROOT

SHARED = ROOT.parent / "shared" / "geodata"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real boundaries and sensors, which are no part of the repository."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside the repository")
    return SHARED
