"""Addresses of mail: their form, and the one spelling by which they are compared and written to."""

import re
import unicodedata
from typing import Final

import idna

MAX_LENGTH: Final = 254
"""Length of a whole address. Source: RFC 5321, 4.5.3.1.3."""

_MAX_LOCAL_LENGTH: Final = 64

_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f-\x9f]+")
"""No quoted forms and no comments: those are how headers are tricked, and no work address has them."""
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


def normalise_address(given: str) -> str | None:
    """The address in small letters, with its domain in ASCII; None where it is none.

    Letters outside ASCII are allowed before the @. Letters are never replaced by similar ones: an address that only
    looks like another stays another.
    """
    local, at, domain = unicodedata.normalize("NFC", given.strip()).rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or not local.isprintable():
        return None
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return None
    try:
        domain = domain.lower() if domain.isascii() else idna.encode(domain.lower()).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
    # `lower` makes a few letters longer.
    address = f"{local.lower()}@{domain}"
    if not _DOMAIN.fullmatch(domain) or len(local.lower().encode()) > _MAX_LOCAL_LENGTH:
        return None
    return address if len(address.encode()) <= MAX_LENGTH else None
