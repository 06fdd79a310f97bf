"""Refusing what another site makes a browser send: forms with our cookie come from our own pages alone.

No token in each form: the browser itself says where a request comes from. Source: Fetch Metadata Request Headers (W3C);
RFC 6454 for `Origin`; OWASP Cross-Site Request Forgery Prevention Cheat Sheet.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText


def require_same_origin(headers: Mapping[str, str], public_url: str) -> None:
    """Raises: NotPermitted for a request that does not come from a page of this site.

    A browser says so by `Sec-Fetch-Site`, an older one by `Origin` alone. Without either, nothing is believed.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        is_own = site == "same-origin"
    else:
        address = urlsplit(public_url)
        is_own = headers.get("origin") == f"{address.scheme}://{address.netloc}"
    if not is_own:
        raise NotPermitted(
            LocalizedText(
                "Dit formulier is niet verstuurd vanaf een pagina van dit register. Open de pagina hier opnieuw.",
                "This form was not sent from a page of this register. Open the page here again.",
            )
        )
