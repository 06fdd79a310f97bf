"""Logout tokens, and access tokens of machines."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from app.access.oidc.provider import Provider
from app.access.oidc.refusals import Refusal, SignInRefused
from app.access.oidc.tokens import Logout, Machine, check_access_token, check_logout_token
from tests.support.oidc_provider import CLIENT_ID, OidcProvider

NOW = 1_800_000_000
EVENT = "http://schemas.openid.net/event/backchannel-logout"
AUDIENCE = "https://register.example/v1"


def merge(true: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (true | changed).items() if value is not None}


def sign_logout(server: OidcProvider, **changed: Any) -> str:
    claims = {
        "iss": server.issuer,
        "aud": CLIENT_ID,
        "iat": NOW,
        "exp": NOW + 120,
        "jti": "logout-1",
        "sub": "person-1",
        "sid": "session-1",
        "events": {EVENT: {}},
    }
    return server.sign(merge(claims, changed), typ="logout+jwt")


def sign_access(server: OidcProvider, typ: str = "at+jwt", **changed: Any) -> str:
    claims = {
        "iss": server.issuer,
        "aud": AUDIENCE,
        "iat": NOW,
        "exp": NOW + 300,
        "jti": "access-1",
        "sub": "application-1",
        "client_id": "leiden-feed",
        "scope": "register import",
    }
    return server.sign(merge(claims, changed), typ=typ)


def check_logout(server: OidcProvider, provider: Provider, **changed: Any) -> Logout:
    return check_logout_token(sign_logout(server, **changed), provider, client_id=CLIENT_ID, now=NOW)


def check_access(server: OidcProvider, provider: Provider, **changed: Any) -> Machine:
    text = sign_access(server, **changed)
    return check_access_token(text, provider, audience=AUDIENCE, scope="register", now=NOW)


def test_logout_token_names_subject_and_session(server: OidcProvider, provider: Provider) -> None:
    assert check_logout(server, provider) == Logout("person-1", "session-1", "logout-1")


@pytest.mark.parametrize("left_out", ["sub", "sid"])
def test_logout_token_with_subject_or_session_alone_is_enough(
    left_out: str, server: OidcProvider, provider: Provider
) -> None:
    assert check_logout(server, provider, **{left_out: None}).token_id == "logout-1"


def test_logout_token_without_exp_is_read_for_ten_minutes(server: OidcProvider, provider: Provider) -> None:
    assert check_logout(server, provider, exp=None, iat=NOW - 600).token_id == "logout-1"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"sub": None, "sid": None}, Refusal.NO_SUBJECT),
        ({"events": None}, Refusal.NO_LOGOUT_EVENT),
        ({"events": {"other": {}}}, Refusal.NO_LOGOUT_EVENT),
        ({"events": {EVENT: True}}, Refusal.NO_LOGOUT_EVENT),
        ({"nonce": "n"}, Refusal.NONCE),
        ({"jti": None}, Refusal.MALFORMED),
        ({"aud": "another-client"}, Refusal.AUDIENCE),
        ({"iss": "https://other.example"}, Refusal.OTHER_ISSUER),
        ({"exp": NOW - 100}, Refusal.EXPIRED),
        ({"exp": "soon"}, Refusal.MALFORMED),
        ({"exp": None, "iat": NOW - 660}, Refusal.EXPIRED),
        ({"exp": None, "iat": None}, Refusal.MALFORMED),
    ],
    ids=str,
)
def test_wrong_logout_token_is_refused(
    changed: dict[str, Any], refusal: Refusal, server: OidcProvider, provider: Provider
) -> None:
    with pytest.raises(SignInRefused) as refused:
        check_logout(server, provider, **changed)
    assert refused.value.refusal is refusal


def test_refusal_is_one_line(provider: Provider) -> None:
    """A made-up token writes no lines of its own in the log."""
    text = write_unsigned("X\nINFO all is well\x1b[2K")
    with pytest.raises(SignInRefused) as refused:
        check_logout_token(text, provider, client_id=CLIENT_ID, now=NOW)
    assert "X\\nINFO all is well\\x1b[2K" in str(refused.value)
    assert str(refused.value).isprintable()


def write_unsigned(algorithm: str) -> str:
    header = urlsafe_b64encode(json.dumps({"alg": algorithm}).encode()).decode().rstrip("=")
    return f"{header}.e30.AA"


def test_access_token_does_not_sign_out(server: OidcProvider, provider: Provider) -> None:
    text = sign_access(server, aud=CLIENT_ID)
    with pytest.raises(SignInRefused) as refused:
        check_logout_token(text, provider, client_id=CLIENT_ID, now=NOW)
    assert refused.value.refusal is Refusal.WRONG_TYPE


def test_access_token_names_application_and_scopes(server: OidcProvider, provider: Provider) -> None:
    found = check_access(server, provider)
    assert found == Machine("application-1", "leiden-feed", frozenset({"register", "import"}))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"typ": "JWT"}, Refusal.WRONG_TYPE),
        ({"aud": "https://other.example/v1"}, Refusal.AUDIENCE),
        ({"scope": "read"}, Refusal.SCOPE),
        ({"scope": None}, Refusal.SCOPE),
        ({"client_id": None}, Refusal.MALFORMED),
        ({"sub": None}, Refusal.NO_SUBJECT),
        ({"iss": "https://other.example"}, Refusal.OTHER_ISSUER),
        ({"exp": NOW - 100}, Refusal.EXPIRED),
    ],
    ids=str,
)
def test_wrong_access_token_is_refused(
    changed: dict[str, Any], refusal: Refusal, server: OidcProvider, provider: Provider
) -> None:
    with pytest.raises(SignInRefused) as refused:
        check_access(server, provider, **changed)
    assert refused.value.refusal is refusal
