"""Checking tokens that the provider signed: who signs in, who is signed out, and which machine calls."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import GuestProtocol, Key

from app.access.oidc.provider import ALGORITHMS, Provider
from app.access.oidc.refusals import Refusal, SignInRefused

LEEWAY_SECONDS: Final = 60
"""Difference of clocks that is accepted."""

MAX_AGE_SECONDS: Final = 600
"""An identity token, and a logout token without `exp`, is read seconds after it was made; an older one is a replay."""

MAX_TOKEN_LENGTH: Final = 16_384
MAX_SUBJECT_LENGTH: Final = 255

_LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_ACCESS_TOKEN_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})


@dataclass(frozen=True, slots=True)
class Identity:
    """The person who signed in, by the provider. The person is (`issuer`, `subject`); name and address may change."""

    issuer: str
    subject: str
    session_id: str | None
    name: str | None
    email: str | None
    """Only where the provider says that it is verified, or says nothing about it."""


@dataclass(frozen=True, slots=True)
class Logout:
    """Whose sessions end: those of a subject, or one session of the provider; at least one is given."""

    subject: str | None
    session_id: str | None
    token_id: str
    """Each logout token is used once."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The application that calls with an access token."""

    subject: str
    client_id: str
    scopes: frozenset[str]


def check_id_token(  # noqa: PLR0913 - each is another check
    text: str,
    provider: Provider,
    *,
    client_id: str,
    nonce: str,
    access_token: str | None,
    acr_values: tuple[str, ...],
    now: int,
) -> Identity:
    """The person who signed in; `now` in Unix seconds.

    Raises: SignInRefused. Source: OpenID Connect Core 1.0, 3.1.3.7.
    """
    _, claims = _decode(text, provider)
    _check_issuer_and_times(claims, provider, now)
    if now - _read_time(claims, "iat") > MAX_AGE_SECONDS + LEEWAY_SECONDS:
        raise SignInRefused(Refusal.EXPIRED, "iat is long ago")
    _check_audience(claims, client_id)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise SignInRefused(Refusal.NONCE)
    if access_token is not None and "at_hash" in claims and claims["at_hash"] != _hash_half(access_token):
        raise SignInRefused(Refusal.ACCESS_TOKEN_HASH)
    if acr_values and claims.get("acr") not in acr_values:
        raise SignInRefused(Refusal.ASSURANCE, f"acr is {claims.get('acr')!r}")
    is_verified = claims.get("email_verified", True) is True
    return Identity(
        provider.issuer,
        _read_subject(claims),
        _find_text(claims, "sid"),
        _find_text(claims, "name") or _find_text(claims, "preferred_username"),
        _find_text(claims, "email") if is_verified else None,
    )


def check_logout_token(text: str, provider: Provider, *, client_id: str, now: int) -> Logout:
    """Whose sessions end. Raises: SignInRefused. Source: OpenID Connect Back-Channel Logout 1.0, 2.6.

    Drafts before 1.0 had no `exp`, and providers still leave it out: it then follows from `iat`.
    """
    header, claims = _decode(text, provider)
    if header.get("typ") not in (None, "JWT", "logout+jwt"):
        raise SignInRefused(Refusal.WRONG_TYPE, f"typ is {header.get('typ')!r}")
    if "exp" not in claims:
        claims = {**claims, "exp": _read_time(claims, "iat") + MAX_AGE_SECONDS}
    _check_issuer_and_times(claims, provider, now)
    _check_audience(claims, client_id)
    events = claims.get("events")
    if not isinstance(events, Mapping) or not isinstance(events.get(_LOGOUT_EVENT), Mapping):
        raise SignInRefused(Refusal.NO_LOGOUT_EVENT)
    if "nonce" in claims:
        # An identity token has one: it must not pass for a logout token.
        raise SignInRefused(Refusal.NONCE, "a logout token has no nonce")
    subject, session_id, token_id = (_find_text(claims, name) for name in ("sub", "sid", "jti"))
    if subject is None and session_id is None:
        raise SignInRefused(Refusal.NO_SUBJECT)
    if token_id is None:
        raise SignInRefused(Refusal.MALFORMED, "a logout token has a jti")
    return Logout(subject, session_id, token_id)


