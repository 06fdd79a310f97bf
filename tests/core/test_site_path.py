"""The path of the public URL: taken off requests, given back to addresses."""

from contextvars import copy_context

import pytest

from app.core.site_path import enter_site, find_prefix, site_path


@pytest.mark.parametrize(
    ("public_url", "prefix"),
    [
        ("https://register.nl", ""),
        ("https://register.nl/", ""),
        ("https://gemeente.nl/sensoren", "/sensoren"),
        ("https://gemeente.nl/open/sensoren/", "/open/sensoren"),
        ("https://gemeente.nl/s%C3%A9n", "/sén"),
    ],
)
def test_prefix_is_the_path_of_the_public_url(public_url: str, prefix: str) -> None:
    assert find_prefix(public_url) == prefix


@pytest.mark.parametrize(
    ("asked", "route"),
    [
        ("/sensoren", "/"),
        ("/sensoren/", "/"),
        ("/sensoren/v1", "/v1"),
        # The page of the same name as the path.
        ("/sensoren/sensoren", "/sensoren"),
        ("/sensorenlijst", "/sensorenlijst"),
        ("/health/live", "/health/live"),
    ],
)
def test_path_of_a_request_is_that_of_its_route_and_back(asked: str, route: str) -> None:
    def enter() -> tuple[str, str]:
        return enter_site({"type": "http", "path": asked}, "/sensoren")["path"], site_path("/v1")

    assert copy_context().run(enter) == (route, "/sensoren/v1")
    assert site_path("/v1") == "/v1"
