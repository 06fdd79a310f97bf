"""Sensors and organisations of the folder `seed/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from app.bootstrap.paths import ROOT

FOLDER: Final = ROOT / "seed"

ORGANISATION_FIELDS: Final = ("owner", "operator", "controller")


@dataclass(frozen=True, slots=True)
class SeedEntry:
    """Steps for one sensor, in order: register, amend, confirm and remove it; then submit changes by its owner alone.

    `record` has the fields as the API names them, but organisations by their heading in organisations.toml.
    `municipalities` are the codes of those who enter it, or with `by_owner` agree to what the owner enters;
    without any it is not published.
    """

    record: Mapping[str, Any]
    municipalities: tuple[str, ...]
    by_owner: bool = False
    notified_late: bool = False
    changes: tuple[Mapping[str, Any], ...] = ()
    submitted_changes: tuple[Mapping[str, Any], ...] = ()
    confirmed_on: date | None = None
    removed_on: date | None = None

    @property
    def owner(self) -> str:
        return str(self.record["owner"])

    @property
    def placed_from(self) -> date:
        return date.fromisoformat(self.record["placedFrom"])

    @property
    def organisations(self) -> tuple[str, ...]:
        """The headings that the record names, its owner first."""
        return tuple(self.record[name] for name in ORGANISATION_FIELDS if name in self.record)


def read_organisations() -> dict[str, dict[str, str]]:
    """Fields of each organisation by its heading."""
    return read_toml(FOLDER / "organisations.toml")


def read_duties() -> dict[str, dict[str, Any]]:
    """The rule of each municipality by its code, as the API takes it."""
    return read_toml(FOLDER / "duties.toml")


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
