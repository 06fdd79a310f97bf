"""Secrets: long, different, and of any text a hash."""

from app.access.secrets import hash_secret, make_secret


def test_secrets_are_long_and_different() -> None:
    secrets = {make_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert min(map(len, secrets)) == 43


def test_longer_text_has_the_hash_of_no_secret() -> None:
    secret = make_secret()
    assert hash_secret(secret) == hash_secret(secret)
    assert hash_secret(secret + "x" * 1000) != hash_secret(secret)
    assert len(hash_secret("\udcff")) == 32
