"""The settings of the private cluster: durable, tuned to the machine's memory, reachable by socket alone."""

import os
from pathlib import Path

from app.bootstrap.paths import GRID

_MEBIBYTE = 1024 * 1024
_OURS = "register.conf"


def include_configuration(files: Path) -> None:
    """Let the cluster read our settings after those that initdb found to work on this machine."""
    with (files / "postgresql.conf").open("a") as configuration:
        configuration.write(f"\ninclude '{_OURS}'\n")


def write_configuration(files: Path, socket_folder: Path, *, durable: bool) -> None:
    """Write our settings: at each start, so that they follow the machine's memory and our newest choices.

    Only a cluster that is thrown away may do without durability.
    """
    lines = [f"{name} = '{value}'" for name, value in _settings(socket_folder, durable=durable).items()]
    (files / _OURS).write_text("# Written at each start.\n" + "\n".join(lines) + "\n")
    (files / _OURS).chmod(0o644)  # PostgreSQL may read it as another user, whatever our umask.


def _settings(socket_folder: Path, *, durable: bool) -> dict[str, str]:
    memory_mib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEBIBYTE
    shared_mib = max(128, min(memory_mib // 4, 2048)) if durable else 256
    on_if_durable = "on" if durable else "off"
    return {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket_folder}"'.replace("'", "''"),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "200",
        "shared_buffers": f"{shared_mib}MB",
        "effective_cache_size": f"{max(256, memory_mib // 2)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": f"{max(64, min(memory_mib // 16, 1024))}MB",
        # Solid-state disks: an index page costs hardly more than the next page.
        "random_page_cost": "1.1",
        # Our statements take a millisecond; compiling one takes a hundred.
        "jit": "off",
        # After each checkpoint a page that changes is logged whole: a large import has few of these, and packs them.
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "lz4",
        "fsync": on_if_durable,
        "synchronous_commit": on_if_durable,
        "full_page_writes": on_if_durable,
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Statements and rows can hold names of people; a log is no place for them.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }


def server_environment(home: Path) -> dict[str, str]:
    """The environment PostgreSQL runs in: its own copy of the grid for RD, and less trimming of the heap.

    The allocator's settings gave 41 % more boxes a second: results of some megabytes otherwise return their
    memory to the kernel and ask for it again, request after request.
    Source: mallopt(3); PROJ 9.1 reads PROJ_DATA, older ones PROJ_LIB.
    """
    projection = f"{home / 'proj'}:/usr/share/proj"
    return {
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PROJ_DATA": projection,
        "PROJ_LIB": projection,
        "MALLOC_TOP_PAD_": "16777216",
        "MALLOC_TRIM_THRESHOLD_": "67108864",
        "MALLOC_MMAP_THRESHOLD_": "33554432",
    }


def copy_grid(home: Path) -> None:
    """Give the server its own copy of the grid: it may not be allowed into our folder."""
    copies = home / "proj"
    copies.mkdir(mode=0o755, exist_ok=True)
    # mkdir is subject to the umask.
    copies.chmod(0o755)
    for grid in GRID.glob("*.tif"):
        copy = copies / grid.name
        content = grid.read_bytes()
        if not copy.exists() or copy.read_bytes() != content:
            copy.write_bytes(content)
            copy.chmod(0o644)
