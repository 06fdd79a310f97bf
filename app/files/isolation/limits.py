"""Limits of the process that reads one file. Source: getrlimit(2)."""

import resource
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

_BASE_CPU_SECONDS: Final = 10
_CPU_SECONDS_PER_MEGABYTE: Final = 20
_MAX_CPU_SECONDS: Final = 3_600
_STATM: Final = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """Limits of one reader process.

    `memory_bytes` is address space above that of a process that has read nothing yet. `wait_seconds` is the time that
    is spent waiting for the reader, not the time that its rows take to be checked and written.
    """

    cpu_seconds: int = _BASE_CPU_SECONDS
    wait_seconds: float = 4 * _BASE_CPU_SECONDS
    memory_bytes: int = 1 << 30

    @classmethod
    def of_size(cls, size_bytes: int) -> Self:
        """Limits for a file of this size: a workbook takes about a second for each megabyte, other formats less."""
        cpu_seconds = min(
            _BASE_CPU_SECONDS + _CPU_SECONDS_PER_MEGABYTE * size_bytes // 1_000_000, _MAX_CPU_SECONDS
        )
        return cls(cpu_seconds, wait_seconds=4 * cpu_seconds)

    def apply(self) -> None:
        """Limit this process. At the end of its processor time the kernel ends it by SIGXCPU."""
        used_bytes = int(_STATM.read_text().split()[0]) * resource.getpagesize()
        allowed = used_bytes + self.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
        resource.setrlimit(resource.RLIMIT_CPU, (self.cpu_seconds, self.cpu_seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
