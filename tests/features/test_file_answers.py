"""Files as tools read them from their address: in parts, resumed, of one state of the register, made once."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from httpx2 import Response

from app.core.app_state import get_app_state
from app.features import file_sources
from app.files import file_cache
from app.files.file_cache import get_file_cache
from app.files.writers.schema import FORMATS, Format
from tests.conftest import OpenFilled
from tests.support.application import make_client
from tests.support.browser import serve_site
from tests.support.concurrency import read_state
from tests.support.register import Register, fill, open_register
from tests.support.waiting import PATIENCE_SECONDS

ITEMS = "/v1/collections/sensors/items"
FILES = [form for form in FORMATS if form.spooled]
TEXTS = [form for form in FORMATS if not form.spooled]
QUERIES = {
    "page": (ITEMS, ""),
    "whole": (ITEMS, "&limit=1000000"),
    "areas": ("/v1/collections/observed-areas/items", "&limit=1000000"),
    "municipalities": ("/v1/collections/municipalities/items", ""),
}

every_file = pytest.mark.parametrize("form", FILES, ids=lambda form: form.name)
every_query = pytest.mark.parametrize("query", QUERIES)


@pytest.fixture
def register(open_filled: OpenFilled) -> Iterator[Register]:
    with open_filled() as register:
        yield register


def address(form: Format, query: str = "whole") -> str:
    path, more = QUERIES[query]
    return f"{path}?f={form.name}{more}"


def get(register: Register, url: str, **headers: str) -> Response:
    return register.client.get(
        url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


@every_file
@every_query
def test_parts_together_are_the_file(filled: Register, form: Format, query: str) -> None:
    url = address(form, query)
    whole = get(filled, url)
    assert whole.headers["accept-ranges"] == "bytes"
    size, etag = len(whole.content), whole.headers["etag"]
    assert etag.startswith('"')
    assert int(whole.headers["content-length"]) == size
    parts = [get(filled, url, Range=f"bytes={first}-{first + 4999}") for first in range(0, size, 5000)]
    assert b"".join(part.content for part in parts) == whole.content
    assert {(part.status_code, part.headers["etag"]) for part in parts} == {(206, etag)}
    assert parts[0].headers["content-range"] == f"bytes 0-{min(4999, size - 1)}/{size}"
    last = get(filled, url, Range="bytes=-10")
    assert (last.content, last.headers["content-length"]) == (whole.content[-10:], "10")
    rest = get(filled, url, Range="bytes=100-")
    assert rest.content == whole.content[100:]


@every_file
def test_head_has_the_headers_of_get(filled: Register, form: Format) -> None:
    url = address(form)
    head, whole = filled.client.head(url), get(filled, url)
    changing = {"x-request-id", "date"}
    assert head.content == b""
    assert {name: head.headers[name] for name in head.headers.keys() - changing} == {
        name: whole.headers[name] for name in whole.headers.keys() - changing
    }
    # A range has no meaning for HEAD.
    part = filled.client.head(url, headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.headers["content-length"]) == (200, head.headers["content-length"])


@every_file
def test_file_is_not_compressed_and_has_no_range_of_a_compressed_one(filled: Register, form: Format) -> None:
    for headers in ({}, {"Range": "bytes=0-99"}):
        answer = get(filled, address(form), Accept_Encoding="gzip, br, zstd", **headers)
        assert "content-encoding" not in answer.headers
        assert "Accept-Encoding" not in answer.headers["vary"]


def test_range_outside_the_file_is_refused_with_its_size(filled: Register) -> None:
    size = len(get(filled, address(FILES[0])).content)
    answer = get(filled, address(FILES[0]), Range=f"bytes={size}-{size + 1}")
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert answer.json()["status"] == 416


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=9-3", "bytes=x-"])
def test_range_that_is_several_or_malformed_gets_the_whole_file(filled: Register, asked: str) -> None:
    answer = get(filled, address(FILES[0]), Range=asked)
    assert (answer.status_code, "content-range" in answer.headers) == (200, False)


@pytest.mark.parametrize("form", TEXTS, ids=lambda form: form.name)
def test_text_has_no_ranges(filled: Register, form: Format) -> None:
    for query in ("page", "whole"):
        answer = get(filled, address(form, query), Range="bytes=0-1")
        assert answer.status_code == 200
        assert "accept-ranges" not in answer.headers


def test_known_file_is_304_without_being_made_again(
    filled: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = get(filled, address(FILES[1])).headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}'):
        answer = get(filled, address(FILES[1]), If_None_Match=known)
        assert (answer.status_code, answer.headers["etag"], answer.content) == (304, etag, b"")
    assert get(filled, address(FILES[1]), If_None_Match='"x"').status_code == 200
    assert get(filled, address(FILES[1]), If_None_Match="*").status_code == 304
    # Also when the file is no longer stored.
    monkeypatch.setattr(file_cache, "_list_entries", lambda _: [])
    assert get(filled, address(FILES[1]), If_None_Match=etag).status_code == 304


def test_if_range_gets_the_rest_of_the_same_file_alone(register: Register) -> None:
    url = address(FILES[1])
    old = get(register, url)
    etag = old.headers["etag"]
    register.register(reference="one more")
    new = get(register, url)
    assert new.headers["etag"] != etag
    # The download that began before the change is continued with its own bytes.
    rest = get(register, url, Range="bytes=1000-", If_Range=etag)
    assert (rest.status_code, rest.content) == (206, old.content[1000:])
    other = get(register, url, Range="bytes=1000-", If_Range='"something-else"')
    assert (other.status_code, other.content) == (200, new.content)
    assert get(register, url, Range="bytes=0-9", If_Match=etag).content == old.content[:10]
    refused = get(register, url, Range="bytes=0-9", If_Match='"something-else"')
    assert refused.status_code == 412


def test_parts_without_a_tag_are_of_one_file_while_the_register_changes(register: Register) -> None:
    url = address(FILES[1])
    first = get(register, url, Range="bytes=0-99")
    register.register(reference="one more")
    # Another reader gets the new state; who reads in parts goes on with the file that was begun.
    whole = get(register, url)
    assert whole.headers["etag"] != first.headers["etag"]
    assert whole.headers["ogc-numberreturned"] == "13"
    second = get(register, url, Range="bytes=100-199")
    head = register.client.head(url)
    assert second.headers["etag"] == head.headers["etag"] == first.headers["etag"]


def test_parts_are_of_the_new_file_when_no_one_reads_the_old_one(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = address(FILES[1])
    first = get(register, url, Range="bytes=0-99")
    register.register(reference="one more")
    monkeypatch.setattr(file_cache, "_READING_SECONDS", 0)
    second = get(register, url, Range="bytes=0-99")
    assert second.headers["etag"] != first.headers["etag"]


def test_download_without_a_tag_is_continued_only_when_it_is_certain_of_what(register: Register) -> None:
    url = address(FILES[1])
    assert get(register, url, Range="bytes=1000-").status_code == 200
    old = get(register, url)
    register.register(reference="one more")
    # The file that was begun is the only one stored.
    rest = get(register, url, Range="bytes=1000-")
    assert (rest.status_code, rest.content) == (206, old.content[1000:])
    new = get(register, url)
    whole = get(register, url, Range="bytes=1000-")
    assert (whole.status_code, whole.content) == (200, new.content)


def test_file_is_made_once_for_many_readers(filled: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    write = file_sources.ItemsFile.write

    async def write_slowly(source: Any, path: Path) -> Any:
        made.append(path)
        await asyncio.sleep(0.3)
        return await write(source, path)

    monkeypatch.setattr(file_sources.ItemsFile, "write", write_slowly)
    url = f"{ITEMS}?f=geopackage&limit=11"

    async def read_all() -> set[str]:
        transport = httpx.ASGITransport(filled.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            answers = await asyncio.gather(*(client.get(url) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {200}
        return {answer.headers["etag"] for answer in answers}

    assert filled.client.portal is not None
    assert len(filled.client.portal.call(read_all)) == 1
    assert len(made) == 1


def test_files_of_all_processes_are_found_by_each(open_filled: OpenFilled, tmp_path: Path) -> None:
    with open_filled(file_cache_folder=tmp_path) as register:
        etag = get(register, address(FILES[1])).headers["etag"]
        url = read_state(register.client).settings.database_url
        assert url is not None
        with make_client(url, file_cache_folder=tmp_path) as other:
            answer = other.get(address(FILES[1]), headers={"Range": "bytes=5-", "If-Range": etag})
    assert (answer.status_code, answer.headers["etag"]) == (206, etag)


def test_folder_is_gone_when_the_application_has_ended(open_filled: OpenFilled) -> None:
    with open_filled() as register:
        get(register, address(FILES[1]))
        folder = get_file_cache(get_app_state(register.client.app))._folder  # type: ignore[arg-type]
        assert list(folder.glob("*/*/content"))
    assert not folder.exists()


@every_file
def test_full_cache_is_503_in_words(open_filled: OpenFilled, form: Format) -> None:
    with open_filled(file_cache_bytes=1000) as register:
        answer = get(register, address(form), Accept_Language="en")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert "no disk space left" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["xlsx", "geoparquet"])
def test_full_disk_is_503_in_words(filled: Register, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write = file_sources.ItemsFile.write

    async def write_to_a_full_disk(source: Any, path: Path) -> Any:
        # The kernel's device that is always full; a file system of a few kB needs an administrator.
        path.symlink_to("/dev/full")  # noqa: ASYNC240 - a test
        return await write(source, path)

    monkeypatch.setattr(file_sources.ItemsFile, "write", write_to_a_full_disk)
    answer = get(filled, f"{ITEMS}?f={name}&limit=7", Accept_Language="en")
    assert answer.status_code == 503
    assert "no disk space left" in answer.json()["detail"]
    folder = get_file_cache(get_app_state(filled.client.app))._folder  # type: ignore[arg-type]
    assert not list(folder.glob("new-*"))


def test_scripts_of_other_sites_may_ask_for_ranges(filled: Register) -> None:
    preflight = filled.client.options(ITEMS, headers={"Origin": "https://example.org"})
    allowed = set(preflight.headers["access-control-allow-headers"].split(", "))
    assert {"Range", "If-Range", "If-Match", "If-None-Match"} <= allowed
    answer = get(filled, address(FILES[1]), Range="bytes=0-1", Origin="https://example.org")
    exposed = set(answer.headers["access-control-expose-headers"].split(", "))
    assert {"Accept-Ranges", "Content-Range", "Content-Encoding", "ETag"} <= exposed


class RemoteFile(io.RawIOBase):
    """A file at an address, read by ranges, as fsspec does it for pyarrow and geopandas."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.size = int(httpx.head(url).headers["content-length"])
        self.position = 0
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.position = (0, self.position, self.size)[whence] + offset
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: Any) -> int:
        if not len(buffer) or self.position >= self.size:
            return 0
        last = min(self.position + len(buffer), self.size) - 1
        answer = httpx.get(
            self.url, headers={"Range": f"bytes={self.position}-{last}"}, timeout=PATIENCE_SECONDS
        )
        assert answer.status_code == 206
        buffer[: len(answer.content)] = answer.content
        self.position += len(answer.content)
        self.read_bytes += len(answer.content)
        return len(answer.content)


def test_pyarrow_reads_one_column_of_geoparquet_from_its_address(fresh_database: str) -> None:
    with open_register(fresh_database) as register:
        fill(register)
    with serve_site(fresh_database) as site:
        remote = RemoteFile(site + address(next(form for form in FILES if form.name == "geoparquet")))
        names = pq.read_table(remote, columns=["reference"])["reference"].to_pylist()
    assert "sensor-03" in names
    assert remote.read_bytes > 0
