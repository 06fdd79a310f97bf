"""An OpenID Connect provider on loopback that answers as it should, or lies where a test says so."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

LOOPBACK = "127.0.0.1"
CLIENT_ID = "sensor-register"
SECRET = "a secret: with/odd %characters"


def make_rsa_key(key_id: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": key_id, "use": "sig"}, private=True)


@cache
def _own_key() -> RSAKey:
    """The key of every provider here; making one takes a tenth of a second and more."""
    return make_rsa_key("one")


def hash_half(text: str) -> str:
    return urlsafe_b64encode(sha256(text.encode()).digest()[:16]).decode().rstrip("=")


@dataclass(slots=True)
class Answers:
    """The answers of the provider; a test changes those that are to be a lie."""

    metadata: dict[str, Any] = field(default_factory=dict)
    """Members that replace those of the true discovery document; None leaves a member out."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims that replace those of the true identity token; None leaves a claim out."""
    seconds: dict[str, int] = field(default_factory=dict)
    """Claims of time that replace the true ones, in seconds from now."""
    token: dict[str, Any] = field(default_factory=dict)
    """Members that replace those of the true answer of the token endpoint."""
    header: dict[str, Any] = field(default_factory=dict)
    signing_key: Key | None = None
    """The key that signs; None for the published one."""


class OidcProvider(ThreadingHTTPServer):
    """The server, its keys, the sign-ins that it knows, and what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.keys: list[RSAKey | ECKey] = [_own_key()]
        self.answers = Answers()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.forms: list[tuple[dict[str, str], str]] = []

    @property
    def issuer(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    def describe(self) -> dict[str, Any]:
        true = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/logout",
            "authorization_response_iss_parameter_supported": True,
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        }
        return _merge(true, self.answers.metadata)

    def authorize(self, address: str) -> dict[str, str]:
        """Sign a person in at an address of `/authorize`, and return what the browser comes back with."""
        asked = dict(parse_qsl(urlsplit(address).query, strict_parsing=True))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """A token of the provider with these claims."""
        key = self.answers.signing_key or self.keys[0]
        algorithm = {"RSA": "RS256", "EC": "ES256"}[key.key_type]
        protected = {"alg": algorithm, "kid": key.kid, **header, **self.answers.header}
        return jwt.encode(protected, claims, key, algorithms=[algorithm])

    def make_tokens(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(verifier).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant", "error_description": "another redirect_uri"}
        now = int(time.time())
        true = {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": asked["client_id"],
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
            "at_hash": hash_half("access"),
            "sid": "session-1",
            "name": "Noor de Vries",
            "email": "noor@leiden.example",
            "email_verified": True,
        }
        times = {name: now + seconds for name, seconds in self.answers.seconds.items()}
        id_token = self.sign(_merge(true | times, self.answers.claims))
        answer = {"access_token": "access", "token_type": "Bearer", "id_token": id_token}
        return 200, _merge(answer, self.answers.token)


class _Handler(BaseHTTPRequestHandler):
    server: OidcProvider

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path == "/.well-known/openid-configuration":
            self._send(200, self.server.describe())
        elif self.path == "/keys":
            self._send(200, {"keys": [key.as_dict(private=False) for key in self.server.keys]})
        else:
            self._send(404, {})

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
        self.server.forms.append((form, self.headers.get("Authorization", "")))
        self._send(*self.server.make_tokens(form))

    def _send(self, status: int, document: Any) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve_provider() -> Iterator[OidcProvider]:
    with OidcProvider() as provider:
        thread = Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            provider.shutdown()
            thread.join()


def sign_with_public_key(provider: OidcProvider, claims: dict[str, Any]) -> str:
    """A token signed HS256 with the published key as if it were a shared secret, which libraries refuse to make."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": provider.keys[0].kid}, claims)]
    signed = ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    signature = hmac.digest(provider.keys[0].as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


def _merge(true: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (true | other).items() if value is not None}


def read_parameters(address: str) -> dict[str, str]:
    return dict(httpx.URL(address).params)
