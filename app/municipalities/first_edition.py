"""What a new register starts with: the official boundaries, or approximate ones where these do not answer."""

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
"""How long the official source may keep us waiting, at the start and between two pieces."""

_log = logging.getLogger(__name__)


def ensure_municipalities(
    session: Session,
    packages: Path,
    year: int,
    options: LoadOptions | None = None,
    source: str = OFFICIAL_SOURCE,
) -> EditionReport | None:
    """Load boundaries when there are none yet; None when there are. The caller commits.

    The official source is asked first; where it does not answer within 5 s, an approximate edition is made
    from the folder of npm packages, and the log says how to replace it.
    Raises: Unavailable when neither can be had.
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
    """Return once the address answers.

    Raises: Unavailable when it does not do so in time.
    """
    answered = threading.Event()
    # A thread of its own, left behind when it hangs: looking up a name has no time limit of ours.
    threading.Thread(target=_ask, args=(address, answered), daemon=True).start()
    if not answered.wait(ANSWER_SECONDS):
        raise Unavailable(
            LocalizedText(
                f"{address} antwoordt niet binnen {ANSWER_SECONDS} s.",
                f"{address} does not answer within {ANSWER_SECONDS} s.",
            )
        )


def _ask(address: str, answered: threading.Event) -> None:
    try:
        with open_download_client(ANSWER_SECONDS) as client, client.stream("HEAD", address):
            answered.set()
    except httpx.TimeoutException:
        return
    except httpx.HTTPError:
        # A refusal is an answer too; loading will say what is wrong.
        answered.set()
