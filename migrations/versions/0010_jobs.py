"""The queue of jobs, in a schema of its own: as the job library made it up to its version 3.10.

Revision ID: 0010
Revises: 0009
"""

import re
from importlib.resources import files

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LAST = "03.10"
"""The version of the library whose migrations these are; what a later one adds is a revision of its own."""

ADDITION = re.compile(r"ALTER TYPE (\w+) ADD VALUE '(\w+)'(?: (BEFORE|AFTER) '(\w+)')?;")


def upgrade() -> None:
    steps = [
        step
        for step in sorted(files("procrastinate.sql.migrations").iterdir(), key=lambda step: step.name)
        if step.name.endswith(".sql") and step.name[: len(LAST)] <= LAST
    ]
    script = complete_types("\n".join(step.read_text(encoding="utf-8") for step in steps))
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path TO jobs")
    # By the driver itself: it is many statements, and has percent signs.
    op.get_bind().connection.driver_connection.execute(script)
    op.execute("SET LOCAL search_path TO DEFAULT")


def complete_types(script: str) -> str:
    """The script with all labels of a type there when it is made: one that is added cannot be used before a commit."""
    for name, label, side, neighbour in ADDITION.findall(script):
        beginning = script.index(f"CREATE TYPE {name} AS ENUM")
        end = script.index(");", beginning)
        labels = script[beginning:end]
        beside = neighbour or re.findall(r"'(\w+)'", labels)[-1]
        both = f"'{label}', '{beside}'" if side == "BEFORE" else f"'{beside}', '{label}'"
        script = script[:beginning] + labels.replace(f"'{beside}'", both) + script[end:]
    return ADDITION.sub("", script)


def downgrade() -> None:
    op.execute("DROP SCHEMA jobs CASCADE")