def check_access_token(text: str, provider: Provider, *, audience: str, scope: str, now: int) -> Machine:
    """The application that calls, with this scope among its own. Raises: SignInRefused. Source: RFC 9068, 4."""
    header, claims = _decode(text, provider)
    if str(header.get("typ", "")).lower() not in _ACCESS_TOKEN_TYPES:
        raise SignInRefused(Refusal.WRONG_TYPE, f"typ is {header.get('typ')!r}")
    _check_issuer_and_times(claims, provider, now)
    if audience not in _list_audiences(claims):
        raise SignInRefused(Refusal.AUDIENCE)
    client_id = _find_text(claims, "client_id")
    if client_id is None:
        raise SignInRefused(Refusal.MALFORMED, "an access token has a client_id")
    scopes = frozenset((_find_text(claims, "scope") or "").split(" "))
    if scope not in scopes:
        raise SignInRefused(Refusal.SCOPE)
    return Machine(_read_subject(claims), client_id, scopes)


def _decode(text: str, provider: Provider) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims of a token that the provider signed."""

    def find_key(token: GuestProtocol) -> Key:
        header = token.headers()
        key_id = header.get("kid")
        if key_id is not None and not isinstance(key_id, str):
            raise SignInRefused(Refusal.MALFORMED, "kid is not a text")
        return provider.find_key(key_id, header["alg"])

    if len(text) > MAX_TOKEN_LENGTH:
        raise SignInRefused(Refusal.MALFORMED, "the token is too long")
    try:
        token = jwt.decode(text, find_key, algorithms=ALGORITHMS)
    except UnsupportedAlgorithmError as error:
        raise SignInRefused(Refusal.ALGORITHM, str(error)) from error
    except BadSignatureError as error:
        raise SignInRefused(Refusal.SIGNATURE) from error
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise SignInRefused(Refusal.MALFORMED, str(error)) from error
    return token.header, token.claims


def _check_issuer_and_times(claims: Mapping[str, Any], provider: Provider, now: int) -> None:
    if claims.get("iss") != provider.issuer:
        raise SignInRefused(Refusal.OTHER_ISSUER, f"iss is {claims.get('iss')!r}")
    if _read_time(claims, "exp") + LEEWAY_SECONDS <= now:
        raise SignInRefused(Refusal.EXPIRED)
    if _read_time(claims, "iat") - LEEWAY_SECONDS > now:
        raise SignInRefused(Refusal.NOT_YET_VALID, "iat is in the future")
    if "nbf" in claims and _read_time(claims, "nbf") - LEEWAY_SECONDS > now:
        raise SignInRefused(Refusal.NOT_YET_VALID, "nbf is in the future")


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audiences = _list_audiences(claims)
    authorized = claims.get("azp")
    if client_id not in audiences:
        raise SignInRefused(Refusal.AUDIENCE, f"aud is {claims.get('aud')!r}")
    if (len(audiences) > 1 or authorized is not None) and authorized != client_id:
        raise SignInRefused(Refusal.AUDIENCE, f"azp is {authorized!r}")


def _list_audiences(claims: Mapping[str, Any]) -> list[str]:
    given = claims.get("aud")
    return [given] if isinstance(given, str) else [one for one in given or () if isinstance(one, str)]


def _read_time(claims: Mapping[str, Any], name: str) -> float:
    given = claims.get(name)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise SignInRefused(Refusal.MALFORMED, f"{name} is not a number")
    return given


def _read_subject(claims: Mapping[str, Any]) -> str:
    subject = _find_text(claims, "sub")
    if subject is None or len(subject) > MAX_SUBJECT_LENGTH:
        raise SignInRefused(Refusal.NO_SUBJECT)
    return subject


def _find_text(claims: Mapping[str, Any], name: str) -> str | None:
    given = claims.get(name)
    return given if isinstance(given, str) and given else None


def _hash_half(access_token: str) -> str:
    """`at_hash`: the left half of the SHA-256, which all accepted signatures use."""
    digest = sha256(access_token.encode()).digest()
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")
