"""Items as pages for people: a table with a form to search it, and one feature with all that it says.

They work without JavaScript: a form sends what was filled in as the query of the same address.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.core.http.negotiation import prefers_html
from app.core.i18n import Language, LocalizedText
from app.core.templates import page_language, page_path, render_page
from app.features.collection_properties import PROPERTIES_OF
from app.features.collections import GEOJSON, Collection
from app.features.item_parameters import MAX_STREAMED
from app.features.items import CACHE, Paging
from app.sensors.presentation import FormattedValue, Labels, format_value, label_property
from app.sensors.search.reference_data import ReferenceData
from app.spatial.crs import Crs

_SENSOR_COLUMNS: Final = (
    "publicCode", "name", "sensorType", "measures", "ownerName", "municipalityCode", "personalData",
    "operationalStatus",
)  # fmt: skip
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "sensors": _SENSOR_COLUMNS,
    "observed-areas": (_SENSOR_COLUMNS[0], "areaKind", *_SENSOR_COLUMNS[1:]),
    "municipalities": ("code", "name", "province"),
}
"""What a table shows unless it is asked for other properties."""

CHOICES: Final = ("sensorType", "smartCityTheme", "personalData", "operationalStatus")
"""The lists from which a form of sensors lets choose one."""

_MUNICIPALITY: Final = LocalizedText("Gemeente", "Municipality")
_WORDS: Final = LocalizedText("Woorden in de omschrijving", "Words in the description")
_SORT: Final = LocalizedText("Sorteer op", "Sort by")
_DESCENDING: Final = LocalizedText("aflopend", "descending")
_FILES: Final = {
    "xlsx": LocalizedText("Excel", "Excel"),
    "csv": LocalizedText("CSV, voor een rekenblad", "CSV, for a spreadsheet"),
    "geopackage": LocalizedText("GeoPackage, voor QGIS en ArcGIS", "GeoPackage, for QGIS and ArcGIS"),
    "flatgeobuf": LocalizedText("FlatGeobuf", "FlatGeobuf"),
    "geoparquet": LocalizedText("GeoParquet, voor analyse", "GeoParquet, for analysis"),
    "json-seq": LocalizedText("GeoJSON, een regel per kenmerk", "GeoJSON, one line a feature"),
}
"""The formats in which a whole search can be taken along."""


@dataclass(frozen=True, slots=True)
class FormEntry:
    """One field of a form: with `options` (value and label) a choice, else a text; `names` are offered for it."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRow:
    """One feature in a table: the address of its page and what the link is called, then its values."""

    href: str
    name: str
    cells: tuple[FormattedValue, ...]


def clean_form(request: Request) -> Response | None:
    """Where a form led that left fields empty: the same address without those; None when nothing is empty."""
    query: bytes = request.scope["query_string"]
    if not (query.endswith(b"=") or b"=&" in query):
        return None
    given = parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True)
    asked = dict(given).get("f")
    if asked != "html" and (asked is not None or not prefers_html(request.headers.get("accept"))):
        return None
    filled = urlencode([(name, value) for name, value in given if value])
    return RedirectResponse(f"{request.url.path}?{filled}" if filled else request.url.path, 303)


