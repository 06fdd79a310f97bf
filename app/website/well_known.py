"""Files at fixed addresses: robots.txt, favicon.ico and security.txt."""

from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app.core.app_state import get_app_state
from app.core.assets import asset_url
from app.core.errors import NotFound
from app.core.site_path import site_path
from app.website.operator import Operator

SECURITY_TXT_DAYS: Final = 180
"""Validity of security.txt; RFC 9116 recommends less than a year."""

router = APIRouter(include_in_schema=False)


@router.get("/robots.txt")
async def send_robots(request: Request) -> Response:
    """Rules for crawlers: the pages, not the API. Source: RFC 9309."""
    sitemap = f"{get_app_state(request).public_url}/sitemap.xml"
    return PlainTextResponse(
        f"User-agent: *\nDisallow: {site_path('/v1/')}\nAllow: {site_path('/')}\n\nSitemap: {sitemap}\n"
    )


@router.get("/favicon.ico")
async def send_icon() -> Response:
    """The icon for answers that are not pages and so cannot link to it."""
    return RedirectResponse(asset_url("favicon.svg"), 302)


@router.get("/.well-known/security.txt")
async def send_security_contact(request: Request) -> Response:
    """The contact for reports of vulnerabilities. Source: RFC 9116. Raises: NotFound without such a contact."""
    settings = get_app_state(request).settings
    contact = Operator.of_settings(settings, "en").security_email
    if contact is None:
        raise NotFound
    expires = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires += timedelta(days=SECURITY_TXT_DAYS)
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.public_url.rstrip('/')}/.well-known/security.txt",
    ]
    return PlainTextResponse("\n".join(lines) + "\n")
