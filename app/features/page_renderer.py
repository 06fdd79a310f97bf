"""Answers as pages for people: a table with a search form, and one feature with all of its values.

The pages work without JavaScript: a form sends its fields as the query of the same address.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.responses import Response

from app.core.http.negotiation import prefers_html
from app.core.i18n import Language, LocalizedText
from app.core.site_path import site_path
from app.core.templates import page_path, render_api_page
from app.features.answers import FeaturePage, SingleFeature
from app.features.collection_properties import PROPERTIES_OF
from app.features.collections import GEOJSON, QUERYABLES, SCHEMA, Collection
from app.features.geojson_renderer import CACHE, format_feature_address
from app.features.item_parameters import MAX_STREAMED
from app.features.page_map import make_feature_map, make_search_map
from app.features.request_context import RequestContext
from app.sensors.presentation import FormattedValue, Labels, format_value, label_property
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.sensor_search import SensorSearch
from app.spatial.crs import Crs

_SENSOR_COLUMNS: Final = (
    "publicCode", "name", "sensorType", "measures", "ownerName", "municipalityName", "personalData",
    "operationalStatus",
)  # fmt: skip
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "sensors": _SENSOR_COLUMNS,
    "observed-areas": (_SENSOR_COLUMNS[0], "areaKind", *_SENSOR_COLUMNS[1:]),
    "municipalities": ("code", "name", "province"),
}
"""Columns of a table without `properties`."""

CHOICES: Final = ("sensorType", "smartCityTheme", "personalData", "operationalStatus")
"""Properties with a list of choices in the form of sensors."""

_MUNICIPALITY: Final = LocalizedText("Gemeente", "Municipality")
_WORDS: Final = LocalizedText("Woorden in de omschrijving", "Words in the description")
_SORT: Final = LocalizedText("Sorteer op", "Sort by")
_DESCENDING: Final = LocalizedText("aflopend", "descending")
FILES: Final = {
    "xlsx": LocalizedText("Excel", "Excel"),
    "csv": LocalizedText("CSV, voor een rekenblad", "CSV, for a spreadsheet"),
    "geopackage": LocalizedText("GeoPackage, voor QGIS en ArcGIS", "GeoPackage, for QGIS and ArcGIS"),
    "flatgeobuf": LocalizedText("FlatGeobuf", "FlatGeobuf"),
    "geoparquet": LocalizedText("GeoParquet, voor analyse", "GeoParquet, for analysis"),
    "json-seq": LocalizedText("GeoJSON, een regel per kenmerk", "GeoJSON, one line a feature"),
}
"""Formats in which a whole search can be downloaded."""


@dataclass(frozen=True, slots=True)
class FormEntry:
    """One field of a form: a choice when it has `options` (value and label), else a text with suggested `names`."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRow:
    """One feature in a table: the address of its page, the text of the link, and the values."""

    href: str
    name: str
    cells: tuple[FormattedValue, ...]


def find_filled_address(context: RequestContext, query_string: bytes, accept: str | None) -> str | None:
    """The address of a form without its empty fields; None when no field is empty or no page is asked for."""
    if not (query_string.endswith(b"=") or b"=&" in query_string):
        return None
    given = parse_qsl(query_string.decode("utf-8", "replace"), keep_blank_values=True)
    f = dict(given).get("f")
    if f != "html" and (f is not None or not prefers_html(accept)):
        return None
    filled = urlencode([(name, value) for name, value in given if value])
    here = site_path(context.path)
    return f"{here}?{filled}" if filled else here


def render_items_page(page: FeaturePage, context: RequestContext, reference_data: ReferenceData) -> Response:
    """A page of features as a table, with a form that searches them."""
    collection, paging, language = page.collection, page.paging, context.language
    labels = Labels(language, reference_data.vocabularies, reference_data.directory)
    given = dict(parse_qsl(paging.canonical))
    by_name = PROPERTIES_OF[collection.id].by_name
    columns = _choose_columns(collection, given)
    here, f = site_path(context.path), paging.f
    rows = [
        PageRow(
            f"{here}/{feature['id']}{'?f=html' if f else ''}",
            feature["properties"].get("publicCode") or str(feature["id"]),
            tuple(
                format_value(by_name[name], feature["properties"].get(name), labels)
                for name in columns
                if name not in _LINKED_COLUMNS
            ),
        )
        for feature in json.loads(b"[%b]" % page.features)
    ]
    entries = tuple(_list_entries(collection, given, reference_data, language))
    in_form = {entry.name for entry in entries}
    hidden = [(name, value) for name, value in given.items() if name not in in_form]
    whole = replace(paging, limit=MAX_STREAMED, cursor=None)
    as_json = paging.format_address(here, f="json")
    linked = next((by_name[name].label for name in columns if name in _LINKED_COLUMNS), _IDENTIFIER)
    return render_api_page(
        "api/items.html",
        language=language,
        path=context.path,
        query_string=context.query_string,
        headers=_make_page_headers(
            page.search.crs, as_json, queryables=f"{here.removesuffix('/items')}/queryables"
        ),
        collection=collection,
        title=collection.title.render(language),
        first=linked.render(language),
        labels=[
            label_property(name, by_name[name].label, language)
            for name in columns
            if name not in _LINKED_COLUMNS
        ],
        rows=rows,
        matched=page.number_matched,
        entries=entries,
        hidden_fields=[*hidden, *([("f", f)] if f else [])],
        is_asked=bool(given),
        plain=f"{here}{'?f=html' if f else ''}",
        following=paging.format_following(here),
        as_json=as_json,
        downloads=[
            (label.render(language), whole.format_address(here, f=name)) for name, label in FILES.items()
        ],
        edition=reference_data.directory.edition_in_force,
        map=(
            make_search_map(page.search, given, reference_data.directory)
            if isinstance(page.search, SensorSearch)
            else None
        ),
    )


