"""One server process of `sensor-register serve`."""

import multiprocessing
import os
import signal
import threading

from fastapi import FastAPI

from app import main


def create_worker() -> FastAPI:
    """The application of a server process, which ends when the process that started it is gone.

    Without this, killing `sensor-register serve` would leave its children on the port.
    """
    if (parent := multiprocessing.parent_process()) is not None:

        def follow() -> None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=follow, daemon=True, name="follow-parent").start()
    return main.serve()
