"""The built files of the pages, and how browsers may cache them."""

import json
import logging
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.core.site_path import site_path

STATIC_SOURCES: Final = Path(__file__).parent.parent / "static"
BUILT_FILES: Final = STATIC_SOURCES / "build"

_log = logging.getLogger(__name__)


class AssetFiles(StaticFiles):
    """The built files, to mount at `/static`. Names have the hash of the content, so that they are cached for ever."""

    def __init__(self) -> None:
        # The pages are served without styles when there is no build: the API must not depend on npm.
        super().__init__(directory=BUILT_FILES, check_dir=False)

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@lru_cache(maxsize=1)
def _hashed_names() -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads((BUILT_FILES / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        _log.warning("The pages have no styles: run `npm ci` and `npm run build`.")
        return {}
    return names


def asset_url(name: str) -> str:
    """The address of a built file, by the name of its source, such as `site.css`."""
    return site_path(f"/static/{_hashed_names().get(name, name)}")


def read_asset(name: str) -> bytes | None:
    """The content of a built file, by the name of its source; None when there is no build."""
    hashed = _hashed_names().get(name)
    return (BUILT_FILES / hashed).read_bytes() if hashed else None
