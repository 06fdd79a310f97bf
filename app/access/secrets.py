"""Secrets of links, sessions and sign-ins: 256 random bits, of which only the hash is stored."""

from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

MAX_SECRET_LENGTH: Final = 100


def make_secret() -> str:
    """A text of 43 characters. It is too long to guess, so that a plain hash is safe to store."""
    return token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """Its SHA-256. A longer text than any secret has the hash of none."""
    return sha256(secret[: MAX_SECRET_LENGTH + 1].encode("utf-8", "surrogateescape")).digest()
