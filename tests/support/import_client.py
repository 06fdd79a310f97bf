"""A client that imports by the API, with a job worker that runs on request."""

import asyncio
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from httpx2 import Response
from openpyxl import Workbook
from sqlalchemy import Engine, create_engine, func, select

from app.core.database import sqlalchemy_url
from app.core.jobs import run_worker
from app.core.settings import Settings
from app.imports.jobs import list_tasks
from app.sensors.tables.register import sensor_version
from tests.support.register import Register, make_today_record, open_register
from tests.support.waiting import PATIENCE_SECONDS, wait_until

PATH = "/v1/imports"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImportClient:
    """A client of imports; `run_jobs` is a worker that ends when the queue is empty."""

    register: Register
    url: str
    engine: Engine

    def upload(self, content: bytes, query: str = "", **headers: str) -> Response:
        return self.register.client.post(
            f"{PATH}?{query}", content=content, headers=self.register.officer | headers
        )

    def submit(self, content: bytes, query: str = "", **headers: str) -> Document:
        answer = self.upload(content, query, **headers)
        assert answer.status_code == 202, answer.text
        document: Document = answer.json()
        return document

    def submit_and_run(self, content: bytes, query: str = "") -> Document:
        """The import after a worker has run its job."""
        document = self.submit(content, query)
        self.run_jobs()
        return self.read(document)

    def read(self, document: Document, **headers: str) -> Document:
        answer = self.get(document, **headers)
        assert answer.status_code == 200, answer.text
        read: Document = answer.json()
        return read

    def get(self, document: Document, rest: str = "", **headers: str) -> Response:
        return self.register.client.get(
            f"{PATH}/{document['id']}{rest}", headers=self.register.officer | headers
        )

    def post(self, document: Document, step: str, **headers: str) -> Response:
        """Request an application, cancellation or reversal."""
        return self.register.client.post(
            f"{PATH}/{document['id']}/{step}", headers=self.register.officer | headers
        )

    def wait_for(
        self,
        document: Document,
        is_reached: Callable[[Document], Any],
    ) -> Document:
        """The import as soon as a condition holds. Raises: AssertionError when that takes too long."""
        read = document

        def is_reached_now() -> Any:
            nonlocal read
            read = self.read(document)
            return is_reached(read)

        wait_until(is_reached_now)
        return read

    def count_versions(self) -> int:
        """Number of versions of all sensors in the register."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(sensor_version)) or 0

    def run_jobs(self) -> None:
        settings = Settings(database_url=self.url, job_worker_silence_seconds=PATIENCE_SECONDS)
        asyncio.run(run_worker(self.url, list_tasks(self.engine, settings), settings, wait=False))


@contextmanager
def open_import_client(url: str, **settings: object) -> Iterator[ImportClient]:
    engine = create_engine(
        sqlalchemy_url(url), connect_args={"options": f"-c lock_timeout={PATIENCE_SECONDS * 1000}"}
    )
    with open_register(url, **settings) as register:
        yield ImportClient(register, url, engine)
    engine.dispose()


def make_rows(number: int, **fields: Any) -> list[dict[str, Any]]:
    """Valid rows in Amsterdam, at least half a metre apart, with references counted from 1."""
    record = make_today_record(**fields)
    record.pop("location")
    return [
        record
        | {
            "reference": f"rij-{index}",
            "themes": "environment_noise",
            "latitude": round(52.36 + index % 100 * 0.0002, 6),
            "longitude": round(4.85 + index // 100 * 0.0002, 6),
        }
        for index in range(1, number + 1)
    ]


def write_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def write_workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sensoren"
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def count_temporary_files(folder: Path) -> int:
    return len(list(folder.iterdir()))


def read_events(text: str) -> list[tuple[str, Document]]:
    """The events of a stream: name and data."""
    events = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events
