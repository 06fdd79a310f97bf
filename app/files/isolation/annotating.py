"""A copy of a file with remarks, written by a process of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.core.i18n import Language, LocalizedText
from app.files.annotations import annotate_file, require_destination
from app.files.isolation.calls import call_isolated
from app.files.isolation.limits import ProcessLimits
from app.files.located_problem import LocatedProblem


def annotate_isolated_file(  # noqa: PLR0913 - the parameters of `annotate_file`
    source_path: Path,
    destination: Path,
    problems: Sequence[LocatedProblem],
    language: Language,
    labels: Mapping[str, LocalizedText],
    *,
    limits: ProcessLimits | None = None,
    **options: Any,
) -> None:
    """`annotate_file`, with its `options`, in a process of its own; nothing is left where that dies.

    Raises: InvalidRequest, also where the process dies or reaches a limit; the errors of `require_destination`;
    Unavailable.
    """
    require_destination(source_path, destination)
    limits = limits or ProcessLimits.of_size(source_path.stat().st_size)
    with TemporaryDirectory(dir=destination.parent, prefix=f".{destination.name}-") as folder:
        unfinished = Path(folder, "remarks")
        arguments = (source_path, unfinished, list(problems), language, dict(labels))
        call_isolated(annotate_file, arguments, options, limits)
        unfinished.replace(destination)
