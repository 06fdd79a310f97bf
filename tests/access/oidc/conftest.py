"""A provider on loopback, and the register as its client."""

from collections.abc import Iterator

import pytest

from app.access.oidc.client import OidcClient
from app.access.oidc.provider import Provider
from app.core.http_client.address_filter import admit_every_address
from app.core.http_client.client import GuardedClient, RequestLimits
from tests.support.oidc_provider import CLIENT_ID, SECRET, OidcProvider, serve_provider


def open_client() -> GuardedClient:
    return GuardedClient(admit=admit_every_address, limits=RequestLimits.for_quick_answers(5, 100_000))


@pytest.fixture
def server() -> Iterator[OidcProvider]:
    with serve_provider() as provider:
        yield provider


@pytest.fixture
def provider(server: OidcProvider) -> Provider:
    return Provider(server.issuer, open_client)


@pytest.fixture
def client() -> OidcClient:
    return OidcClient(CLIENT_ID, "https://register.example/inloggen/terug", secret=SECRET)
