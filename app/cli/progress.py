"""Progress bar of work that is counted; without a terminal nothing is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from app.cli.error_messages import errors


@contextmanager
def show_progress(
    description: str, total: int | None = None, *, console: Console = errors
) -> Iterator[Callable[[int, int | None], None]]:
    """Show a progress bar until the block ends; yields a function for the number done and the total, if known."""
    with Progress(
        SpinnerColumn(),
        TextColumn(description),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        transient=True,
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("", total=total)
        yield lambda done, of: progress.update(task, completed=done, total=of)
