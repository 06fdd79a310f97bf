"""A sign-in from its beginning to its end: the address at the provider, and what comes back from it."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from app.access.oidc.client import OidcClient
from app.access.oidc.provider import Provider
from app.access.oidc.refusals import Refusal, SignInRefused
from app.access.oidc.tokens import Identity, check_id_token
from app.core.http_client.answers import read_json
from app.core.http_client.libraries import httpx
from app.core.i18n import Language


@dataclass(frozen=True, slots=True)
class StartedSignIn:
    """The stored secrets of a sign-in that has begun. Each text has 256 secret bits and serves once."""

    state: str
    nonce: str
    code_verifier: str


def start_sign_in() -> StartedSignIn:
    """The secrets of a new sign-in. Source: RFC 7636, 4.1; OpenID Connect Core 1.0, 3.1.2.1."""
    return StartedSignIn(token_urlsafe(32), token_urlsafe(32), token_urlsafe(32))


def write_sign_in_address(
    provider: Provider, client: OidcClient, started: StartedSignIn, language: Language
) -> str:
    """The address at the provider where the person signs in. Raises: SignInRefused, Unavailable."""
    challenge = urlsafe_b64encode(sha256(started.code_verifier.encode()).digest()).decode().rstrip("=")
    parameters = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": client.scope,
        "state": started.state,
        "nonce": started.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    if client.acr_values:
        parameters["acr_values"] = " ".join(client.acr_values)
    return _add_parameters(provider.read_metadata().authorization_endpoint, parameters)


def finish_sign_in(
    provider: Provider,
    client: OidcClient,
    started: StartedSignIn,
    returned: Mapping[str, str],
    now: int,
) -> Identity:
    """The person who signed in, by the parameters that the browser came back with; `now` in Unix seconds.

    The caller found `started` by `state`, in the browser that began it, and deleted it: a code is exchanged once.

    Raises: SignInRefused, Unavailable.
    """
    metadata = provider.read_metadata()
    issuer = returned.get("iss")
    if issuer != metadata.issuer and (issuer is not None or metadata.names_issuer):
        # Otherwise another provider's answer could be passed off as this one's (RFC 9207, 2.4).
        raise SignInRefused(Refusal.OTHER_ISSUER, f"iss is {issuer!r}")
    if "error" in returned:
        raise SignInRefused(Refusal.PROVIDER_ERROR, returned["error"][:200])
    if not returned.get("code"):
        raise SignInRefused(Refusal.NO_CODE)
    proof, headers = client.authenticate(metadata, now)
    fields = {
        "grant_type": "authorization_code",
        "code": returned["code"],
        "redirect_uri": client.redirect_uri,
        "code_verifier": started.code_verifier,
        **proof,
    }
    tokens = _exchange_code(provider, fields, headers)
    id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str):
        raise SignInRefused(Refusal.NO_ID_TOKEN)
    return check_id_token(
        id_token,
        provider,
        client_id=client.client_id,
        nonce=started.nonce,
        access_token=access_token if isinstance(access_token, str) else None,
        acr_values=client.acr_values,
        now=now,
    )


def write_logout_address(provider: Provider, client: OidcClient, return_to: str) -> str | None:
    """The address at the provider that ends the session there too; None where it has none.

    Source: OpenID Connect RP-Initiated Logout 1.0, 2. No identity token is kept to hint at who signs out.
    """
    address = provider.read_metadata().end_session_endpoint
    if address is None:
        return None
    return _add_parameters(address, {"client_id": client.client_id, "post_logout_redirect_uri": return_to})


def _exchange_code(
    provider: Provider, fields: Mapping[str, str], headers: Mapping[str, str]
) -> Mapping[str, Any]:
    address = httpx.URL(provider.read_metadata().token_endpoint)
    with provider.open_client() as http:
        status, answer = http.post_form(address, fields, headers)
    if status != httpx.codes.OK:
        raise SignInRefused(Refusal.CODE_REFUSED, f"{status} {answer.content[:300]!r}")
    document = read_json(answer.content, address)
    if not isinstance(document, Mapping):
        raise SignInRefused(Refusal.NO_ID_TOKEN, "the answer is not an object")
    return document


def _add_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """The address with more parameters; those that it has stay."""
    return str(httpx.URL(address).copy_merge_params(parameters))
