"""The background that the operator chose, `REGISTER_BASEMAP`, and what it needs."""

from pathlib import Path
from typing import Any

from app.basemap.brt_tiles import BrtTiles
from app.basemap.pmtiles_file import PmtilesFile, read_pmtiles
from app.basemap.style import Scheme, write_brt_style, write_outline_style, write_pmtiles_style
from app.core.byte_cache import ByteCache

_PMTILES: str = "pmtiles:"


class Background:
    """The background of one application: PDOK's tiles, a file of tiles, or, with neither, outlines."""

    def __init__(self, brt: BrtTiles | None = None, file: PmtilesFile | None = None) -> None:
        self.brt = brt
        self.file = file
        self.outlines = ByteCache()

    @classmethod
    def of_setting(cls, setting: str) -> "Background":
        """Raises: InvalidPmtiles."""
        if setting.startswith(_PMTILES):
            return cls(file=read_pmtiles(Path(setting.removeprefix(_PMTILES))))
        return cls(BrtTiles() if setting == "auto" else None)

    async def write_style(self, scheme: Scheme, attribution: str) -> dict[str, Any]:
        """The style below the sensors; `attribution` is that of the outlines.

        Falls back to them within two seconds: then `isFallback` is true in it.
        """
        if self.file is not None:
            return write_pmtiles_style(scheme, self.file)
        if self.brt is not None and await self.brt.is_available():
            return write_brt_style(scheme)
        style = write_outline_style(scheme, attribution)
        return style if self.brt is None else {**style, "isFallback": True}
