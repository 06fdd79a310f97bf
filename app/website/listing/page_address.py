"""Addresses of the pages of one search: the same parameters, with or without one of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.query_string import write_query


@dataclass(frozen=True, slots=True)
class PageAddress:
    """The address of a page by its path and parameters."""

    path: str
    parameters: Mapping[str, str]

    def __str__(self) -> str:
        query = write_query(self.parameters)
        return f"{self.path}?{query}" if query else self.path

    def at(self, path: str, **parameters: str | None) -> "PageAddress":
        """The address at another path, with these parameters besides; None leaves one out."""
        changed = {**self.parameters, **parameters}
        return PageAddress(path, {name: value for name, value in changed.items() if value is not None})

    def without(self, name: str, value: str) -> "PageAddress":
        """The address without one of the values of a parameter, and without the parameter where it has no other."""
        others = [one for one in self.parameters[name].split(",") if one != value]
        remaining = ",".join(others) if others and value != self.parameters[name] else None
        return self.at(self.path, **{name: remaining})
