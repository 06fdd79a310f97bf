"""Pages: one Jinja2 environment, with every sentence in both languages, side by side.

The language of a page is in its address: `/sensoren` is Dutch, `/en/sensoren` English. So a link has a fixed language
and a cache needs no `Vary`. Pages of the API have one address, and follow the language that the reader chose, which a
cookie holds, or `Accept-Language`.
See docs/decisions/0005-language-in-the-address.md.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse

from app.core import formatting
from app.core.address_search import finds_addresses
from app.core.app_state import get_app_state
from app.core.assets import asset_url
from app.core.i18n import LANGUAGES, Language, LocalizedText, preferred_language
from app.core.mail_notice import word_mail_notice
from app.core.site_path import site_path

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
ENGLISH: Final = "/en"
API: Final = "/v1"
LANGUAGE_CHOICE: Final = "/language"
"""Path that stores the language of pages of the API in a cookie."""
LANGUAGE_COOKIE: Final = "language"
PAGE_VARY: Final = "Accept-Language, Cookie"
"""Headers that the language of a page of the API depends on."""


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")


def follows_accept_language(request: Request) -> bool:
    """Whether the page has one address for both languages."""
    return _is_below(request.url.path, API)


def page_language(request: Request) -> Language:
    """The language of a page: from its address, or for pages of the API as `choose_language` does."""
    if follows_accept_language(request):
        return choose_language(request.headers.get("accept-language"), request.headers.get("cookie"))
    return "en" if _is_below(request.url.path, ENGLISH) else "nl"


def choose_language(accept_language: str | None, cookie: str | None) -> Language:
    """The language of a page of the API: the one that the reader chose, else that of `Accept-Language`."""
    chosen = cookie_parser(cookie).get(LANGUAGE_COOKIE) if cookie else None
    for language in LANGUAGES:
        if chosen == language:
            return language
    return preferred_language(accept_language)


def localise_path(path: str, language: Language) -> str:
    """The path of a page's route in a language; `path` is the Dutch one."""
    if language == "nl" or _is_below(path, API) or path.startswith("/."):
        return path
    return ENGLISH if path == "/" else ENGLISH + path


def page_path(path: str, language: Language) -> str:
    """The address of a page in a language, without a host, as a link names it; `path` is the Dutch one of its route.

    Addresses of the API and well-known files have no language.
    """
    return site_path(localise_path(path, language))


def find_page_paths(path: str, query: str) -> LocalizedText:
    """The path of a page of the website in each language, with its query; follows the public URL, or `site_path`."""
    if _is_below(path, ENGLISH):
        path = path.removeprefix(ENGLISH) or "/"
    query = f"?{query}" if query else ""
    return LocalizedText(path + query, localise_path(path, "en") + query)


@pass_context
def _translate(context: Context, nl: str, en: str) -> str:
    return LocalizedText(nl, en).render(context["language"])


@pass_context
def _path(context: Context, path: str) -> str:
    return page_path(path, context["language"])


@pass_context
def _word_mail_notice(context: Context, nl: str, en: str) -> str:
    notice = word_mail_notice(LocalizedText(nl, en), sends_mail=context["sends_mail"])
    return notice.render(context["language"])


@pass_context
def _format_date(context: Context, value: Any) -> str:
    return formatting.format_date(value, context["language"])


@pass_context
def _format_datetime(context: Context, value: Any) -> str:
    return formatting.format_datetime(value, context["language"])


@pass_context
def _format_month(context: Context, value: Any) -> str:
    return formatting.format_month(value, context["language"])


@pass_context
def _format_number(context: Context, value: float) -> str:
    return formatting.format_number(value, context["language"])


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The environment of every page.

    It has `t(nl, en)`, `path`, `site_path`, `asset`, `finds_addresses` and `mail_notice(nl, en)`, and filters `date`,
    `month`, `moment` and `number`. `sends_mail` says of each page whether this site sends mail.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        # The text of a mail is no HTML.
        autoescape=select_autoescape(default=True, disabled_extensions=("txt",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "t": _translate,
        "path": _path,
        "asset": asset_url,
        "site_path": site_path,
        "finds_addresses": finds_addresses,
        "mail_notice": _word_mail_notice,
    }
    environment.filters |= {
        "date": _format_date,
        "month": _format_month,
        "moment": _format_datetime,
        "number": _format_number,
    }
    return environment


def _find_translation(path: str, query: str, language: Language) -> str:
    """The address at which the reader gets this page in another language."""
    if _is_below(path, API):
        here = f"{path}?{query}" if query else path
        return site_path(f"{LANGUAGE_CHOICE}?{urlencode({'lang': language, 'page': here})}")
    return site_path(find_page_paths(path, query).render(language))


def render_html(
    template: str, language: Language, *, here: str, query_string: str = "", **context: Any
) -> str:
    """The HTML of one page; `here` is its path, which the menu marks as current, and `query_string` what follows it."""
    other: Language = "en" if language == "nl" else "nl"
    page = {
        "paths": None,
        "public_url": "",
        "sends_mail": False,
        "translation": _find_translation(here, query_string, other),
        **context,
    }
    return templates().get_template(template).render(language=language, here=site_path(here), **page)


def render_page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """The response of one page in the language of the request, with `Content-Language` and, for the API, `Vary`."""
    language, state = page_language(request), get_app_state(request)
    context["sends_mail"] = state.settings.sends_mail
    if not follows_accept_language(request):
        context["paths"] = find_page_paths(request.url.path, request.url.query)
        context["public_url"] = state.public_url
    html = render_html(template, language, here=request.url.path, query_string=request.url.query, **context)
    response = HTMLResponse(html, status, headers)
    response.headers["Content-Language"] = language
    if follows_accept_language(request):
        response.headers.add_vary_header(PAGE_VARY)
    return response


def render_api_page(
    template: str,
    *,
    language: Language,
    path: str,
    query_string: str,
    headers: Mapping[str, str],
    **context: Any,
) -> HTMLResponse:
    """The response of a page of the API, in the language of `choose_language`."""
    response = HTMLResponse(
        render_html(template, language, here=path, query_string=query_string, **context), headers=headers
    )
    response.headers["Content-Language"] = language
    response.headers.add_vary_header(PAGE_VARY)
    return response
