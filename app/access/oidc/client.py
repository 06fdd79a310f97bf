"""The register as its provider knows it: identifier, secret or key, and what it asks for."""

from base64 import b64encode
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Final
from urllib.parse import quote_plus

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from app.access.oidc.provider import Metadata

_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class OidcClient:
    """The client of one provider. It proves who it is by a secret or by a private key, one of which is given.

    `acr_values` are the levels of assurance that are enough; empty: any.
    """

    client_id: str
    redirect_uri: str
    secret: str | None = None
    private_key: RSAKey | ECKey | None = None
    scope: str = "openid profile email"
    acr_values: tuple[str, ...] = ()

    def authenticate(self, metadata: Metadata, now: int) -> tuple[dict[str, str], dict[str, str]]:
        """The fields and headers by which the client proves itself at the token endpoint; `now` in Unix seconds.

        Source: OpenID Connect Core 1.0, 9; RFC 6749, 2.3.1 (both parts of Basic are form-encoded); RFC 7523.
        """
        if self.private_key is not None:
            return {
                "client_id": self.client_id,
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": self._write_assertion(self.private_key, metadata, now),
            }, {}
        secret = self.secret or ""
        if "client_secret_basic" in metadata.authentication_methods:
            pair = f"{quote_plus(self.client_id)}:{quote_plus(secret)}"
            return {}, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        return {"client_id": self.client_id, "client_secret": secret}, {}

    def _write_assertion(self, key: RSAKey | ECKey, metadata: Metadata, now: int) -> str:
        algorithm = "RS256" if isinstance(key, RSAKey) else "ES256"
        key.ensure_kid()
        header = {"alg": algorithm, "kid": key.kid}
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            # Entra ID takes the token endpoint alone. One pinned provider cannot replay it at another.
            "aud": metadata.token_endpoint,
            "jti": token_urlsafe(16),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        return jwt.encode(header, claims, key, algorithms=[algorithm])
