"""Encryption of the addresses of reporters."""

from pathlib import Path

import pytest

from app.core.settings import Settings
from app.reports.address_cipher import AddressCipher, make_key, read_key_file

ADDRESS = "bewoner@example.org"


def test_address_is_read_with_its_key_and_with_no_other() -> None:
    old, new = make_key(), make_key()
    encrypted = AddressCipher(old).encrypt(ADDRESS)
    assert ADDRESS.encode() not in encrypted
    assert AddressCipher(old).decrypt(encrypted) == ADDRESS
    # A key is replaced by a new one before it.
    assert AddressCipher(f"{new}, {old}").decrypt(encrypted) == ADDRESS
    assert AddressCipher(new).decrypt(encrypted) is None


def test_text_that_is_no_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 url-safe"):
        AddressCipher("geheim")


def test_settings_without_a_key_have_no_cipher() -> None:
    assert AddressCipher.of_settings(Settings(report_key=None)) is None


def test_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "own" / "report.key"
    key = read_key_file(path)
    assert read_key_file(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert AddressCipher(key).decrypt(AddressCipher(key).encrypt(ADDRESS)) == ADDRESS
