"""The label of a sensor and letters about it, as pages and as PDF."""

from dataclasses import asdict, replace
from typing import Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.i18n import Language, LocalizedText
from app.core.pdf import PdfRenderer
from app.core.templates import page_language, page_path, render_page
from app.organisations.public_contact import find_contact
from app.sensors.plain_text import tidy_code
from app.sensors.presentation import Labels
from app.sensors.public_codes import explain_code, is_public_code
from app.sensors.search.detail import SensorDetail, read_sensor_detail
from app.website.list_row import make_list_row
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels
from app.website.queries import ReadPool
from app.website.sensor import letter_texts
from app.website.sensor.label import Label, has_label, make_label
from app.website.sensor.letters import Letter, LetterKind, find_remark, write_letter

REMOVED: Final = LocalizedText(
    "Deze sensor is volgens de eigenaar verwijderd. Er is geen sticker meer voor.",
    "According to its owner this sensor has been removed. There is no label for it any more.",
)

router = PageRouter()


@router.page("/s/{public_code}/sticker")
async def show_label(request: Request) -> Response:
    pool, labels = await open_labels(request)
    detail = await _find_sensor(request, pool)
    sensor = detail.feature["properties"]
    return render_page(
        request,
        "website/sensor/label.html",
        headers=CACHE_CONTROL,
        sensor=make_list_row(sensor, labels),
        label=await _make_label(request, pool, detail, labels) if has_label(sensor) else None,
        removed=labels.render(REMOVED),
    )


@router.page("/s/{public_code}/sticker.pdf")
async def send_label(request: Request) -> Response:
    pool, labels = await open_labels(request)
    detail = await _find_sensor(request, pool)
    if not has_label(detail.feature["properties"]):
        raise NotFound(REMOVED)
    label = await _make_label(request, pool, detail, labels)
    return await _send_pdf(request, "label.typ", label, f"sticker-{label.code}", picture=label.qr)


@router.page("/s/{public_code}/brief")
async def show_letters(request: Request) -> Response:
    """The letters to choose from. The parameter `soort`, of former addresses, leads to the address of the letter."""
    given = _read_kind(request.query_params.get("soort", ""))
    if given is not None:
        code = quote(request.path_params["public_code"])
        return RedirectResponse(page_path(f"/s/{code}/brief/{given}", page_language(request)), 301)
    return await _show_letter(request, None, is_unknown=bool(request.query_params.get("soort")))


@router.page("/s/{public_code}/brief/{soort}.pdf")
async def send_letter(request: Request) -> Response:
    pool, labels = await open_labels(request)
    detail = await _find_sensor(request, pool)
    kind = _read_kind(request.path_params["soort"])
    if kind is None:
        raise NotFound(letter_texts.UNKNOWN_KIND)
    letter = await _write_letter(pool, kind, detail, labels)
    return await _send_pdf(
        request, "letter.typ", letter, f"{kind}-{detail.feature['properties']['publicCode']}", language="nl"
    )


@router.page("/s/{public_code}/brief/{soort}")
async def show_letter(request: Request) -> Response:
    """One letter; an unknown kind has the letters to choose from."""
    kind = _read_kind(request.path_params["soort"])
    return await _show_letter(request, kind, is_unknown=kind is None)


def _read_kind(given: str) -> LetterKind | None:
    given = given.strip().lower()
    return LetterKind(given) if given in set(LetterKind) else None


async def _show_letter(request: Request, kind: LetterKind | None, *, is_unknown: bool) -> Response:
    pool, labels = await open_labels(request)
    detail = await _find_sensor(request, pool)
    sensor = detail.feature["properties"]
    return render_page(
        request,
        "website/sensor/letter.html",
        status=404 if is_unknown else 200,
        # A letter has the day on which it is written.
        headers=CACHE_CONTROL,
        sensor=make_list_row(sensor, labels),
        choices=[
            (
                each.value,
                labels.render(letter_texts.KIND_NAMES[each.name]),
                labels.render(letter_texts.KIND_EXPLANATIONS[each.name]),
            )
            for each in LetterKind
        ],
        kind=kind.value if kind else None,
        letter=await _write_letter(pool, kind, detail, labels) if kind else None,
        remark=find_remark(sensor, kind, labels),
        problem=labels.render(letter_texts.UNKNOWN_KIND) if is_unknown else None,
    )


async def _find_sensor(request: Request, pool: ReadPool) -> SensorDetail:
    """The sensor of the address, its number typed in any way. Raises: NotFound."""
    code = tidy_code(request.path_params["public_code"])
    detail = await read_sensor_detail(pool, code, dutch_date()) if is_public_code(code) else None
    if detail is None:
        raise NotFound(explain_code(code))
    return detail


async def _make_label(request: Request, pool: ReadPool, detail: SensorDetail, labels: Labels) -> Label:
    sensor = detail.feature["properties"]
    owner = await find_contact(pool, sensor["owner"])
    return make_label(sensor, owner, get_app_state(request).public_url, labels)


async def _write_letter(pool: ReadPool, kind: LetterKind, detail: SensorDetail, labels: Labels) -> Letter:
    sensor = detail.feature["properties"]
    controller = await find_contact(pool, sensor.get("controller", sensor["owner"]))
    # The organisation that gets the letter reads Dutch; English pages explain it.
    return write_letter(kind, sensor, controller, dutch_date(), replace(labels, language="nl"))


async def _send_pdf(  # noqa: PLR0913 - a document and its headers
    request: Request,
    template: str,
    content: Label | Letter,
    name: str,
    *,
    picture: str = "",
    language: Language | None = None,
) -> Response:
    renderer = get_app_state(request).get_cache(PdfRenderer, PdfRenderer)
    document = await renderer.render(template, asdict(content), dutch_date(), picture)
    headers = CACHE_CONTROL | {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Content-Language": language or page_language(request),
    }
    return Response(document, media_type="application/pdf", headers=headers)
