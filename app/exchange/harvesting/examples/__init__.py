"""Mappings with an explanation at every line, to copy and change."""

from pathlib import Path

from app.exchange.harvesting.mapping import Kind


def read_example(kind: Kind) -> str:
    """The text of the example for a kind of source."""
    return Path(__file__).with_name(f"{kind}.toml").read_text(encoding="utf-8")
