"""Parameters of a search: text to `SensorSearch`, and back."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.errors import InvalidRequest
from app.municipalities.queries import load_directory
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.parameters import format_search, parse_search_text
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.sensor_search import SORTABLE, SensorSearch
from app.spatial.crs import Crs
from app.vocabularies.queries import load_vocabularies
from tests.support.sensors import load_cities

PROPERTIES = ("name", "purpose", "sensorType")
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat)
LONGITUDES = st.floats(3.4, 7.1).map(lambda number: round(number, 7))
LATITUDES = st.floats(50.8, 53.5).map(lambda number: round(number, 7))
POSITIONS = st.tuples(LONGITUDES, LATITUDES).map(lambda place: f"{place[0]},{place[1]}")
BOXES = st.one_of(
    st.tuples(LONGITUDES, LATITUDES).map(
        lambda low: {"bbox": f"{low[0]},{low[1]},{low[0] + 0.1},{low[1] + 0.1}"}
    ),
    st.just({"bbox": "120000,486000.5,123000,488000", "bbox-crs": Crs.RD.uri}),
)
FILTERS = st.sampled_from(
    [
        {"filter": "sensorType = 'sound' AND heightM > 2.5"},
        {"filter": "S_INTERSECTS(geometry, POINT(121000 487000))", "filter-crs": Crs.RD.uri},
        {"filter": '{"op":"=","args":[{"property":"openData"},true]}', "filter-lang": "cql2-json"},
    ]
)
GIVEN: dict[str, st.SearchStrategy[str]] = {
    "municipality": st.sampled_from(["Amsterdam", "GM0363", "Utrecht"]),
    "covers": POSITIONS,
    "sensorType": st.sampled_from(["sound", "sound,radio"]),
    "openData": st.sampled_from(["true", "false", "1"]),
    "heightM": st.floats(0, 100).map(repr),
    "owner": st.uuids().map(str),
    "placedFrom": DAYS,
    "version": st.integers(1, 99).map(str),
    "updatedAt": st.just("2026-03-01T12:00:00.25+01:00"),
    "project": st.sampled_from(["Zorg", "Zorg, welzijn", "Crowdmonitoring/Centrum", "a&b=c d"]),
    "operationalStatus": st.lists(st.sampled_from(OPERATIONAL_STATUSES), min_size=1, unique=True).map(
        ",".join
    ),
    "datetime": st.one_of(DAYS, DAYS.map(lambda day: f"{day}/.."), DAYS.map(lambda day: f"../{day}")),
    "asOf": st.dates(date(2024, 1, 1), dutch_date() - timedelta(days=1)).map(date.isoformat),
    "q": st.sampled_from(["water", "camera dam & plein"]),
    "sortby": st.lists(st.sampled_from(list(SORTABLE)), min_size=1, max_size=3, unique=True).map(
        lambda names: ",".join(f"-{name}" for name in names)
    ),
    "crs": st.sampled_from([crs.uri for crs in Crs]),
    "properties": st.lists(st.sampled_from(PROPERTIES), min_size=1, unique=True).map(",".join),
    "skipGeometry": st.sampled_from(["true", "false"]),
}


@st.composite
def queries(draw: st.DrawFn) -> str:
    names = draw(st.sets(st.sampled_from(list(GIVEN))))
    parameters = {name: draw(GIVEN[name]) for name in names}
    parameters |= draw(st.one_of(st.just({}), BOXES)) | draw(st.one_of(st.just({}), FILTERS))
    if draw(st.booleans()):
        parameters |= {"near": draw(POSITIONS), "radius": draw(st.sampled_from(["500", "12.5"]))}
    return urlencode(parameters)


@pytest.fixture
def reference_data(session: Session) -> ReferenceData:
    load_cities(session)
    return ReferenceData(load_directory(session), load_vocabularies(session))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=queries())
def test_search_formatted_parses_to_the_same_search(reference_data: ReferenceData, query: str) -> None:
    search = parse_search_text(query, reference_data, properties=PROPERTIES)
    text = format_search(search)
    again = parse_search_text(text, reference_data, properties=PROPERTIES)
    assert again == search
    assert format_search(again) == text


@pytest.mark.parametrize(
    "parameters",
    [
        # As JSON these are longer than a filter may be.
        {"filter": " OR ".join(f"heightM={number}" for number in range(95))},
        {"filter": "project IN (" + ",".join(f"'{number}'" for number in range(600)) + ")"},
        {"updatedAt": "0001-01-01T00:00:00+14:00"},
        {"updatedAt": "9999-12-31T23:59:59-14:00"},
        {"placedFrom": "0999-01-01", "heightM": "1e300"},
        {"heightM": "-0.0"},
        {"heightM": ".5"},
        {"heightM": "5."},
        {"filter": "T_INTERSECTS(INTERVAL(placedFrom, activeUntil), INTERVAL('2026-01-01','..'))"},
        {"bbox": "400000,6800000,600000,7000000", "bbox-crs": Crs.WEB_MERCATOR.uri},
        {"bbox": "170,-10,-170,10"},
        {"bbox": "52,4,0,53,5,100", "bbox-crs": Crs.ETRS89.uri},
        {"datetime": "0000-01-01T00:00:00Z/2026-01-01"},
        {"asOf": "2026-03-29T02:30:00.123456789+02:00"},
        {"project": "a  b", "reference": "x;y=1&z"},
    ],
)
def test_formatted_search_at_the_edges_parses_to_the_same_search(
    reference_data: ReferenceData, parameters: dict[str, str]
) -> None:
    search = parse_search_text(urlencode(parameters), reference_data)
    text = format_search(search)
    assert parse_search_text(text, reference_data) == search
    assert format_search(parse_search_text(text, reference_data)) == text


def test_formatted_filter_is_the_same_for_every_spelling(reference_data: ReferenceData) -> None:
    spellings = ("heightM > 2.5 AND openData = true", "( heightM>2.5 ) and openData=TRUE")
    texts = [
        format_search(parse_search_text(urlencode({"filter": spelling}), reference_data))
        for spelling in spellings
    ]
    assert texts[0] == texts[1]


def test_format_of_a_search_for_everything_is_empty() -> None:
    assert format_search(SensorSearch(dutch_date())) == ""


def test_parse_search_text_with_several_mistakes_reports_each(reference_data: ReferenceData) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_search_text("near=x&sensorType=geluid&colour=red&radius=-1", reference_data)
    assert {problem.location for problem in caught.value.problems} == {
        "near",
        "sensorType",
        "colour",
        "radius",
    }
