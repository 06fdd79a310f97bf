"""A sign-in at a provider that answers as it should, and at one that lies."""

import time
from base64 import b64decode
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from app.access.oidc.client import OidcClient
from app.access.oidc.provider import Provider
from app.access.oidc.refusals import Refusal, SignInRefused
from app.access.oidc.relying_party import (
    finish_sign_in,
    start_sign_in,
    write_logout_address,
    write_sign_in_address,
)
from app.access.oidc.tokens import Identity
from tests.support.oidc_provider import (
    CLIENT_ID,
    SECRET,
    OidcProvider,
    hash_half,
    make_rsa_key,
    read_parameters,
    sign_with_public_key,
)


def sign_in(server: OidcProvider, provider: Provider, client: OidcClient, **returned: Any) -> Identity:
    """Sign in; `returned` replaces what the browser comes back with, and None leaves it out."""
    started = start_sign_in()
    back = server.authorize(write_sign_in_address(provider, client, started, "nl")) | returned
    back = {name: value for name, value in back.items() if value is not None}
    return finish_sign_in(provider, client, started, back, int(time.time()))


def check_refused(
    refusal: Refusal, server: OidcProvider, provider: Provider, client: OidcClient, **returned: Any
) -> None:
    with pytest.raises(SignInRefused) as refused:
        sign_in(server, provider, client, **returned)
    assert refused.value.refusal is refusal, str(refused.value)


