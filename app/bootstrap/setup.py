"""Set-up from a fresh clone; a finished step is skipped as long as its inputs are unchanged."""

import argparse
import fcntl
import os
import sys

from app.bootstrap.apt import PACKAGES_OF_PROGRAMS, install_system_packages
from app.bootstrap.assets import build_grid, build_website, install_lighthouse, install_node_packages
from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.packages import install_packages, lock_packages
from app.bootstrap.paths import LOCAL


def main() -> None:
    options = _read_options()
    try:
        _set_up(options)
    except CannotStart as problem:
        sys.exit(f"{problem}")
    except OSError as error:
        sys.exit(
            f"Set-up stopped: {error.strerror} ({error.filename}). Check that you may write in this folder."
        )
    except KeyboardInterrupt:
        sys.exit("\nSet-up was interrupted; run it again to continue.")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m app.bootstrap", description="Install what the register needs."
    )
    parser.add_argument("--dev", action="store_true", help="also install packages for tests and checks")
    parser.add_argument(
        "--programs",
        nargs="+",
        default=(),
        choices=PACKAGES_OF_PROGRAMS,
        help="also install these programs, for the long tests and the bench",
    )
    parser.add_argument(
        "--lighthouse", action="store_true", help="also install Lighthouse, for the long tests"
    )
    parser.add_argument(
        "--lock", action="store_true", help="write the lock files after a change of pyproject.toml"
    )
    parser.add_argument("--upgrade", action="store_true", help="with --lock: choose the newest versions")
    return parser.parse_args()


def _set_up(options: argparse.Namespace) -> None:
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another set-up in this folder …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        # Tests start their own PostgreSQL, also where the register uses another server.
        needs_postgresql = options.dev or "REGISTER_DATABASE_URL" not in os.environ
        install_system_packages(database=needs_postgresql, programs=options.programs)
        install_packages(for_development=options.dev or options.lock)
        if options.lock:
            lock_packages(*["--upgrade"] * options.upgrade)
            return
        install_node_packages()
        if options.lighthouse:
            install_lighthouse()
        build_website()
        build_grid()
