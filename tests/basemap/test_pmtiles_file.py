"""The header of a PMTiles file, also of one that is none."""

from pathlib import Path

import pytest

from app.basemap.pmtiles_file import InvalidPmtiles, read_pmtiles
from tests.support.pmtiles import MVT, write_pmtiles
from tests.support.tile_server import make_png


def test_kind_layers_and_attribution_are_read(tmp_path: Path) -> None:
    metadata = {"vector_layers": [{"id": "water"}, {"id": "roads"}], "attribution": "© Makers"}
    file = read_pmtiles(write_pmtiles(tmp_path / "x.pmtiles", b"\x1a\x00", kind=MVT, metadata=metadata))

    assert file.is_vector
    assert file.layers == {"water", "roads"}
    assert file.attribution == "© Makers"
    assert not read_pmtiles(write_pmtiles(tmp_path / "y.pmtiles", make_png())).is_vector


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "not a PMTiles file"), (b"<html>" * 50, "not a PMTiles file"), (None, "cannot be read")],
)
def test_other_file_is_refused_with_the_reason(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "map.pmtiles"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InvalidPmtiles, match=says):
        read_pmtiles(path)


def test_file_that_ends_early_is_refused(tmp_path: Path) -> None:
    path = write_pmtiles(tmp_path / "map.pmtiles", make_png(), metadata={"name": "x" * 100})
    path.write_bytes(path.read_bytes()[:170])

    with pytest.raises(InvalidPmtiles, match="metadata"):
        read_pmtiles(path)
