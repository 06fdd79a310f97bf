"""Verification of a dump: every file exists, is as the manifest says, and can be read."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pyarrow import ArrowException

from app.core.i18n import LocalizedText
from app.exports.dump.write import CHECKSUMS, MANIFEST, compute_digest


def check_dump(folder: Path) -> list[LocalizedText]:
    """Problems of a dump; empty when it is complete."""
    return list(_find_problems(folder))


def _find_problems(folder: Path) -> Iterator[LocalizedText]:
    sums = _read_checksums(folder / CHECKSUMS)
    if not sums:
        yield LocalizedText(f"{CHECKSUMS} ontbreekt of is leeg.", f"{CHECKSUMS} is missing or empty.")
        return
    present = {path.name for path in folder.iterdir()} - {CHECKSUMS}
    for name in sorted(present - set(sums)):
        yield LocalizedText(f"{name} hoort er niet bij.", f"{name} does not belong there.")
    for name, digest in sums.items():
        if name not in present:
            yield LocalizedText(f"{name} ontbreekt.", f"{name} is missing.")
        elif compute_digest(folder / name) != digest:
            yield LocalizedText(f"{name} is niet meer wat het was.", f"{name} is not what it was.")
    if MANIFEST in present:
        yield from _compare_with_manifest(folder, sums)


def _compare_with_manifest(folder: Path, sums: dict[str, str]) -> Iterator[LocalizedText]:
    try:
        files = {one["name"]: one for one in json.loads((folder / MANIFEST).read_text())["files"]}
    except (ValueError, KeyError, TypeError):
        yield LocalizedText(f"{MANIFEST} is niet te lezen.", f"{MANIFEST} cannot be read.")
        return
    for name in sorted(set(files) ^ (set(sums) - {MANIFEST})):
        yield LocalizedText(
            f"{name} staat niet in {MANIFEST} en {CHECKSUMS} beide.",
            f"{name} is not in {MANIFEST} and {CHECKSUMS} both.",
        )
    for name, described in files.items():
        path = folder / name
        if path.is_file() and (found := _describe(path)) != (described["sizeBytes"], described["rows"]):
            yield LocalizedText(
                f"{name} heeft {found[0]} bytes en {found[1]} rijen, anders dan {MANIFEST} zegt.",
                f"{name} has {found[0]} bytes and {found[1]} rows, other than {MANIFEST} says.",
            )


def _read_checksums(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.split(maxsplit=1) for line in path.read_text().splitlines())
    return {name: digest for digest, name in pairs}


def _describe(path: Path) -> tuple[int, Any]:
    """Size in bytes and number of rows; None for rows that cannot be read."""
    try:
        if path.suffix == ".parquet":
            return path.stat().st_size, pq.read_metadata(path).num_rows
        with path.open(newline="") as lines:
            return path.stat().st_size, sum(1 for _ in csv.reader(lines)) - 1
    except (ArrowException, csv.Error, UnicodeDecodeError):
        return path.stat().st_size, None
