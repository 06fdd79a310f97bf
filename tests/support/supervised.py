"""A tiny service under the register's supervisor, as a process: `python -m tests.support.supervised PORT FOLDER`.

Its server processes fail to start while the folder has a file `broken`. Each writes its process id to the folder: as
`process-ID` once it serves, as `refused-ID` when it fails to start. Exits with 3 when the supervisor gave up.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from uvicorn import Config

from app.cli.server_supervisor import ServerSupervisor
from app.core.observability import configure_logging
from app.core.settings import Settings


def create_service() -> FastAPI:
    folder = Path(sys.argv[2])

    @asynccontextmanager
    async def start(_: FastAPI) -> AsyncIterator[None]:
        if (folder / "broken").exists():
            (folder / f"refused-{os.getpid()}").touch()
            raise RuntimeError("broken")
        (folder / f"process-{os.getpid()}").touch()
        yield

    return FastAPI(lifespan=start)


def supervise() -> int:
    configure_logging(Settings())
    config = Config(
        "tests.support.supervised:create_service",
        factory=True,
        port=int(sys.argv[1]),
        workers=1,
        log_config=None,
        log_level="warning",
    )
    supervisor = ServerSupervisor(config, [config.bind_socket()])
    supervisor.run()
    return 3 if supervisor.has_given_up else 0


if __name__ == "__main__":
    sys.exit(supervise())
