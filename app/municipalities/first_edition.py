"""The first edition of a new register: the official boundaries, or approximate ones where these are unavailable."""

import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.core.errors import RegisterError, Unavailable
from app.core.http_client import httpx
from app.core.i18n import LocalizedText
from app.municipalities.approximation import load_approximate_edition
from app.municipalities.downloads import open_download_client
from app.municipalities.edition_sources import OFFICIAL_SOURCE
from app.municipalities.editions import EditionReport, LoadOptions, load_edition
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
        return None
    options = replace(options or LoadOptions(), timeout_seconds=ANSWER_SECONDS)
    try:
        _await_answer(source)
        with session.begin_nested():
            return load_edition(session, source, year, options)
    except RegisterError as error:
        _log.warning("the official boundaries could not be loaded: %s", error)
    return load_approximate_edition(session, packages, year, options)


def _await_answer(address: str) -> None:
    """Wait until the address answers. Raises: Unavailable when it does not answer in time."""
    answered = threading.Event()
    # A separate thread, abandoned when it hangs: we cannot limit the time of a DNS look-up.
    threading.Thread(target=_request_head, args=(address, answered), daemon=True).start()
    if not answered.wait(ANSWER_SECONDS):
        raise Unavailable(
            LocalizedText(
                f"{address} antwoordt niet binnen {ANSWER_SECONDS} s.",
                f"{address} does not answer within {ANSWER_SECONDS} s.",
            )
        )


def _request_head(address: str, answered: threading.Event) -> None:
    try:
        with open_download_client(ANSWER_SECONDS) as client, client.stream("HEAD", address):
            answered.set()
    except httpx.TimeoutException:
        return
    except httpx.HTTPError:
        # An error is an answer too; loading reports it.
        answered.set()
