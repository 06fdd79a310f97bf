"""The pages of text: explanations at `/uitleg`, and what every site has to say about itself."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.http.routing import Endpoint
from app.core.i18n import LocalizedText
from app.core.templates import page_language, render_page
from app.features.item_parameters import MAX_STREAMED
from app.features.page_renderer import FILES
from app.places.text_pages import PAGE_BY_PATH
from app.sensors.presentation import Labels
from app.website.operator import Operator
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels
from app.website.texts.explained_terms import explain_all, explain_kinds, explain_list

TEXTS: Final = ("over", "contact", "privacy", "toegankelijkheid", "beveiligingslek")
"""Paths of the pages whose only facts are the operator's; the template has the same name."""

TOPICS: Final[dict[str, Callable[[Labels], dict[str, Any]]]] = {
    "soorten": lambda labels: {"kinds": explain_kinds(labels, dutch_date())},
    "grondslagen": lambda labels: {
        "grounds": explain_list(labels, "gdprBases", dutch_date()),
        "personal_data": explain_list(labels, "personalData", dutch_date()),
    },
    "rechten": lambda _: {},
    "woorden": lambda labels: {"lists": explain_all(labels, dutch_date())},
}
"""The explanations by the last part of their path, with the context of the template of the same name."""

router = PageRouter()


def _add_text(name: str) -> None:
    async def show_text(request: Request) -> Response:
        return _render(request, name)

    endpoint: Endpoint = show_text
    router.page(f"/{name}")(endpoint)


for _name in TEXTS:
    _add_text(_name)


@router.page("/open-data")
async def show_open_data(request: Request) -> Response:
    return _render(request, "open-data", files=FILES.items(), limit=MAX_STREAMED)


@router.page("/uitleg")
async def show_explanations(request: Request) -> Response:
    return _render(request, "uitleg")


@router.page("/uitleg/{onderwerp}")
async def show_explanation(request: Request) -> Response:
    topic = request.path_params["onderwerp"]
    if topic not in TOPICS:
        raise NotFound(
            LocalizedText("Over dit onderwerp is er geen uitleg.", "There is no explanation of this topic.")
        )
    _, labels = await open_labels(request)
    return _render(request, topic, **TOPICS[topic](labels))


def _render(request: Request, name: str, **context: Any) -> Response:
    language = page_language(request)
    page = PAGE_BY_PATH[f"/uitleg/{name}" if name in TOPICS else f"/{name}"]
    return render_page(
        request,
        f"website/texts/{name}.html",
        headers=CACHE_CONTROL,
        operator=Operator.of_settings(get_app_state(request).settings, language),
        heading=page.title.render(language),
        part_titles={part.anchor: part.title.render(language) for part in page.parts},
        **context,
    )
