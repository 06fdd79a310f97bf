"""Encryption of the addresses of reporters, by a key outside the database: a copy of that does not reveal them."""

import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.core.settings import Settings

_log = logging.getLogger(__name__)

_ENCODING: Final = "utf-8"


class AddressCipher:
    """Encrypts with the first of its keys, and reads what any of them encrypted: a key can be replaced."""

    def __init__(self, keys: str) -> None:
        """`keys` are Fernet keys, separated by commas. Raises: ValueError for a text that is no key."""
        self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])

    @classmethod
    def of_settings(cls, settings: Settings) -> Self | None:
        """The cipher of the setting; None without a key: then no addresses are taken."""
        return cls(settings.report_key.get_secret_value()) if settings.report_key else None

    def encrypt(self, address: str) -> bytes:
        return self._fernet.encrypt(address.encode(_ENCODING))

    def decrypt(self, encrypted: bytes) -> str | None:
        """The address; None where its key has gone."""
        try:
            return self._fernet.decrypt(encrypted).decode(_ENCODING)
        except InvalidToken:
            _log.warning("the address of a reporter was encrypted with another key, and cannot be read")
            return None


def make_key() -> str:
    """A new key for the setting."""
    return Fernet.generate_key().decode()


def read_key_file(path: Path) -> str:
    """The key in a file that only its owner can read, made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make_key() + "\n")
    return path.read_text().strip()
