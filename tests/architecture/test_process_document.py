"""The document of the process names every transition, who may make it, and every mail, as the code has them."""

import re
from pathlib import Path
from typing import Final

from app.bootstrap.paths import ROOT
from app.core.templates import TEMPLATES
from app.sensors.registration.lifecycle import TRANSITIONS, Transition

DOCUMENT: Final = ROOT / "docs" / "process.md"


def read_table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the first table below a heading, without its head."""
    below = DOCUMENT.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1]
    lines = [line for line in below.split("\n## ", 1)[0].splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


def describe_transition(transition: Transition) -> tuple[str, str, str, str, str]:
    """A transition as the document writes it: action, role, statuses it starts from, status, what it announces."""
    starts = ", ".join(status or "not registered" for status in transition.starts_from)
    announced = transition.announces or "nothing"
    return (f"`{transition.action}`", transition.actor, starts, transition.status, announced)


def test_every_transition_is_in_the_document() -> None:
    rows = [row[:5] for row in read_table("Every transition")]

    assert rows == [describe_transition(one) for one in TRANSITIONS]


def test_every_mail_is_in_the_document() -> None:
    kinds = {path.stem for path in Path(TEMPLATES, "mail").glob("*.txt")}
    named = {name for row in read_table("Every mail") for name in re.findall(r"`(\w+)`", row[0])}

    assert named == kinds
