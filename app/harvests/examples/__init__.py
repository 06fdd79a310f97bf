"""Mappings with an explanation at every line, to copy and change."""

from pathlib import Path

from app.harvests.mapping import SourceKind


def read_example(kind: SourceKind) -> str:
    """The text of the example for a kind of source."""
    return Path(__file__).with_name(f"{kind}.toml").read_text(encoding="utf-8")
