"""Documents as tagged PDF (PDF/UA-1), made by Typst from a template of ours and texts of others.

A template receives its values as JSON, never as markup. It reads no file and no network, and embeds the fonts of the
package. Typst stops at a character that its font lacks, so those are replaced. Source: decision 0052.
"""

import asyncio
import json
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from app.core.concurrency_limiter import ConcurrencyLimiter

TEMPLATES: Final = Path(__file__).parent.parent / "templates" / "documents"
MAX_TEXT: Final = 2000
"""Longest text of a document: longer than any field that appears on one."""
CACHED_DOCUMENTS: Final = 64
SLOTS: Final = 2
WAIT_SECONDS: Final = 5

COVERED: Final = (
    *((0x20, 0x7E), (0xA0, 0x24F), (0x391, 0x3A1), (0x3A3, 0x3CE), (0x400, 0x45F), (0x1E00, 0x1EFF)),
    *((0x2010, 0x2027), (0x2030, 0x2037), (0x2074, 0x208E), (0x20AC, 0x20AC), (0x2190, 0x2193)),
    *((0x2122, 0x2122), (0xFFFD, 0xFFFD)),
)
"""Ranges of characters that the font has: Latin, Greek and Cyrillic letters, punctuation, and a few signs."""
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


class PdfRenderer:
    """Renders documents in threads, a few at a time; the last ones are cached by their content."""

    def __init__(self) -> None:
        self._limiter = ConcurrencyLimiter(SLOTS, WAIT_SECONDS)
        self._cache: OrderedDict[tuple[str, str, str, date], bytes] = OrderedDict()

    async def render(self, template: str, data: Mapping[str, Any], day: date, picture: str = "") -> bytes:
        """The PDF of a template in `app/templates/documents`, dated `day`; equal values give equal bytes.

        `picture` is an SVG of ours. Raises: Unavailable when too many documents are being made.
        """
        text = json.dumps(make_printable(data), ensure_ascii=False, sort_keys=True)
        key = (template, text, picture, day)
        if (document := self._cache.get(key)) is None:
            async with self._limiter.acquire():
                document = await asyncio.to_thread(compile_pdf, template, text, day, picture)
            self._cache[key] = document
            while len(self._cache) > CACHED_DOCUMENTS:
                self._cache.popitem(last=False)
        self._cache.move_to_end(key)
        return document


def compile_pdf(template: str, data: str, day: date, picture: str = "") -> bytes:
    """Compile a template with its values as JSON. Raises: typst.TypstError for a mistake in the template."""
    document = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_load_fonts(),
        sys_inputs={"data": data, "picture": picture},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=datetime.combine(day, time(), UTC),
    )
    if not isinstance(document, bytes):
        raise TypeError(f"{template}: expected one document")
    return document


def make_printable(value: Any) -> Any:
    """The value with every text shortened to `MAX_TEXT`, and with only characters that the font has."""
    if isinstance(value, Mapping):
        return {name: make_printable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [make_printable(each) for each in value]
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value[:MAX_TEXT])
        return "".join(one if _is_covered(one) else REPLACEMENT for one in " ".join(text.split()))
    return value


@lru_cache(maxsize=4096)
def _is_covered(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in COVERED)


@lru_cache(maxsize=1)
def _load_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
