"""The provider: what its discovery document says, and its keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

from app.access.oidc.refusals import Refusal, SignInRefused
from app.core.http_client.client import GuardedClient
from app.core.http_client.libraries import httpx

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Signatures that are accepted. `none` and those with a shared secret are not among them (RFC 8725, 3.1)."""

_KEPT_SECONDS: Final = 3600
_COOL_DOWN_SECONDS: Final = 60
"""A token of an unknown key makes the keys be fetched again, once in this time: strangers choose what it names."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """The part of the discovery document that the register needs. Source: OpenID Connect Discovery 1.0, 3."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    authentication_methods: tuple[str, ...]
    names_issuer: bool
    """Whether it adds `iss` to its answers (RFC 9207)."""


def parse_metadata(document: Any, issuer: str) -> Metadata:
    """The metadata of the pinned issuer. Raises: SignInRefused."""
    if not isinstance(document, Mapping):
        raise SignInRefused(Refusal.METADATA, "the discovery document is not an object")
    if document.get("issuer") != issuer:
        raise SignInRefused(Refusal.OTHER_ISSUER, f"the discovery document is of {document.get('issuer')!r}")
    methods = document.get("code_challenge_methods_supported")
    if methods is not None and "S256" not in methods:
        raise SignInRefused(Refusal.METADATA, "the provider does not support PKCE by S256")
    end = document.get("end_session_endpoint")
    return Metadata(
        issuer,
        authorization_endpoint=_read_endpoint(document, "authorization_endpoint", issuer),
        token_endpoint=_read_endpoint(document, "token_endpoint", issuer),
        jwks_uri=_read_endpoint(document, "jwks_uri", issuer),
        end_session_endpoint=None
        if end is None
        else _read_endpoint(document, "end_session_endpoint", issuer),
        authentication_methods=tuple(
            document.get("token_endpoint_auth_methods_supported") or ("client_secret_basic",)
        ),
        names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _read_endpoint(document: Mapping[str, Any], name: str, issuer: str) -> str:
    given = document.get(name)
    try:
        address = httpx.URL(given if isinstance(given, str) else "")
    except httpx.InvalidURL:
        address = httpx.URL("")
    is_own_machine = httpx.URL(issuer).host in _LOOPBACK and address.host in _LOOPBACK
    if not address.host or not (address.scheme == "https" or (address.scheme == "http" and is_own_machine)):
        raise SignInRefused(Refusal.METADATA, f"{name} is not an https address: {given!r}")
    return str(address)


class Provider:
    """One provider, pinned by its issuer. Its metadata and keys are fetched when needed and kept for an hour."""

    def __init__(
        self,
        issuer: str,
        open_client: Callable[[], GuardedClient],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.issuer = issuer
        self.open_client = open_client
        self._clock = clock
        self._lock = Lock()
        self._metadata: Metadata | None = None
        self._metadata_until = 0.0
        self._keys: KeySet | None = None
        self._keys_read_at = 0.0

    def read_metadata(self) -> Metadata:
        """The metadata. Raises: SignInRefused, Unavailable."""
        with self._lock:
            return self._read_metadata()

    def find_key(self, key_id: str | None, algorithm: str) -> Key:
        """The key with this id that signs by this algorithm; without an id the only one that does.

        Raises: SignInRefused where there is none, Unavailable where the provider does not answer.
        """
        with self._lock:
            now = self._clock()
            if self._keys is None or now >= self._keys_read_at + _KEPT_SECONDS:
                self._read_keys()
            found = self._choose_key(key_id, algorithm)
            if found is None and now >= self._keys_read_at + _COOL_DOWN_SECONDS:
                self._read_keys()
                found = self._choose_key(key_id, algorithm)
        if found is None:
            raise SignInRefused(Refusal.UNKNOWN_KEY, f"no key {key_id!r} for {algorithm}")
        return found

    def _read_metadata(self) -> Metadata:
        if self._metadata is None or self._clock() >= self._metadata_until:
            address = httpx.URL(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
            with self.open_client() as client:
                self._metadata = parse_metadata(client.fetch(address).content, self.issuer)
            self._metadata_until = self._clock() + _KEPT_SECONDS
        return self._metadata

    def _read_keys(self) -> None:
        address = httpx.URL(self._read_metadata().jwks_uri)
        with self.open_client() as client:
            document = client.fetch(address, "application/jwk-set+json, application/json").content
        try:
            self._keys = KeySet.import_key_set(document)
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise SignInRefused(Refusal.METADATA, f"the keys cannot be read: {error}") from error
        self._keys_read_at = self._clock()

    def _choose_key(self, key_id: str | None, algorithm: str) -> Key | None:
        found = [
            key
            for key in self._keys or ()
            if (key_id is None or key.kid == key_id) and _signs_by(key, algorithm)
        ]
        return found[0] if len(found) == 1 else None


def _signs_by(key: Key, algorithm: str) -> bool:
    """Whether a key is one for signatures by this algorithm. Source: RFC 7517, 4.2 and 4.4; RFC 7518, 3.1."""
    if key.get("use") not in (None, "sig") or key.get("alg") not in (None, algorithm):
        return False
    if algorithm == "ES256":
        return isinstance(key, ECKey) and key.curve_name == "P-256"
    return isinstance(key, RSAKey)