def test_person_signs_in_with_name_address_and_session(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    found = sign_in(server, provider, client)
    assert found == Identity(server.issuer, "person-1", "session-1", "Noor de Vries", "noor@leiden.example")


def test_address_of_the_sign_in_asks_for_a_code_with_pkce_and_nonce(
    provider: Provider, client: OidcClient
) -> None:
    started = start_sign_in()
    asked = read_parameters(write_sign_in_address(provider, client, started, "en"))
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["state"] == started.state
    assert asked["nonce"] == started.nonce
    assert asked["ui_locales"] == "en"
    assert started.code_verifier not in asked.values()


def test_secret_is_form_encoded_in_basic_authentication(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    sign_in(server, provider, client)
    _, authorization = server.forms[0]
    assert b64decode(authorization.removeprefix("Basic ")).decode() == (
        f"{CLIENT_ID}:a+secret%3A+with%2Fodd+%25characters"
    )


def test_secret_is_sent_in_the_form_where_basic_is_not_supported(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    sign_in(server, provider, client)
    form, authorization = server.forms[0]
    assert (form["client_id"], form["client_secret"], authorization) == (CLIENT_ID, SECRET, "")


def test_private_key_signs_an_assertion_for_the_token_endpoint(
    server: OidcProvider, provider: Provider
) -> None:
    key = RSAKey.generate_key(2048, private=True)
    client = OidcClient(CLIENT_ID, "https://register.example/terug", private_key=key)
    sign_in(server, provider, client)
    form, authorization = server.forms[0]
    claims = jwt.decode(form["client_assertion"], key, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT_ID, CLIENT_ID, f"{server.issuer}/token")
    assert authorization == ""
    assert "client_secret" not in form


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({"iss": "https://other.example"}, Refusal.OTHER_ISSUER),
        ({"iss": None}, Refusal.OTHER_ISSUER),
        ({"aud": "another-client"}, Refusal.AUDIENCE),
        ({"aud": [CLIENT_ID, "another-client"]}, Refusal.AUDIENCE),
        ({"aud": [CLIENT_ID, "another-client"], "azp": "another-client"}, Refusal.AUDIENCE),
        ({"azp": "another-client"}, Refusal.AUDIENCE),
        ({"aud": None}, Refusal.AUDIENCE),
        ({"exp": None}, Refusal.MALFORMED),
        ({"exp": "later"}, Refusal.MALFORMED),
        ({"exp": True}, Refusal.MALFORMED),
        ({"iat": None}, Refusal.MALFORMED),
        ({"nonce": None}, Refusal.NONCE),
        ({"nonce": "another"}, Refusal.NONCE),
        ({"nonce": "é"}, Refusal.NONCE),
        ({"at_hash": hash_half("another token")}, Refusal.ACCESS_TOKEN_HASH),
        ({"sub": None}, Refusal.NO_SUBJECT),
        ({"sub": ""}, Refusal.NO_SUBJECT),
        ({"sub": 7}, Refusal.NO_SUBJECT),
        ({"sub": "x" * 256}, Refusal.NO_SUBJECT),
    ],
    ids=str,
)
def test_identity_token_with_a_wrong_claim_is_refused(
    claims: dict[str, Any], refusal: Refusal, server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.claims = claims
    check_refused(refusal, server, provider, client)


@pytest.mark.parametrize(
    ("seconds", "refusal"),
    [
        ({"exp": -70}, Refusal.EXPIRED),
        ({"iat": 70}, Refusal.NOT_YET_VALID),
        ({"iat": -670}, Refusal.EXPIRED),
        ({"nbf": 70}, Refusal.NOT_YET_VALID),
    ],
    ids=str,
)
def test_identity_token_of_another_time_is_refused(
    seconds: dict[str, int], refusal: Refusal, server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.seconds = seconds
    check_refused(refusal, server, provider, client)


@pytest.mark.parametrize("seconds", [{"iat": 50}, {"nbf": 50}, {"iat": -50, "exp": -50}], ids=str)
def test_clocks_may_differ_by_less_than_a_minute(
    seconds: dict[str, int], server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.seconds = seconds
    assert sign_in(server, provider, client).subject == "person-1"


def test_unsigned_identity_token_is_refused(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    # {"alg":"none"} and claims, without a signature
    server.answers.token = {"id_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwZXJzb24tMSJ9."}
    check_refused(Refusal.ALGORITHM, server, provider, client)


def test_identity_token_signed_with_the_public_key_as_a_secret_is_refused(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.token = {"id_token": sign_with_public_key(server, {"sub": "person-1"})}
    check_refused(Refusal.ALGORITHM, server, provider, client)


def test_identity_token_of_a_key_of_the_same_id_is_refused(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.signing_key = make_rsa_key("one")
    check_refused(Refusal.SIGNATURE, server, provider, client)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "x" * 20_000, "eyJhbGciOiJSUzI1NiJ9.e30.e30"])
def test_text_that_is_no_token_is_refused(
    token: str, server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.token = {"id_token": token}
    with pytest.raises(SignInRefused):
        sign_in(server, provider, client)


def test_answer_without_identity_token_is_refused(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.token = {"id_token": None}
    check_refused(Refusal.NO_ID_TOKEN, server, provider, client)


@pytest.mark.parametrize(
    ("returned", "refusal"),
    [
        ({"iss": None}, Refusal.OTHER_ISSUER),
        ({"iss": "https://other.example"}, Refusal.OTHER_ISSUER),
        ({"error": "access_denied"}, Refusal.PROVIDER_ERROR),
        ({"code": None}, Refusal.NO_CODE),
        ({"code": "made-up"}, Refusal.CODE_REFUSED),
    ],
    ids=str,
)
def test_wrong_answer_in_the_browser_is_refused(
    returned: dict[str, Any],
    refusal: Refusal,
    server: OidcProvider,
    provider: Provider,
    client: OidcClient,
) -> None:
    check_refused(refusal, server, provider, client, **returned)


def test_code_serves_once(server: OidcProvider, provider: Provider, client: OidcClient) -> None:
    started = start_sign_in()
    back = server.authorize(write_sign_in_address(provider, client, started, "nl"))
    finish_sign_in(provider, client, started, back, int(time.time()))
    with pytest.raises(SignInRefused) as refused:
        finish_sign_in(provider, client, started, back, int(time.time()))
    assert refused.value.refusal is Refusal.CODE_REFUSED


def test_code_of_another_sign_in_is_refused(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    """Its verifier is another, so that a code put into someone's browser signs no one in."""
    injected = server.authorize(write_sign_in_address(provider, client, start_sign_in(), "nl"))
    check_refused(Refusal.CODE_REFUSED, server, provider, client, code=injected["code"])


@pytest.mark.parametrize(
    ("acr", "is_enough"), [("high", True), ("substantial", True), ("low", False), (None, False)]
)
def test_level_of_assurance_below_the_floor_is_refused(
    acr: str | None, is_enough: bool, server: OidcProvider, provider: Provider
) -> None:
    client = OidcClient(
        CLIENT_ID, "https://register.example/terug", secret=SECRET, acr_values=("substantial", "high")
    )
    server.answers.claims = {"acr": acr}
    if is_enough:
        assert sign_in(server, provider, client).subject == "person-1"
    else:
        check_refused(Refusal.ASSURANCE, server, provider, client)


def test_address_that_the_provider_did_not_verify_is_not_taken(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.answers.claims = {"email_verified": False}
    assert sign_in(server, provider, client).email is None


def test_logout_at_the_provider_returns_to_the_register(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    address = write_logout_address(provider, client, "https://register.example/")
    assert address is not None
    assert address.startswith(f"{server.issuer}/logout?")
    assert read_parameters(address) == {
        "client_id": CLIENT_ID,
        "post_logout_redirect_uri": "https://register.example/",
    }


def test_provider_that_signs_with_an_elliptic_curve_is_accepted(
    server: OidcProvider, provider: Provider, client: OidcClient
) -> None:
    server.keys = [ECKey.generate_key("P-256", {"kid": "curve"}, private=True)]
    assert sign_in(server, provider, client).subject == "person-1"
