"""The site map: an index, and files of addresses that crawlers read.

A file holds at most 50,000 addresses. Sensors are therefore divided over files by the first characters of their public
code, as many as their number requires: the codes are spread evenly, and a file is one range of the index.
Source: sitemaps.org, protocol 0.9; Google Search Central, localised versions in sitemaps.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final
from xml.sax.saxutils import escape

from fastapi import Request
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.i18n import LANGUAGES
from app.core.templates import localise_path
from app.sensors.public_codes import FIGURES, LENGTH
from app.sensors.search.pages import count_sensors
from app.sensors.search.sensor_search import SensorSearch
from app.website.page_routes import PAGES, PageRouter, open_labels
from app.website.queries import ReadPool
from app.website.texts.routes import TOPICS

MAX_SENSORS: Final = 25_000
"""Sensors of one file: each has two addresses, and the protocol allows 50,000."""
USUAL_SENSORS: Final = MAX_SENSORS // 2
"""Average number of sensors above which files are divided further: codes are spread by chance."""

NEEDS_A_QUERY: Final = ("/s", "/hier", "/zoeken", "/kaart/in-beeld")
"""Pages that are nothing without what the reader typed."""

HEADERS: Final = {"Cache-Control": "public, max-age=86400"}
"""Crawlers come back in days."""

SENSORS_SQL: Final = """
SELECT public_code, updated_at::date FROM publication.published_sensor
WHERE public_code >= %s AND public_code <= %s AND hidden_from > %s ORDER BY public_code LIMIT %s
"""

_NAMESPACES: Final = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)

router = PageRouter()


@dataclass(frozen=True, slots=True)
class MappedPage:
    """The Dutch path of a page, and the day of its last change if that is known."""

    path: str
    changed: date | None = None


@router.get("/sitemap.xml")
async def send_site_map_index(request: Request) -> Response:
    """The files of the site map."""
    state = get_app_state(request)
    count = await count_sensors(state.read_pool, SensorSearch(dutch_date()))
    names = ["pages", *(f"sensors-{prefix}" if prefix else "sensors" for prefix in list_prefixes(count))]
    lines = (f"<sitemap><loc>{state.public_url}/sitemap/{name}.xml</loc></sitemap>" for name in names)
    return _answer(f"<sitemapindex {_NAMESPACES}>", lines, "</sitemapindex>")


@router.get("/sitemap/{name}.xml")
async def send_site_map_file(request: Request) -> Response:
    """The addresses of one file: pages that are not of one sensor, or sensors."""
    state = get_app_state(request)
    name, separator, prefix = request.path_params["name"].partition("-")
    if name == "pages" and not separator:
        pages: Iterable[MappedPage] = await _list_pages(request)
    elif name == "sensors" and bool(prefix) == bool(separator) and set(prefix) <= set(FIGURES):
        pages = await _list_sensors(state.read_pool, prefix)
    else:
        raise NotFound
    return _answer(
        f"<urlset {_NAMESPACES}>", (_write_page(page, state.public_url) for page in pages), "</urlset>"
    )


def list_prefixes(count: int) -> list[str]:
    """The prefixes of public codes by which this number of sensors is divided; one empty prefix for few."""
    length = 0
    while count > USUAL_SENSORS * len(FIGURES) ** length:
        length += 1
    return ["".join(figures) for figures in product(FIGURES, repeat=length)]


async def _list_pages(request: Request) -> Iterator[MappedPage]:
    _, labels = await open_labels(request)
    municipalities = (one.code for one in labels.directory.municipalities if one.in_force)
    named = {
        "gemeente": municipalities,
        "soort": labels.vocabularies.by_name["sensorType"].terms,
        "uitleg": TOPICS,
    }
    paths = [path for path in PAGES if "{" not in path and path not in NEEDS_A_QUERY]
    for page in PAGES:
        folder, _, parameter = page.removeprefix("/").partition("/")
        if parameter.startswith("{"):
            paths += [f"/{folder}/{name}" for name in named.get(folder, ())]
    return map(MappedPage, paths)


async def _list_sensors(pool: ReadPool, prefix: str) -> Iterator[MappedPage]:
    values = [prefix, prefix.ljust(LENGTH, FIGURES[-1]), dutch_date(), MAX_SENSORS]
    async with pool.connection() as connection:
        rows = await (await connection.execute(SENSORS_SQL, values)).fetchall()
    return (MappedPage(f"/s/{_decode(code)}", changed) for code, changed in rows)


def _decode(text: bytes | str) -> str:
    # The pool returns text as bytes.
    return text.decode() if isinstance(text, bytes) else text


def _write_page(page: MappedPage, public_url: str) -> str:
    addresses = {language: escape(public_url + localise_path(page.path, language)) for language in LANGUAGES}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
        for language, address in addresses.items()
    )
    changed = f"<lastmod>{page.changed}</lastmod>" if page.changed else ""
    return "".join(f"<url><loc>{address}</loc>{changed}{others}</url>" for address in addresses.values())


def _answer(start: str, lines: Iterable[str], end: str) -> Response:
    document = "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', start, *lines, end))
    return Response(document, media_type="application/xml", headers=HEADERS)
