"""Settings of signing in: those that are enough, and those that stop a start."""

from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey

from app.bootstrap.cannot_start import CannotStart
from app.core.settings import Settings
from app.main import create_app
from app.website.account.provider import SignInMethods

ISSUER = "https://login.example"
SITE = "https://register.example"
WHOLE = {"oidc_issuer": ISSUER, "oidc_client_id": "register", "oidc_client_secret": "s", "public_url": SITE}


def choose(**settings: object) -> SignInMethods:
    return SignInMethods.of_settings(Settings(**settings))  # type: ignore[arg-type]


def test_provider_with_a_secret_is_used() -> None:
    found = choose(**WHOLE)
    assert found.client is not None
    assert (found.client.redirect_uri, found.has_demo) == (f"{SITE}/inloggen/terug", False)


def test_provider_with_a_private_key_is_used(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(RSAKey.generate_key(2048, private=True).as_pem(private=True))
    found = choose(**(WHOLE | {"oidc_client_secret": None, "oidc_private_key_file": file}))
    assert found.client is not None
    assert found.client.private_key is not None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"oidc_client_id": None}, "REGISTER_OIDC_CLIENT_ID"),
        ({"oidc_client_secret": None}, "REGISTER_OIDC_CLIENT_SECRET"),
        ({"oidc_private_key_file": "/nowhere"}, "either"),
        ({"oidc_client_secret": None, "oidc_private_key_file": "/nowhere"}, "cannot be read"),
        ({"public_url": "http://register.example"}, "https"),
    ],
    ids=str,
)
def test_settings_by_which_no_one_could_sign_in_stop_the_start(
    changed: dict[str, object], named: str
) -> None:
    settings = Settings(database_url="postgresql://nowhere", **(WHOLE | changed))  # type: ignore[arg-type]
    with pytest.raises(CannotStart, match=named):
        create_app(settings)


@pytest.mark.parametrize(
    "content",
    [
        RSAKey.generate_key(2048, private=True).as_pem(private=False),
        ECKey.generate_key("P-384", private=True).as_pem(private=True),
        b"no key",
    ],
    ids=["public", "another curve", "text"],
)
def test_file_without_a_usable_private_key_stops_the_start(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(content)
    with pytest.raises(CannotStart, match="no private"):
        choose(**(WHOLE | {"oidc_client_secret": None, "oidc_private_key_file": file}))


MAIL = {"mail_host": "mail.example", "mail_from": "sensoren@register.example"}


@pytest.mark.parametrize(
    ("settings", "is_missing"),
    [
        ({"environment": "production", "public_url": SITE}, True),
        ({"public_url": SITE}, True),
        ({}, False),
        ({"environment": "production", "public_url": SITE} | MAIL, False),
        ({"environment": "production"} | WHOLE, False),
    ],
    ids=str,
)
def test_register_where_no_one_can_sign_in_says_what_is_missing(
    settings: dict[str, object], *, is_missing: bool
) -> None:
    lack = choose(**settings).describe_lack()
    assert (lack is not None) == is_missing
    for sentence in lack or ():
        assert "REGISTER_OIDC_ISSUER" in sentence
        assert "REGISTER_MAIL_HOST" in sentence


@pytest.mark.parametrize("changed", [{"public_url": "http://register.example"}, {"mail_from": None}], ids=str)
def test_mail_by_which_no_one_could_sign_in_stops_the_start(changed: dict[str, object]) -> None:
    with pytest.raises(CannotStart):
        choose(**(MAIL | changed))


def test_links_are_beside_the_provider_or_the_demo() -> None:
    assert choose(**(WHOLE | MAIL)).has_links
    found = choose(**MAIL)
    assert (found.has_links, found.has_demo) == (True, True)
