"""Small files that programs look for at fixed addresses: crawlers, and people who found a hole."""

from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from app.core.app_state import get_app_state
from app.core.assets import STATIC_SOURCES, asset_url

SECURITY_TXT_DAYS: Final = 180
"""RFC 9116 asks for an end within a year; whoever runs the register is reachable while it runs."""

router = APIRouter(include_in_schema=False)


@router.get("/robots.txt")
async def send_robots() -> Response:
    return FileResponse(STATIC_SOURCES / "robots.txt", media_type="text/plain")


@router.get("/favicon.ico")
async def send_icon() -> Response:
    """Browsers ask for it beside answers that are no page, and so name no icon."""
    return RedirectResponse(asset_url("favicon.svg"), 302)


@router.get("/.well-known/security.txt")
async def send_security_contact(request: Request) -> Response:
    """Whom to tell about a vulnerability. Source: RFC 9116."""
    settings = get_app_state(request).settings
    expires = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires += timedelta(days=SECURITY_TXT_DAYS)
    lines = [
        f"Contact: mailto:{settings.contact_email}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.public_url.rstrip('/')}/.well-known/security.txt",
    ]
    return PlainTextResponse("\n".join(lines) + "\n")
