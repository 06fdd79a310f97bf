"""The form of filters, and the filters chosen: words and addresses for the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.formatting import format_date
from app.sensors.presentation import Labels
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.operational_status import STATUS_PROPERTY
from app.sensors.search.parameter_labels import FACET_LABELS, PARAMETER_LABELS
from app.statistics.labels import StatisticsLabels
from app.website.listing.facets import FACETS, Counts, FacetCounts
from app.website.listing.list_query import CHOICES, ListQuery
from app.website.listing.page_address import PageAddress

MAX_OPTIONS: Final = 30
"""Most values of a filter that are offered: owners are hundreds."""

_FORM_FIELDS: Final = frozenset({*FACET_LABELS, "municipality", "asOf", "q", "sortby"})
_NO_CHOICES: Final = frozenset({"sortby", "bbox-crs", "nearCrs", "coversCrs", "filter-lang", "filter-crs"})
"""Parameters that choose no sensors by themselves."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter; `count` is None when it was not counted."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with the values to choose from; `left_out` is the number of values not offered.

    `overlaps` tells that a sensor counts for several values, so that they add up to more than there are sensors.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    left_out: int
    overlaps: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that was chosen, and the address without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The form: filters, the other fields with their values, and the parameters that it has no field for."""

    facets: tuple[Facet, ...]
    provinces: Facet
    chips: tuple[Chip, ...]
    municipality: str
    words: str
    as_of: str
    sort: str
    hidden: tuple[tuple[str, str], ...]


def describe_filters(
    query: ListQuery, counts: FacetCounts, names: StatisticsLabels, labels: Labels, address: PageAddress
) -> FilterForm:
    """The form of a query, and the chips that remove one filter each from `address`."""
    facets = {name: _describe_facet(name, query, counts, names, labels) for name in FACETS}
    provinces = facets.pop("province")
    return FilterForm(
        facets=tuple(facet for facet in facets.values() if facet.options),
        provinces=provinces,
        chips=tuple(_list_chips(query, names, labels, address)),
        municipality=query.municipality.name if query.municipality else "",
        words=query.given.get("q", ""),
        as_of=query.given.get("asOf", "")[:10],
        sort=query.given.get("sortby", ""),
        hidden=tuple((name, text) for name, text in sorted(query.given.items()) if name not in _FORM_FIELDS),
    )


def _describe_facet(
    name: str, query: ListQuery, counts: FacetCounts, names: StatisticsLabels, labels: Labels
) -> Facet:
    dimension = FACETS[name]
    chosen = _list_chosen(name, query)
    counted: Counts | None = counts.by_parameter[name] if counts.by_parameter is not None else None
    values = dict.fromkeys([*chosen, *(counted or _list_all(dimension, names))])
    if dimension is Dimension.OWNER:
        ranked = sorted(values, key=lambda value: (value not in chosen, -(counted or {}).get(value, 0)))
    else:
        ranked = sorted(values, key=lambda value: names.rank(dimension, value))
    options = tuple(
        Option(
            value,
            labels.render(names.name_value(dimension, value)),
            counted.get(value, 0) if counted is not None else None,
            value in chosen,
        )
        for value in ranked[:MAX_OPTIONS]
    )
    return Facet(
        name,
        labels.render(FACET_LABELS[name]),
        options,
        max(0, len(ranked) - MAX_OPTIONS),
        SOURCES[dimension].overlaps and bool(counted),
    )


def _list_all(dimension: Dimension, names: StatisticsLabels) -> list[str]:
    """The values of a closed list, for when counting took too long."""
    vocabulary = FACETS_VOCABULARIES.get(dimension)
    return list(names.reference_data.vocabularies.labels(vocabulary)) if vocabulary else []


FACETS_VOCABULARIES: Final = {
    Dimension.SENSOR_TYPE: "sensorType",
    Dimension.SMART_CITY_THEME: "smartCityTheme",
    Dimension.PERSONAL_DATA: "personalData",
    Dimension.LEGAL_GROUND: "gdprBases",
    Dimension.OPERATIONAL_STATUS: "operationalStatus",
    Dimension.MOBILITY: "mobility",
}


def _list_chosen(name: str, query: ListQuery) -> tuple[str, ...]:
    if name == "province":
        return (query.base.province.code,) if query.base.province else ()
    if name == STATUS_PROPERTY:
        return tuple(query.base.statuses)
    return tuple(str(value) for value in query.base.values.get(name, ()))


def _list_chips(
    query: ListQuery, names: StatisticsLabels, labels: Labels, address: PageAddress
) -> list[Chip]:
    chips = []
    for name, text in query.given.items():
        if name in _NO_CHOICES or (name == "radius" and "near" in query.given):
            continue
        values = text.split(",") if name in CHOICES else [text]
        for value in values:
            removed = (
                address.without(name, value) if name in CHOICES else address.at(address.path, **{name: None})
            )
            if name == "near":
                removed = removed.at(removed.path, radius=None, nearCrs=None)
            chips.append(
                Chip(name_parameter(name, labels), _word(name, value, query, names, labels), str(removed))
            )
    return chips


def name_parameter(name: str, labels: Labels) -> str:
    """The label of a parameter; its own name where nothing has a label for it."""
    return labels.render(PARAMETER_LABELS[name]) if name in PARAMETER_LABELS else name


def _word(name: str, value: str, query: ListQuery, names: StatisticsLabels, labels: Labels) -> str:
    if name == "municipality" and query.municipality:
        return query.municipality.name
    if name == "province" and query.base.province:
        value = query.base.province.code
    if name in FACETS:
        return labels.render(names.name_value(FACETS[name], value))
    if name == "asOf" and query.base.as_of:
        return format_date(query.base.today.isoformat(), labels.language)
    return _word_property(name, value, labels)


def _word_property(name: str, value: str, labels: Labels) -> str:
    vocabularies: Mapping[str, Any] = labels.vocabularies.by_name
    return labels.name_term(name, value) if name in vocabularies else value
