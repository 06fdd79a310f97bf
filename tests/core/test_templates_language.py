"""The language of a page: by its address, or by Accept-Language for pages of the API."""

from typing import Any

import pytest
from starlette.requests import Request

from app.core.i18n import Language, LocalizedText
from app.core.templates import find_page_paths, page_language, page_path, render_html


def ask(path: str, accept_language: str = "", cookie: str = "") -> Request:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [
            (name, value.encode())
            for name, value in ((b"accept-language", accept_language), (b"cookie", cookie))
            if value
        ],
        "server": ("register.test", 443),
        "scheme": "https",
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("path", "accept_language", "expected"),
    [
        ("/", "en", "nl"),
        ("/s/2222222", "en", "nl"),
        ("/en", "nl", "en"),
        ("/en/s/2222222", "nl", "en"),
        ("/energie", "", "nl"),
        ("/v1", "en-GB,nl;q=0.5", "en"),
        ("/v1/docs", "", "nl"),
        ("/v10", "en", "nl"),
    ],
)
def test_page_language_follows_address_or_accept_language(
    path: str, accept_language: str, expected: Language
) -> None:
    assert page_language(ask(path, accept_language=accept_language)) == expected


@pytest.mark.parametrize(
    ("path", "cookie", "expected"),
    [
        ("/v1", "language=en", "en"),
        ("/v1/docs", "other=1; language=en", "en"),
        ("/v1", "language=fr", "nl"),
        ("/v1", "my-language=en", "nl"),
        ("/sensoren", "language=en", "nl"),
    ],
)
def test_chosen_language_holds_for_pages_of_the_api_only(path: str, cookie: str, expected: Language) -> None:
    assert page_language(ask(path, "nl", cookie)) == expected


@pytest.mark.parametrize("path", ["/", "/sensoren", "/s/2222222"])
def test_each_address_leads_to_the_other_language_and_back(path: str) -> None:
    paths = find_page_paths(path, "")

    assert paths == LocalizedText(path, page_path(path, "en"))
    assert find_page_paths(paths.en, "") == paths


def test_other_language_keeps_the_question() -> None:
    paths = find_page_paths("/en/sensoren", "municipality=Utrecht")

    assert paths == ("/sensoren?municipality=Utrecht", "/en/sensoren?municipality=Utrecht")


def test_texts_of_people_are_escaped() -> None:
    described: dict[str, Any] = {"title": "<b>", "lines": ["<script>alert(1)</script>"]}
    absent: dict[str, Any] = {"fields": (), "action": "/", "without": None, "meant": None}

    page = render_html("errors.html", "nl", here="/", status=400, **described, **absent)

    assert "<b>" not in page
    assert "alert(1)" in page
    assert "<script>alert" not in page
