"""Pages of figures."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.templates import page_language, page_path, render_page
from app.municipalities.provinces import find_province
from app.organisations.public_contact import find_contact
from app.places.page_paths import write_identified_path, write_subject_path
from app.reports.report_counts import read_sum
from app.sensors.presentation import Labels
from app.sensors.search.dimensions import Dimension
from app.sensors.search.reference_data import get_reference_data
from app.statistics.coverage import read_coverage
from app.statistics.queries import read_each_count
from app.statistics.register_start import find_later_start
from app.website.figures.areas import (
    Area,
    choose_names,
    describe_country,
    describe_kind,
    describe_municipality,
    describe_organisation,
    describe_province,
    find_kind,
    find_subtype,
    is_identifier,
    list_kinds_like,
)
from app.website.figures.charts import CHART_HEIGHT, CHART_WIDTH
from app.website.figures.density_map import VIEW_BOX, DensityMap, draw_municipalities, draw_provinces
from app.website.figures.kinds import explain_kind
from app.website.figures.moment import AS_OF, PageMoment, read_moment
from app.website.figures.queries import list_answers, list_organisation_names, read_outlines
from app.website.figures.summary import Figures, read_figures
from app.website.figures.unknown_names import refuse_kind, refuse_organisation, refuse_province
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels

MAX_NAME_LENGTH: Final = 200
MARGIN: Final = 0.02
"""Degrees around a municipality on its map."""
KNOWN_PARAMETERS: Final = ("kaart", "voorheen", "voorbeeld")
"""Parameters besides `asOf`: what the map shows, and what led here, a former municipality or a subtype."""

router = PageRouter()


@router.page("/cijfers")
async def show_country(request: Request) -> Response:
    """The figures of the country, with its map by municipality."""
    _, labels = await open_labels(request)
    figures = await _read(request, describe_country(dutch_date()), labels)
    return await _show(request, labels, figures, density=await _draw_map(request, labels, figures))


@router.page("/gemeente/{name}")
async def show_municipality(request: Request) -> Response:
    """The figures of a municipality; a name that several share leads to a choice, a former one to its successor."""
    _, labels = await open_labels(request)
    asked = request.path_params["name"][:MAX_NAME_LENGTH]
    alike = labels.directory.list_named(asked)
    if len(alike) > 1:
        options = [
            (one.name, one.province or one.code, write_identified_path("municipality", code=one.code.lower()))
            for one in alike
        ]
        return _show_choice(request, asked, options)
    found = labels.directory.get_municipality(asked, where="path", location="name")
    if found.successor is not None:
        successor = write_subject_path("municipality", name=found.successor.name)
        return _redirect(request, successor, {"voorheen": found.code})
    area = describe_municipality(found, dutch_date())
    if write_identified_path("municipality", code=asked) != area.path:
        return _redirect(request, area.path, {})
    former = request.query_params.get("voorheen", "")[:MAX_NAME_LENGTH]
    replaced = next(
        (one for one in labels.directory.municipalities if one.code == former and one.successor), None
    )
    figures, coverage = await asyncio.gather(
        _read(request, area, labels), read_coverage(get_app_state(request), found.code)
    )
    west, south, east, north = found.extent
    bounds = (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    return await _show(request, labels, figures, replaced=replaced, coverage=coverage, bounds=bounds)


@router.page("/provincie/{name}")
async def show_province(request: Request) -> Response:
    """The figures of a province."""
    _, labels = await open_labels(request)
    province = find_province(request.path_params["name"][:MAX_NAME_LENGTH].replace("-", " "))
    if province is None:
        raise refuse_province(request.path_params["name"][:MAX_NAME_LENGTH])
    area = describe_province(province, labels.directory, dutch_date())
    if write_identified_path("province", code=request.path_params["name"]) != area.path:
        return _redirect(request, area.path, {})
    figures = await _read(request, area, labels)
    return await _show(request, labels, figures, density=await _draw_map(request, labels, figures))


@router.page("/organisatie/{name}")
async def show_organisation(request: Request) -> Response:
    """The figures of an organisation with a public name, and its contact."""
    pool, labels = await open_labels(request)
    asked = request.path_params["name"][:MAX_NAME_LENGTH]
    identifier = UUID(asked) if is_identifier(asked) else None
    names = await list_organisation_names(pool, identifier)
    alike = choose_names(asked, names)
    if not alike:
        raise refuse_organisation(asked, names)
    if len(alike) > 1:
        return _show_choice(
            request,
            asked,
            [(name, each, write_identified_path("organisation", code=each)) for each, name in alike],
        )
    organisation_id, name = alike[0]
    asked_path = write_identified_path("organisation", code=asked)
    path = asked_path if identifier else write_subject_path("organisation", name=name)
    if asked_path != path:
        return _redirect(request, path, {})
    area = describe_organisation(organisation_id, name, path, dutch_date())
    figures = await _read(request, area, labels)
    contact = await find_contact(pool, organisation_id)
    return await _show(
        request,
        labels,
        figures,
        contact=contact,
        answers=await list_answers(pool, organisation_id),
        density=await _draw_map(request, labels, figures),
    )


@router.page("/soort/{name}")
async def show_kind(request: Request) -> Response:
    """The figures of a kind of sensor, and what it is."""
    _, labels = await open_labels(request)
    asked = request.path_params["name"][:MAX_NAME_LENGTH]
    term = find_kind(asked, labels.vocabularies)
    if term is None:
        alike = list_kinds_like(asked.replace("-", " "), labels.vocabularies)
        if not alike:
            raise refuse_kind(asked, labels.vocabularies)
        if len(alike) > 1:
            options = [
                (labels.render(one.label), one.code, write_identified_path("kind", code=one.code))
                for one in alike
            ]
            return _show_choice(request, asked, options)
        [term] = alike
    area = describe_kind(term, dutch_date())
    if write_identified_path("kind", code=request.path_params["name"]) != area.path:
        subtype = find_subtype(asked, labels.vocabularies)
        return _redirect(request, area.path, {"voorbeeld": subtype.code} if subtype else {})
    figures = await _read(request, area, labels)
    density = await _draw_map(request, labels, figures)
    asked_subtype = labels.vocabularies.by_name["sensorSubtype"].terms.get(
        request.query_params.get("voorbeeld", "")
    )
    is_example = asked_subtype is not None and asked_subtype.parent == term.code
    return await _show(
        request,
        labels,
        figures,
        density=density,
        explained=explain_kind(term, labels),
        example=explain_kind(asked_subtype, labels) if asked_subtype and is_example else None,
    )


@router.page("/overzicht-nodig")
async def show_overview(request: Request) -> Response:
    """The question whether government should have an overview of sensors, with the numbers of today."""
    _, labels = await open_labels(request)
    figures = await _read(request, describe_country(dutch_date()), labels)
    by_municipality = figures.counts[Dimension.MUNICIPALITY]
    with_sensors = sum(row.values[0] is not None for row in by_municipality)
    return render_page(
        request,
        "website/figures/overview.html",
        headers=CACHE_CONTROL,
        figures=figures,
        with_sensors=with_sensors,
        without_sensors=len(labels.municipality_names) - with_sensors,
    )


def _read_moment(request: Request) -> PageMoment:
    return read_moment(request.query_params, KNOWN_PARAMETERS)


async def _read(request: Request, area: Area, labels: Labels) -> Figures:
    """The figures of an area at the moment of the address."""
    state = get_app_state(request)
    return await read_figures(state, area.at(_read_moment(request)), await get_reference_data(state), labels)


async def _draw_map(request: Request, labels: Labels, figures: Figures) -> DensityMap:
    """The map by municipality, or by province where the address asks for it."""
    outlines = await read_outlines(get_app_state(request).read_pool, labels)
    in_force = [one for one in labels.directory.municipalities if one.in_force]
    if (province := figures.area.search.province) is not None:
        in_force = [one for one in in_force if one.code in province.municipality_codes]
    elif request.query_params.get("kaart") == "provincie":
        return draw_provinces(outlines, in_force, figures.counts[Dimension.PROVINCE])
    return draw_municipalities(outlines, in_force, figures.counts[Dimension.MUNICIPALITY])


async def _show(
    request: Request,
    labels: Labels,
    figures: Figures,
    **more: Any,
) -> Response:
    start = await find_later_start(get_app_state(request), figures.area.search)
    state = get_app_state(request)
    country = describe_country(dutch_date()).search
    whole = figures.total or (await read_each_count(state, country, (Dimension.OPERATIONAL_STATUS,))).total
    absent: dict[str, Any] = dict.fromkeys(
        ("density", "replaced", "coverage", "contact", "answers", "explained", "example", "bounds", "reports")
    )
    if figures.area.subject in ("country", "municipality") and not figures.area.as_of:
        more["reports"] = await read_sum(state.read_pool, figures.area.code)
    return render_page(
        request,
        "website/figures/area.html",
        headers=CACHE_CONTROL,
        figures=figures,
        name=labels.render(figures.area.name),
        notices=[labels.render(notice) for notice in _read_moment(request).notices],
        start=start,
        whole=whole,
        today=dutch_date().isoformat(),
        map_choice=request.query_params.get("kaart", "")[:20],
        edition=labels.directory.edition_in_force,
        view_box=VIEW_BOX,
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
        **absent | more,
    )


def _show_choice(request: Request, asked: str, options: Sequence[tuple[str, str, str]]) -> Response:
    return render_page(
        request,
        "website/figures/choice.html",
        status=300,
        headers=CACHE_CONTROL,
        asked=asked,
        options=options,
    )


def _redirect(request: Request, path: str, query: dict[str, str]) -> Response:
    address = page_path(quote(path), page_language(request))
    query = {name: value for name, value in request.query_params.items() if name in (AS_OF, "kaart")} | query
    return RedirectResponse(f"{address}?{urlencode(query)}" if query else address, 302)
