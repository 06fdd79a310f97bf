"""The form of an API key: `srk_`, a public prefix for look-up, and a secret that is not stored."""

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

# A fixed start lets scanners of leaked secrets recognise a key.
_TOKEN = re.compile(r"srk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Token:
    """A new key: `text` is shown once, `prefix` and `hashed` are stored."""

    text: str
    prefix: str
    hashed: bytes


def make_token() -> Token:
    """Generate a key with 256 secret bits. That is too many to guess, so a plain hash is safe to store."""
    prefix = secrets.token_hex(6)
    text = f"srk_{prefix}_{secrets.token_urlsafe(32)}"
    return Token(text, prefix, sha256(text.encode()).digest())


def parse_prefix(token: str) -> str | None:
    """The public prefix of a key; None for a text of another form."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else None


def is_same_token(token: str, hashed: bytes) -> bool:
    """Whether this is the key that was hashed, compared in constant time."""
    return hmac.compare_digest(sha256(token.encode()).digest(), hashed)
