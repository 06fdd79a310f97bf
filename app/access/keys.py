"""What an API key looks like: `srk_`, a public prefix to find it by, and a secret that is kept nowhere."""

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

# A fixed beginning lets scanners of leaked secrets recognise a key.
_TOKEN = re.compile(r"srk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Token:
    """A new key: `text` is shown once, `prefix` and `hashed` are stored."""

    text: str
    prefix: str
    hashed: bytes


def make_token() -> Token:
    """Draw a key with 256 secret bits, too many to guess: a plain hash of it is safe to store."""
    prefix = secrets.token_hex(6)
    text = f"srk_{prefix}_{secrets.token_urlsafe(32)}"
    return Token(text, prefix, sha256(text.encode()).digest())


def read_prefix(token: str) -> str | None:
    """The public prefix of a text that has the form of a key."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else None


def is_same_token(token: str, hashed: bytes) -> bool:
    """Whether this is the key that was hashed, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(sha256(token.encode()).digest(), hashed)
