"""Metadata and keys of a provider: what is refused, and when they are fetched again."""

from typing import Any

import pytest

from app.access.oidc.client import OidcClient
from app.access.oidc.provider import Provider, parse_metadata
from app.access.oidc.refusals import Refusal, SignInRefused
from tests.access.oidc.conftest import open_client
from tests.access.oidc.test_relying_party import check_refused, sign_in
from tests.support.oidc_provider import OidcProvider, make_rsa_key

ISSUER = "https://login.example/leiden"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://login.example/authorize?tenant=1",
    "token_endpoint": "https://login.example/token",
    "jwks_uri": "https://login.example/keys",
}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_metadata_with_the_least_members_is_read() -> None:
    found = parse_metadata(DOCUMENT, ISSUER)
    assert found.token_endpoint == "https://login.example/token"
    assert found.authentication_methods == ("client_secret_basic",)
    assert found.end_session_endpoint is None
    assert not found.names_issuer


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"issuer": "https://login.example/other"}, Refusal.OTHER_ISSUER),
        ({"issuer": ISSUER + "/"}, Refusal.OTHER_ISSUER),
        ({"token_endpoint": "http://login.example/token"}, Refusal.METADATA),
        ({"token_endpoint": "http://127.0.0.1/token"}, Refusal.METADATA),
        ({"jwks_uri": "file:///etc/passwd"}, Refusal.METADATA),
        ({"jwks_uri": 7}, Refusal.METADATA),
        ({"authorization_endpoint": "javascript:alert(1)"}, Refusal.METADATA),
        ({"end_session_endpoint": "http://login.example/out"}, Refusal.METADATA),
        ({"code_challenge_methods_supported": ["plain"]}, Refusal.METADATA),
    ],
    ids=str,
)
def test_metadata_that_cannot_be_trusted_is_refused(changed: dict[str, Any], refusal: Refusal) -> None:
    with pytest.raises(SignInRefused) as refused:
        parse_metadata(DOCUMENT | changed, ISSUER)
    assert refused.value.refusal is refusal


def test_document_that_is_no_object_is_refused() -> None:
    with pytest.raises(SignInRefused):
        parse_metadata(["issuer"], ISSUER)


def test_metadata_and_keys_are_fetched_once_an_hour(server: OidcProvider, client: OidcClient) -> None:
    clock = Clock()
    provider = Provider(server.issuer, open_client, clock)
    sign_in(server, provider, client)
    sign_in(server, provider, client)
    assert [path for path in server.asked if path != "/token"] == [
        "/.well-known/openid-configuration",
        "/keys",
    ]
    clock.seconds += 3600
    sign_in(server, provider, client)
    assert [path for path in server.asked[4:] if path != "/token"] == [
        "/.well-known/openid-configuration",
        "/keys",
    ]


def test_new_key_of_the_provider_is_fetched_at_its_first_token(
    server: OidcProvider, client: OidcClient
) -> None:
    clock = Clock()
    provider = Provider(server.issuer, open_client, clock)
    sign_in(server, provider, client)
    server.keys.insert(0, make_rsa_key("two"))
    clock.seconds += 61
    assert sign_in(server, provider, client).subject == "person-1"


def test_unknown_key_is_looked_up_once_a_minute(server: OidcProvider, client: OidcClient) -> None:
    clock = Clock()
    provider = Provider(server.issuer, open_client, clock)
    sign_in(server, provider, client)
    server.answers.signing_key = make_rsa_key("made-up")
    clock.seconds += 61
    for _ in range(5):
        check_refused(Refusal.UNKNOWN_KEY, server, provider, client)
    assert server.asked.count("/keys") == 2


def test_key_for_encryption_does_not_sign(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    key = make_rsa_key("one")
    server.keys = [type(key).import_key(key.as_dict(private=True) | {"use": "enc"})]
    server.answers.signing_key = key
    check_refused(Refusal.UNKNOWN_KEY, server, provider, client)


def test_metadata_of_another_issuer_is_refused_at_sign_in(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.metadata = {"issuer": "https://other.example"}
    with pytest.raises(SignInRefused) as refused:
        sign_in(server, provider, client)
    assert refused.value.refusal is Refusal.OTHER_ISSUER
