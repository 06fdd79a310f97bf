"""The provider, the links by mail and the demo by which people sign in, as the settings have it."""

from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from starlette.requests import Request

from app.access.oidc.client import OidcClient
from app.access.oidc.provider import Provider
from app.bootstrap.cannot_start import CannotStart
from app.core.app_state import AppState, get_app_state
from app.core.http_client.address_filter import admit_every_address, is_public
from app.core.http_client.client import GuardedClient, RequestLimits
from app.core.i18n import LocalizedText
from app.core.settings import Settings
from app.mail.server import MailServer

CALLBACK: Final = "/inloggen/terug"
"""Where the provider sends the browser back to; one address for both languages, since it is registered there."""

_SECONDS: Final = 10
_ANSWER_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SignInMethods:
    """How people sign in here: by a provider, by a link in a mail, to the demo, or not at all."""

    provider: Provider | None
    client: OidcClient | None
    has_demo: bool
    has_links: bool = False

    @classmethod
    def of_settings(cls, settings: Settings) -> Self:
        """Raises: CannotStart where the settings of the provider or of the mail server cannot be used."""
        has_links = MailServer.of_settings(settings) is not None
        is_own_machine = _is_own_machine(settings.public_url)
        if (has_links or settings.oidc_issuer) and not (
            is_own_machine or settings.public_url.startswith("https://")
        ):
            raise CannotStart(
                "Signing in needs https: give REGISTER_PUBLIC_URL an address that starts with https://.",
                "Inloggen vraagt https: geef REGISTER_PUBLIC_URL een adres dat met https:// begint.",
            )
        if settings.oidc_issuer is None:
            has_demo = settings.environment == "development" and is_own_machine
            return cls(None, None, has_demo, has_links)
        admit = admit_every_address if settings.oidc_allow_private else is_public

        def open_client() -> GuardedClient:
            return GuardedClient(admit=admit, limits=RequestLimits.for_quick_answers(_SECONDS, _ANSWER_BYTES))

        return cls(
            Provider(settings.oidc_issuer, open_client),
            _make_client(settings),
            has_demo=False,
            has_links=has_links,
        )

    def describe_lack(self) -> LocalizedText | None:
        """A sentence for the administrator where no one can sign in; None otherwise."""
        if self.provider is not None or self.has_links or self.has_demo:
            return None
        return LocalizedText(
            "Niemand kan inloggen: stel REGISTER_OIDC_ISSUER in voor een provider of REGISTER_MAIL_HOST voor links "
            "per mail; zie Sign-in in docs/operations.md.",
            "No one can sign in: set REGISTER_OIDC_ISSUER for a provider or REGISTER_MAIL_HOST for links by mail; see "
            "Sign-in in docs/operations.md.",
        )


def find_sign_in_methods(of: Request | AppState) -> SignInMethods:
    """How people sign in to this application."""
    state = of if isinstance(of, AppState) else get_app_state(of)
    return state.get_cache(SignInMethods, lambda: SignInMethods.of_settings(state.settings))


def _make_client(settings: Settings) -> OidcClient:
    secret, key_file = settings.oidc_client_secret, settings.oidc_private_key_file
    if settings.oidc_client_id is None or (secret is None) == (key_file is None):
        raise CannotStart(
            "REGISTER_OIDC_ISSUER needs REGISTER_OIDC_CLIENT_ID and either REGISTER_OIDC_CLIENT_SECRET or "
            "REGISTER_OIDC_PRIVATE_KEY_FILE.",
            "REGISTER_OIDC_ISSUER vraagt REGISTER_OIDC_CLIENT_ID en REGISTER_OIDC_CLIENT_SECRET of "
            "REGISTER_OIDC_PRIVATE_KEY_FILE, een van die twee.",
        )
    return OidcClient(
        settings.oidc_client_id,
        settings.public_url.rstrip("/") + CALLBACK,
        secret=secret.get_secret_value() if secret else None,
        private_key=None if key_file is None else _read_private_key(key_file),
        scope=settings.oidc_scope,
        acr_values=settings.oidc_acr_values,
    )


def _read_private_key(file: Path) -> RSAKey | ECKey:
    try:
        pem = file.read_bytes()
    except OSError as error:
        raise CannotStart(
            f"REGISTER_OIDC_PRIVATE_KEY_FILE cannot be read: {error}",
            f"REGISTER_OIDC_PRIVATE_KEY_FILE is niet te lezen: {error}",
        ) from error
    for kind in (RSAKey, ECKey):
        # Importing says nothing of a key of the other kind but that it is not of this one.
        with suppress(ValueError, JoseError):
            key = kind.import_key(pem)
            if key.is_private and (isinstance(key, RSAKey) or key.curve_name == "P-256"):
                return key
    raise CannotStart(
        "REGISTER_OIDC_PRIVATE_KEY_FILE holds no private key of RSA or of EC on P-256.",
        "REGISTER_OIDC_PRIVATE_KEY_FILE bevat geen privésleutel van RSA of van EC op P-256.",
    )


def _is_own_machine(public_url: str) -> bool:
    host = urlsplit(public_url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
