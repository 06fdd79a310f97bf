"""Queries with a filter."""

from urllib.parse import urlencode


def ask(text: str, **others: str) -> str:
    """A query with this filter and other parameters, in whose names `_` stands for `-`."""
    return urlencode({"filter": text} | {name.replace("_", "-"): value for name, value in others.items()})
