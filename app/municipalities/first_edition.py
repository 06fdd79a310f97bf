"""The first edition of a new register: the official boundaries, or approximate ones where these are unavailable."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.core.errors import RegisterError
from app.core.http_client.addresses import parse_address
from app.municipalities.approximation import load_approximate_edition
from app.municipalities.downloads import DownloadOptions, open_download_client
from app.municipalities.edition_sources import OFFICIAL_SOURCE
from app.municipalities.editions import EditionReport, LoadOptions, load_edition
from app.municipalities.province_assignment import fill_missing_provinces
from app.municipalities.queries import find_edition_in_force

ANSWER_SECONDS: Final = 5
"""Longest wait for the official source, at the start and between two pieces."""

_log = logging.getLogger(__name__)


def ensure_municipalities(
    session: Session,
    packages: Path,
    year: int,
    options: LoadOptions | None = None,
    source: str = OFFICIAL_SOURCE,
) -> EditionReport | None:
    """Load boundaries if there are none yet, else return None. The caller commits.

    The official source is tried first. If it does not answer within 5 s, an approximate edition is made from the folder
    of npm packages, and the log explains how to replace it.
    Raises: Unavailable when both fail.
    """
    if find_edition_in_force(session) is not None:
        # An edition of an earlier version of this program may lack provinces.
        fill_missing_provinces(session, packages)
        return None
    options = replace(options or LoadOptions(), packages=packages)
    options = replace(options, download=replace(options.download, wait_seconds=ANSWER_SECONDS))
    try:
        _probe(source, options.download)
        with session.begin_nested():
            return load_edition(session, source, year, options)
    except RegisterError as error:
        _log.warning("the official boundaries could not be loaded: %s", error)
    return load_approximate_edition(session, packages, year, options)


def _probe(source: str, options: DownloadOptions) -> None:
    """Check that the source answers at all, before the longer wait for its content. Raises: RegisterError."""
    with open_download_client(options) as client:
        client.limits = replace(client.limits, answer_seconds=ANSWER_SECONDS, tries=1)
        client.probe(parse_address(source))
