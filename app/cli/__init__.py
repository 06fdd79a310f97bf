"""The `sensor-register` command: one file a subject; the slices do the work.

This is the outermost tier: besides `core/database.py` it alone opens databases and commits.
"""

import multiprocessing
import signal

if multiprocessing.parent_process() is not None:
    # A server process that starts up ignores Ctrl-C: its parent receives it too, and stops it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main() -> None:
    """Run one command."""
    from app.cli.command import run  # noqa: PLC0415 - so that --help needs no application

    run()
