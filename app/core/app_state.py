"""The state of one application: its settings, open databases and limits, typed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Engine
from starlette.requests import HTTPConnection

from app.core.concurrency_limiter import ConcurrencyLimiter
from app.core.reader_turns import ReaderTurns
from app.core.settings import Settings

T = TypeVar("T")

TURNS_PER_CONNECTION: Final = 8
"""Readers of whole searches as text for each connection for them: most only read what is on disk."""


@dataclass(frozen=True, slots=True)
class Databases:
    """Connections that are open from start-up to shutdown."""

    write_engine: Engine
    read_pool: AsyncConnectionPool[Any]
    costly_pool: AsyncConnectionPool[Any]
    """Connections of public reads whose cost no index bounds."""
    stream_pool: AsyncConnectionPool[Any]
    read_probe: AsyncConnectionPool[Any]
    """One connection for the health checks of public reads."""
    write_probe: AsyncConnectionPool[Any]
    """One connection for the health check of writing."""


@dataclass(slots=True)
class AppState:
    """State shared by all requests of a server process."""

    settings: Settings
    export_limiter: ConcurrencyLimiter
    """Limits exports of registrations: each holds a write connection."""
    annotation_limiter: ConcurrencyLimiter
    """Limits annotated files: each is stored twice on disk."""
    file_limiter: ConcurrencyLimiter
    """Limits files for readers without a key while they are written: each takes a thread and disk space."""
    reader_turns: ReaderTurns
    """Limits whole searches as text: each is on disk as far as its reader is behind."""
    databases: Databases | None = None
    """None before start-up."""
    _caches: dict[type, Any] = field(default_factory=dict)

    @classmethod
    def of_settings(cls, settings: Settings) -> "AppState":
        wait_seconds = settings.read_timeout_seconds
        return cls(
            settings,
            export_limiter=ConcurrencyLimiter(settings.stream_connections, wait_seconds),
            annotation_limiter=ConcurrencyLimiter(settings.stream_connections, wait_seconds),
            file_limiter=ConcurrencyLimiter(settings.files_at_once, wait_seconds),
            reader_turns=ReaderTurns(TURNS_PER_CONNECTION * settings.stream_connections, wait_seconds),
        )

    @property
    def public_url(self) -> str:
        """Address of the site, without a trailing slash."""
        return self.settings.public_url.rstrip("/")

    @property
    def write_engine(self) -> Engine:
        return self._open.write_engine

    @property
    def read_pool(self) -> AsyncConnectionPool[Any]:
        return self._open.read_pool

    def choose_read_pool(self, *, is_costly: bool) -> AsyncConnectionPool[Any]:
        """Connections for a public read; costly ones have a few of their own, for which others never wait."""
        return self._open.costly_pool if is_costly else self._open.read_pool

    @property
    def stream_pool(self) -> AsyncConnectionPool[Any]:
        return self._open.stream_pool

    @property
    def read_probe(self) -> AsyncConnectionPool[Any]:
        return self._open.read_probe

    @property
    def write_probe(self) -> AsyncConnectionPool[Any]:
        return self._open.write_probe

    def get_cache(self, kind: type[T], create: Callable[[], T]) -> T:
        """The cache of this type, created on first use. A slice defines the type of its own cache."""
        if kind not in self._caches:
            self._caches[kind] = create()
        return cast(T, self._caches[kind])

    def set_cache(self, kind: type[T], cache: T) -> None:
        """Use this cache for its type: one that is opened at start-up."""
        self._caches[kind] = cache

    @property
    def _open(self) -> Databases:
        if self.databases is None:
            raise RuntimeError("The databases are not open: the application has not been started.")
        return self.databases


def set_app_state(app: FastAPI, state: AppState) -> None:
    app.state.register = state


def get_app_state(of: HTTPConnection | FastAPI) -> AppState:
    """The state of the application that serves this request, or of this application."""
    app = of if isinstance(of, FastAPI) else of.app
    return cast(AppState, app.state.register)
