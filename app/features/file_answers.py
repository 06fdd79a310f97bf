"""Files for GIS tools, made once and stored for some minutes, of which a client may ask a part.

Which file a request gets, when the register changes while clients read:

- a client that names a tag (`If-Range`, `If-Match`) gets the file with that tag as long as it is stored;
- a client that looks up parts without naming one (GDAL, FlatGeobuf, pyarrow) gets the file that is being read in parts,
  and so does HEAD, with which such clients begin: a mixture of two files would be wrong without anybody noticing;
- a client that continues a download without naming one (`curl -C -`) gets the rest of the only file stored for this
  search. When there is none or another one beside it, it gets the whole new file, by which it sees that it cannot
  continue;
- everybody else gets a file of the present state.

See docs/decisions/0035-files-are-stored-for-minutes.md.
"""

from dataclasses import replace

from starlette.responses import Response

from app.core.app_state import AppState
from app.core.errors import PreconditionFailed
from app.core.http.byte_ranges import ByteRange, FileConditions
from app.core.http.conditional import answer_unchanged, is_unchanged, parse_tags
from app.core.http.streaming import StreamedAnswer, while_connected
from app.core.i18n import LocalizedText
from app.features.file_sources import FileSource
from app.features.geojson_renderer import make_item_headers
from app.features.request_context import RequestContext
from app.files.file_cache import CachedFile, FileCache


async def answer_file(
    source: FileSource, cache: FileCache, conditions: FileConditions, context: RequestContext, app: AppState
) -> Response:
    """The file or the part that is asked for, or 304.

    Raises: PreconditionFailed; RangeNotSatisfiable; Unavailable when no file can be made now.
    """
    looks_up = conditions.is_head or bool(conditions.range and not conditions.range.continues)
    names_none = conditions.if_range is None and conditions.if_match is None
    file = await cache.find_tagged(source.key, conditions.wanted_tags)
    if file is None and names_none and looks_up:
        file = await cache.find_in_reading(source.key)
    if file is None and names_none and conditions.range and conditions.range.continues:
        file = await cache.find_only(source.key)
        if file is None:
            conditions = replace(conditions, range=None)
    if file is None:
        state = await source.find_state()
        if tag := _find_known_tag(conditions.if_none_match, state):
            etag = f'"{tag}"'
            return answer_unchanged(etag, make_item_headers(etag, source.crs))
        file = await cache.find_of_state(source.key, state)
        if file is None:
            file = await while_connected(context.receive, _make_file(source, state, cache, app))
    try:
        if names_none and looks_up:
            await cache.note_reading(source.key, file)
        return _send_file(source, file, conditions, app)
    except BaseException:
        file.close()
        raise


def _find_known_tag(if_none_match: str | None, state: str) -> str | None:
    """The tag that the client has of a file of this state, which then need not be made again."""
    known = (tag for _, tag in parse_tags(if_none_match or ""))
    return next((tag for tag in known if tag.startswith(f"{state}-")), None)


async def _make_file(source: FileSource, state: str, cache: FileCache, app: AppState) -> CachedFile:
    async with cache.lock(source.key):
        # Another request may have made it while this request waited.
        if (file := await cache.find_of_state(source.key, state)) is not None:
            return file
        async with app.file_limiter.acquire(), cache.make_folder() as folder:
            path = folder / f"features.{source.format.suffix}"
            written = await source.write(path)
            return await cache.add(source.key, written.state, path, written.headers)


def _send_file(source: FileSource, file: CachedFile, conditions: FileConditions, app: AppState) -> Response:
    """The response, which closes the file."""
    etag = f'"{file.tag}"'
    headers = {**file.headers, "ETag": etag, "Accept-Ranges": "bytes"}
    if not conditions.matches(file.tag):
        raise PreconditionFailed(_OTHER_FILE, headers={"ETag": etag})
    if is_unchanged(conditions.if_none_match, etag):
        file.close()
        return answer_unchanged(etag, make_item_headers(etag, source.crs))
    asked = conditions.choose_range(file.tag)
    part = asked.resolve(file.size_bytes) if asked else ByteRange(0, file.size_bytes - 1)
    if asked:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{file.size_bytes}"

    async def close() -> None:
        file.close()

    return StreamedAnswer(
        file.read(part.first, part.length),
        media_type=source.format.media_type,
        headers=headers,
        close=close,
        stalled_after_seconds=app.settings.stream_timeout_seconds,
        size_bytes=part.length,
        status_code=206 if asked else 200,
    )


_OTHER_FILE = LocalizedText(
    "Het bestand waar u een deel van hebt, is er niet meer. Haal het opnieuw op, zonder `If-Match`.",
    "The file that you have a part of is no longer there. Get it again, without `If-Match`.",
)