def render_item_page(
    answer: SingleFeature, context: RequestContext, reference_data: ReferenceData
) -> Response:
    """One feature with all of its values, and links to its other forms."""
    language, collection = context.language, answer.collection
    labels = Labels(language, reference_data.vocabularies, reference_data.directory)
    feature = json.loads(answer.feature)
    values, geometry = feature["properties"], feature["geometry"]
    facts = [
        (label_property(one.name, one.label, language), one.name, format_value(one, values[one.name], labels))
        for one in PROPERTIES_OF[collection.id].all
        if values.get(one.name) is not None
    ]
    code = values.get("publicCode")
    as_json = format_feature_address(answer, context, f="json")
    return render_api_page(
        "api/item.html",
        language=language,
        path=context.path,
        query_string=context.query_string,
        headers=_make_page_headers(answer.query.crs, as_json),
        collection=collection,
        collection_title=collection.title.render(language),
        collection_href=site_path(
            f"/v1/collections/{collection.id}/items{'?f=html' if answer.query.f == 'html' else ''}"
        ),
        title=values.get("name") or code or feature["id"],
        code=code,
        facts=facts,
        place=geometry["coordinates"] if geometry and geometry["type"] == "Point" else None,
        geometry=geometry,
        map=make_feature_map(feature, answer.query.crs, _find_moment(context)),
        crs=answer.query.crs,
        sensor_page=page_path(f"/s/{quote(code)}", language) if code else None,
        as_json=as_json,
    )


def _find_moment(context: RequestContext) -> str | None:
    return dict(parse_qsl(context.query_string)).get("asOf")


_LINKED_COLUMNS: Final = ("publicCode", "code")
"""The properties that are the text of a row's link to its feature."""
_IDENTIFIER: Final = LocalizedText("Kenmerk", "Identifier")


def _choose_columns(collection: Collection, given: Mapping[str, str]) -> tuple[str, ...]:
    if "properties" in given:
        return tuple(given["properties"].split(","))
    distance = ("distanceM",) if "near" in given and collection.id == "sensors" else ()
    return (*COLUMNS[collection.id], *distance)


def _make_page_headers(crs: Crs, as_json: str, queryables: str | None = None) -> dict[str, str]:
    links = [f'<{as_json}>; rel="alternate"; type="{GEOJSON}"']
    if queryables:
        links.append(f'<{queryables}>; rel="{QUERYABLES}"; type="{SCHEMA}"')
    return {"Content-Crs": f"<{crs.uri}>", "Cache-Control": CACHE, "Vary": "Accept", "Link": ", ".join(links)}


def _list_entries(
    collection: Collection, given: Mapping[str, str], reference_data: ReferenceData, language: Language
) -> Iterator[FormEntry]:
    """The fields of the search form of a collection."""
    properties = PROPERTIES_OF[collection.id]
    if collection.id == "municipalities":
        for name in properties.queryable:
            yield FormEntry(name, properties.by_name[name].label.render(language), given.get(name, ""))
    else:
        names = tuple(sorted(one.name for one in reference_data.directory.municipalities if one.in_force))
        municipality = given.get("municipality", "")
        yield FormEntry("municipality", _MUNICIPALITY.render(language), municipality, names=names)
        yield FormEntry("q", _WORDS.render(language), given.get("q", ""))
        for name in CHOICES:
            terms = reference_data.vocabularies.labels(name).items()
            options = tuple((code, label.render(language)) for code, label in terms)
            yield FormEntry(
                name,
                label_property(name, properties.by_name[name].label, language),
                given.get(name, ""),
                options=options,
            )
    yield FormEntry(
        "sortby",
        _SORT.render(language),
        given.get("sortby", "").lstrip("+ "),
        options=tuple(
            (sign + name, properties.by_name[name].label.render(language) + turned)
            for name in properties.sortable
            for sign, turned in (("", ""), ("-", f" ({_DESCENDING.render(language)})"))
        ),
    )
