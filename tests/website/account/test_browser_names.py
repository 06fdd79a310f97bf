"""Browsers as the list of sessions names them."""

import pytest

from app.website.account.browser_names import name_browser


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0"
                " Safari/537.36 Edg/143.0.0.0"
            ),
            "Edge op Windows",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                " Version/18.1 Mobile/15E148 Safari/604.1"
            ),
            "Safari op iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox op Linux"),
        ("Firefox", "Firefox"),
        ("curl/8.5", "Onbekende browser"),
        ("", "Onbekende browser"),
    ],
)
def test_browser_and_system_are_named(user_agent: str, name: str) -> None:
    assert name_browser(user_agent).nl == name
