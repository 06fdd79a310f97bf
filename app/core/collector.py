"""Python's cyclic garbage collector, set once for a process that runs commands or jobs. Source: decision 0047."""

import gc
from typing import Final

_NEW_CONTAINERS: Final = 50_000
"""Containers after which the collector starts; Python's 700 are made by forty rows of a file."""


def settle_collector() -> None:
    """Call this once, when the modules of the process are loaded and before it works.

    What is there already lives as long as the process, and is not scanned again.
    """
    gc.freeze()
    gc.set_threshold(_NEW_CONTAINERS)
