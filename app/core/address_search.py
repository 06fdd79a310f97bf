"""Whether this site finds streets and addresses: pages promise a search by address only where it does."""

from contextvars import ContextVar
from typing import Final

_is_on: Final = ContextVar("address_search", default=False)


def set_address_search(*, is_on: bool) -> None:
    """State for the request at hand whether the operator has an address service."""
    _is_on.set(is_on)


def finds_addresses() -> bool:
    """Whether the search box finds streets and addresses, as far as their service answers."""
    return _is_on.get()