def show_items(  # noqa: PLR0913, PLR0917 - what a page of features consists of
    request: Request,
    collection: Collection,
    paging: Paging,
    features: bytes,
    matched: int | None,
    reference_data: ReferenceData,
    headers: Mapping[str, str],
) -> Response:
    """A page of features as a table, with a form that searches them."""
    language = page_language(request)
    labels = Labels(language, reference_data.vocabularies, reference_data.directory)
    asked = dict(parse_qsl(paging.canonical))
    by_name = PROPERTIES_OF[collection.id].by_name
    shown = tuple(asked["properties"].split(",")) if "properties" in asked else COLUMNS[collection.id]
    if "near" in asked and "properties" not in asked and collection.id == "sensors":
        shown = (*shown, "distanceM")
    here = request.url.path
    f = paging.f
    whole = replace(paging, limit=MAX_STREAMED, cursor=None)
    rows = [
        PageRow(
            f"{here}/{feature['id']}{'?f=html' if f else ''}",
            feature["properties"].get("publicCode") or str(feature["id"]),
            tuple(
                format_value(by_name[name], feature["properties"].get(name), labels)
                for name in shown
                if name not in _NAMES
            ),
        )
        for feature in json.loads(b"[%b]" % features)
    ]
    entries = tuple(_list_entries(collection, asked, reference_data, language))
    taken = {entry.name for entry in entries}
    kept = [(name, value) for name, value in asked.items() if name not in taken]
    return render_page(
        request,
        "api/items.html",
        headers={**headers, **_page_headers(paging.write_address(here, f="json"))},
        collection=collection,
        title=collection.title.render(language),
        first=next((by_name[name].label.render(language) for name in shown if name in _NAMES), None)
        or LocalizedText("Kenmerk", "Identifier").render(language),
        labels=[label_property(name, by_name[name].label, language) for name in shown if name not in _NAMES],
        rows=rows,
        matched=matched,
        entries=entries,
        kept=[*kept, *([("f", f)] if f else [])],
        is_asked=bool(asked),
        plain=f"{here}{'?f=html' if f else ''}",
        following=paging.write_following(here),
        as_json=paging.write_address(here, f="json"),
        downloads=[
            (label.render(language), whole.write_address(here, f=name)) for name, label in _FILES.items()
        ],
        edition=reference_data.directory.edition_in_force,
    )


def show_item(  # noqa: PLR0913, PLR0917 - what a page of one feature consists of
    request: Request,
    collection: Collection,
    feature: bytes,
    crs: Crs,
    reference_data: ReferenceData,
    as_json: str,
) -> Response:
    """One feature with everything that it says, and where to read more."""
    language = page_language(request)
    labels = Labels(language, reference_data.vocabularies, reference_data.directory)
    described = json.loads(feature)
    values = described["properties"]
    facts = [
        (label_property(one.name, one.label, language), one.name, format_value(one, values[one.name], labels))
        for one in PROPERTIES_OF[collection.id].all
        if values.get(one.name) is not None
    ]
    geometry = described["geometry"]
    query = f"?{request.url.query}" if request.url.query else ""
    code = values.get("publicCode")
    return render_page(
        request,
        "api/item.html",
        headers={"Content-Crs": f"<{crs.uri}>", **_page_headers(as_json)},
        collection=collection,
        collection_title=collection.title.render(language),
        collection_href=f"/v1/collections/{collection.id}/items{'?f=html' if 'f=html' in query else ''}",
        title=values.get("name") or code or described["id"],
        code=code,
        facts=facts,
        place=geometry["coordinates"] if geometry and geometry["type"] == "Point" else None,
        geometry=geometry,
        crs=crs,
        sensor_page=page_path(f"/s/{quote(code)}", language) if code else None,
        as_json=as_json,
    )


_NAMES: Final = ("publicCode", "code")
"""What a row's link to the feature is called by."""


def _page_headers(as_json: str) -> dict[str, str]:
    alternate = f'<{as_json}>; rel="alternate"; type="{GEOJSON}"'
    return {"Cache-Control": CACHE, "Vary": "Accept", "Link": alternate}


def _list_entries(
    collection: Collection, asked: Mapping[str, str], reference_data: ReferenceData, language: Language
) -> Iterator[FormEntry]:
    """The fields of the form that searches a collection."""
    properties = PROPERTIES_OF[collection.id]
    if collection.id == "municipalities":
        for name in properties.queryable:
            yield FormEntry(name, properties.by_name[name].label.render(language), asked.get(name, ""))
    else:
        names = tuple(sorted(one.name for one in reference_data.directory.municipalities if one.in_force))
        municipality = asked.get("municipality", "")
        yield FormEntry("municipality", _MUNICIPALITY.render(language), municipality, names=names)
        yield FormEntry("q", _WORDS.render(language), asked.get("q", ""))
        for name in CHOICES:
            terms = reference_data.vocabularies.labels(name).items()
            options = tuple((code, label.render(language)) for code, label in terms)
            yield FormEntry(
                name,
                label_property(name, properties.by_name[name].label, language),
                asked.get(name, ""),
                options=options,
            )
    yield FormEntry(
        "sortby",
        _SORT.render(language),
        asked.get("sortby", "").lstrip("+ "),
        options=tuple(
            (sign + name, properties.by_name[name].label.render(language) + turned)
            for name in properties.sortable
            for sign, turned in (("", ""), ("-", f" ({_DESCENDING.render(language)})"))
        ),
    )
