"""Query plans on 100,000 sensors: every kind of search uses an index."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import psycopg
import pytest

from app.core.clock import dutch_date
from app.sensors.search.area_pages import compile_areas
from app.sensors.search.conditions import bind_search
from app.sensors.search.filter_parser import parse_sensor_filter
from app.sensors.search.operational_status import OperationalStatus
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import MunicipalityScope, Near, SensorSearch, SortKey, Spot
from app.sensors.search.statements import compile_page
from app.spatial.bbox import Bbox
from app.spatial.crs import Crs

pytestmark = pytest.mark.slow

TODAY = dutch_date()
CITY = Bbox(4.8, 52.3, 5.0, 52.42)


@dataclass(frozen=True)
class Filtered:
    """Make a search with a filter, which is parsed when the grid of RD is available."""

    text: str
    crs: Crs = Crs.CRS84
    search: SensorSearch = field(default_factory=lambda: SensorSearch(TODAY))

    def read(self) -> SensorSearch:
        return replace(self.search, filter=parse_sensor_filter(self.text, "cql2-text", self.crs)[0])


SEARCHES: dict[str, tuple[SensorSearch | Filtered, str]] = {
    "box": (SensorSearch(TODAY, bbox=Bbox(4.885, 52.366, 4.9, 52.375)), "ix_published_sensor_sort_key"),
    "box across the dateline": (
        SensorSearch(TODAY, bbox=Bbox(170, 50, 5, 54)),
        "ix_published_sensor_sort_key",
    ),
    "box in RD": (
        SensorSearch(TODAY, bbox=Bbox(121_000, 487_000, 122_000, 488_000, Crs.RD), crs=Crs.RD),
        "ix_published_sensor_sort_key",
    ),
    "city": (SensorSearch(TODAY, bbox=CITY, limit=1000), "ix_published_sensor_sort_key"),
    "near": (SensorSearch(TODAY, near=Near(121_359, 487_362, 500)), "ix_published_sensor_sort_key"),
    "municipality": (
        SensorSearch(TODAY, municipality=MunicipalityScope("GM0363")),
        "uq_municipality_sensor_municipality_code_sort_key_id",
    ),
    "covers": (SensorSearch(TODAY, covers=Spot(121_359.0, 487_362.0)), "ix_published_area_area_rd"),
    "whole collection": (SensorSearch(TODAY), "ix_published_sensor_sort_key"),
    "type": (SensorSearch(TODAY, values={"sensorType": ("radio",)}), "ix_published_sensor_sensor_type"),
    "project": (SensorSearch(TODAY, values={"project": ("Project 7",)}), "ix_published_sensor_project"),
    "name": (SensorSearch(TODAY, values={"name": ("Sensor 77",)}), "ix_published_sensor_name"),
    "name of an owner": (
        SensorSearch(TODAY, values={"ownerName": ("Synthetic organisation 7",)}),
        "ix_published_sensor_owner_name",
    ),
    "name of a municipality": (
        SensorSearch(TODAY, values={"municipalityName": ("Urk",)}),
        "ix_published_sensor_municipality_name",
    ),
    "code of a municipality": (
        SensorSearch(TODAY, values={"municipalityCode": ("GM0184",)}),
        "ix_published_sensor_municipality_code",
    ),
    "code of a city": (
        SensorSearch(TODAY, values={"municipalityCode": ("GM0363",)}),
        "ix_published_sensor_municipality_code",
    ),
    "codes of two municipalities": (
        SensorSearch(TODAY, values={"municipalityCode": ("GM0184", "GM0059")}),
        "ix_published_sensor_municipality_code",
    ),
    "filter by the code of a municipality": (
        Filtered("municipalityCode = 'GM0184'"),
        "ix_published_sensor_municipality_code",
    ),
    "newest with personal data": (
        SensorSearch(
            TODAY, values={"personalData": ("yes",)}, order=(SortKey("placedFrom", descending=True),)
        ),
        "ix_published_sensor_placed_from",
    ),
    "in order of names": (SensorSearch(TODAY, order=(SortKey("name"),)), "ix_published_sensor_name"),
    "in order of municipalities": (
        SensorSearch(TODAY, order=(SortKey("municipalityName"),)),
        "ix_published_sensor_municipality_name",
    ),
    "reference": (
        SensorSearch(TODAY, values={"reference": ("synthetic-9",)}),
        "ix_published_sensor_reference",
    ),
    "registration number": (
        SensorSearch(TODAY, values={"publicCode": ("K7F3XQ3",)}),
        "uq_published_sensor_public_code",
    ),
    "type in a city": (
        SensorSearch(TODAY, bbox=CITY, values={"sensorType": ("radio",)}),
        "ix_published_sensor_(sort_key|sensor_type)",
    ),
    "type in a municipality": (
        SensorSearch(TODAY, municipality=MunicipalityScope("GM0363"), values={"sensorType": ("radio",)}),
        "uq_municipality_sensor_municipality_code_sort_key_id|ix_published_sensor_sensor_type",
    ),
    "removed": (
        SensorSearch(TODAY, statuses=(OperationalStatus.REMOVED,)),
        "ix_published_sensor_(removed_on|sort_key)",
    ),
    "filter by type": (Filtered("sensorType = 'radio'"), "ix_published_sensor_sensor_type"),
    "filter by types in a city": (
        Filtered(
            "sensorType IN ('radio', 'sound') AND openData = true", search=SensorSearch(TODAY, bbox=CITY)
        ),
        "ix_published_sensor_(sort_key|sensor_type)",
    ),
    "filter by reference": (Filtered("reference = 'synthetic-9'"), "ix_published_sensor_reference"),
    "filter by box": (
        Filtered("S_INTERSECTS(geometry, BBOX(4.885, 52.366, 4.89, 52.37)) AND sensorType = 'radio'"),
        "ix_published_sensor_(sort_key|sensor_type)",
    ),
    "filter by area in RD": (
        Filtered(
            "S_WITHIN(geometry, POLYGON((121000 487000, 121500 487000, 121000 487500, 121000 487000)))",
            Crs.RD,
        ),
        "ix_published_sensor_sort_key",
    ),
    "filter by a large area": (
        Filtered("S_INTERSECTS(geometry, POLYGON((4 51.4, 6 51.4, 5 53, 4 51.4)))"),
        "ix_published_sensor_sort_key",
    ),
    "filter by area or project": (
        Filtered(
            "S_INTERSECTS(geometry, POLYGON((4.88 52.36, 4.9 52.36, 4.89 52.38, 4.88 52.36)))"
            " OR project = 'Project 7'"
        ),
        "ix_published_sensor_sort_key",
    ),
    "filter by area in a municipality": (
        Filtered(
            "S_INTERSECTS(geometry, BBOX(4.885, 52.366, 4.89, 52.37))",
            search=SensorSearch(TODAY, municipality=MunicipalityScope("GM0363")),
        ),
        "uq_municipality_sensor_municipality_code_sort_key_id|ix_published_sensor_sort_key",
    ),
    "municipality of an older edition": (
        SensorSearch(TODAY, municipality=MunicipalityScope("GM0363", 2026)),
        "ix_published_sensor_sort_key",
    ),
    "filter by status": (
        Filtered("operationalStatus = 'removed'"),
        "ix_published_sensor_(removed_on|sort_key)",
    ),
    "long ago": (
        SensorSearch(TODAY, during=(date(1990, 1, 1), date(1990, 1, 2))),
        "ix_published_sensor_(placed_from|sort_key)",
    ),
    "words": (SensorSearch(TODAY, words="bijzonder zeldzaam"), "ix_published_sensor_words"),
    "in order of a date in a municipality": (
        SensorSearch(
            TODAY, municipality=MunicipalityScope("GM0363"), order=(SortKey("placedFrom", descending=True),)
        ),
        "uq_municipality_sensor_municipality_code_sort_key_id",
    ),
    "in order of a project in a box": (
        SensorSearch(TODAY, bbox=Bbox(4.885, 52.366, 4.9, 52.375), order=(SortKey("project"),)),
        "ix_published_sensor_sort_key",
    ),
    "in order of the last change": (
        SensorSearch(TODAY, order=(SortKey("updatedAt", descending=True),)),
        "ix_published_sensor_sort_key",
    ),
    "filter by height": (Filtered("heightM > 500"), "ix_published_sensor_sort_key"),
    "filter by the last change": (
        Filtered("updatedAt < TIMESTAMP('2020-01-01T00:00:00Z')"),
        "ix_published_sensor_updated_at",
    ),
    "as of": (
        SensorSearch(TODAY, as_of=datetime.now(UTC), bbox=CITY),
        "ix_published_sensor_sort_key",
    ),
}


def find_search(name: str) -> tuple[SensorSearch, str]:
    search, index = SEARCHES[name]
    return search.read() if isinstance(search, Filtered) else search, index


@pytest.mark.parametrize("name", SEARCHES)
def test_page_is_read_from_index(large_register: psycopg.Connection, name: str) -> None:
    search, index = find_search(name)
    shape = QueryShape.of(search)
    plan = explain(large_register, compile_page(shape, counted=True), search, prepare=shape.is_common)

    assert re.search(rf"using ({index})|on ({index})", plan), plan
    assert "Seq Scan on published" not in plan, plan
    assert "Seq Scan on municipality_sensor" not in plan, plan


@pytest.mark.parametrize("name", ["filter by area in RD", "filter by a large area"])
def test_geometry_in_filter_is_read_by_index_only_scan(large_register: psycopg.Connection, name: str) -> None:
    search, _ = find_search(name)
    shape = QueryShape.of(search)
    plan = explain(large_register, compile_page(shape, counted=True), search, prepare=False)
    found, features = plan.split("SubPlan", 1)

    assert "Index Only Scan using ix_published_sensor_sort_key" in found, plan
    assert "Scan on published_sensor" not in found, plan
    assert "Index Scan using pk_published_sensor on published_sensor feature" in features, plan


def test_areas_are_read_from_index(large_register: psycopg.Connection) -> None:
    for search in (
        SensorSearch(TODAY, bbox=Bbox(4.885, 52.366, 4.9, 52.375)),
        SensorSearch(TODAY, covers=Spot(121_359.0, 487_362.0)),
    ):
        plan = explain(large_register, compile_areas(QueryShape.of(search)), search, prepare=False)
        assert "ix_published_area_area" in plan, plan
        assert "Seq Scan on published" not in plan, plan


def explain(connection: psycopg.Connection, statement: str, search: SensorSearch, *, prepare: bool) -> str:
    """The plan of a public read: generic, or custom for these values."""
    mode = "force_generic_plan" if prepare else "force_custom_plan"
    connection.execute(f"SET plan_cache_mode = {mode}")
    rows = connection.execute(f"EXPLAIN (COSTS OFF) {statement}", bind_search(search), prepare=prepare)
    return "\n".join(row[0] for row in rows)
