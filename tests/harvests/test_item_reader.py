"""Items of real servers as records, page by page."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from shapely import Point

from app.core.errors import InvalidRequest, RegisterError, Unavailable
from app.core.http_client.client import RequestLimits
from app.files.located_problem import Origin
from app.harvests.item_reader import HarvestReader
from app.harvests.spool import read_pages, spool_pages
from app.records.record import Record
from tests.harvests.conftest import Prepare
from tests.support.guarded_clients import make_client, make_limits
from tests.support.harvest_mappings import BOXES, SOUND_METERS
from tests.support.harvest_servers import (
    Asked,
    FeaturePages,
    Reply,
    Server,
    ThingPages,
    make_feature,
    make_thing,
    serve,
)

Reading = Callable[..., HarvestReader]


@pytest.fixture
def open_reader(prepare: Prepare) -> Reading:
    """A reader of a server by a mapping, of which some text may be replaced."""

    def open_one(
        server: Server,
        content: str,
        *changes: tuple[str, str],
        is_whole: bool = False,
        limits: RequestLimits | None = None,
    ) -> HarvestReader:
        text = content.format(url=server.address)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        harvest = prepare(text)
        pages = read_pages(make_client(limits), harvest.mapping.source)
        return HarvestReader(pages, harvest.mapping, harvest.context, is_whole=is_whole)

    return open_one


def read_all(reader: HarvestReader) -> list[Record]:
    return [record for records in reader.read_records() for record in records]


def test_features_are_read_page_by_page(open_reader: Reading, amsterdam: UUID) -> None:
    features = [make_feature(number) for number in range(1, 6)]
    with serve(FeaturePages(features)) as server:
        reader = open_reader(server, SOUND_METERS)
        pages = list(reader.read_records())
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [asked.path for asked in server.asked] == ["/v1/collections/meters/items"] * 3
    assert server.asked[0].parameters == {"limit": "2"}
    assert "geo+json" in server.asked[0].headers["accept"]
    record = pages[1][0]
    assert record.origin == Origin(None, 3)
    assert record.problems == ()
    assert record.given == {
        "owner": str(amsterdam),
        "reference": "meter.3",
        "name": "Meter 3",
        "summary": "Meter 3 is nummer 3",
        "location": Point(4.8935, 52.3731),
        "measures": "Geluid in decibel",
        "purpose": "Weten hoe luid het is.",
        "sensorType": "sound",
        "themes": ["environment_noise"],
        "personalData": "none",
        "mobility": "fixed",
        "placedFrom": "2026-02-01",
        "activeUntil": "2028-01-01",
    }
    assert (reader.layout, reader.number_read, reader.number_expected, reader.fraction_read) == (
        "ogc",
        5,
        5,
        1.0,
    )
    assert reader.find_heading(record.origin, "name") == "properties.naam"
    assert reader.find_heading(record.origin, "purpose") == "value"
    assert reader.find_heading(record.origin, "bgtId") is None
    assert reader.unused_headings == []


def test_words_are_translated_by_map(open_reader: Reading) -> None:
    features = [
        make_feature(1, thema=["Geluid", "fiets EN voet"]),
        make_feature(2, thema="Milieu: bodem, lucht, water"),
        make_feature(3, thema=[], soort="Klimaatsensor"),
        make_feature(4, soort="Raar ding", naam=None, geplaatst="2026-03-31T23:30:00Z"),
        make_feature(5, naam="  ", geplaatst="31-12-2025"),
    ]
    with serve(FeaturePages(features)) as server:
        given = [record.given for record in read_all(open_reader(server, SOUND_METERS))]
    assert given[0]["themes"] == ["environment_noise", "mobility_bicycle", "mobility_pedestrian"]
    assert given[2]["themes"] == ["environment_noise"]
    # A label of our own list needs no translation; an unknown word is left for the check to refuse.
    assert [one["sensorType"] for one in given[1:4]] == ["sound", "climate", "Raar ding"]
    # Half past eleven at night by UTC is the next day in the Netherlands.
    assert [one["placedFrom"] for one in given[2:]] == ["2026-02-01", "2026-04-01", "2025-12-31"]
    assert [one["name"] for one in given[3:]] == [None, None]
    assert [one["summary"] for one in given[3:]] == [None, None]


def test_word_for_nothing_is_an_empty_value_and_counted(open_reader: Reading) -> None:
    features = [make_feature(1, naam="N/A"), make_feature(2, naam="<Null>"), make_feature(3, naam="N/A")]
    with serve(FeaturePages(features)) as server:
        reader = open_reader(server, SOUND_METERS)
        records = read_all(reader)
    assert [record.given["name"] for record in records] == [None, None, None]
    assert {record.given["personalData"] for record in records} == {"none"}
    assert [sentence.en for sentence in reader.assumptions if "as empty" in sentence.en] == [
        "N/A in the column properties.naam was read as empty: 2 cells.",
        "<Null> in the column properties.naam was read as empty: 1 cell.",
    ]


def test_features_without_id_or_geometry_are_records(open_reader: Reading) -> None:
    nameless, placeless, swapped = make_feature(1), make_feature(2), make_feature(3)
    del nameless["id"]
    placeless["geometry"] = None
    swapped["geometry"]["coordinates"].reverse()
    with serve(FeaturePages([nameless, placeless, swapped, {}])) as server:
        records = read_all(open_reader(server, SOUND_METERS))
    assert records[0].given["reference"] is None
    assert records[1].given["location"] is None
    assert [problem.location.split("/")[1] for problem in records[2].problems] == ["location"]
    assert records[3].given["reference"] is None


def test_unmatched_path_is_reported(open_reader: Reading) -> None:
    with serve(FeaturePages([make_feature(1, kleur="groen")])) as server:
        reader = open_reader(
            server, SOUND_METERS, ('"properties.naam"', '"properties.nam"'), ("{properties.naam}", "{id}")
        )
        read_all(reader)
    said = [sentence.en for sentence in reader.assumptions]
    assert "properties.nam occurs in no item of the source. Did you mean properties.naam?" in said
    assert "properties.thema occurs in no item of the source." in said
    assert reader.unused_headings == ["properties.naam", "properties.kleur"]


def test_missing_required_fields_are_reported(open_reader: Reading) -> None:
    with serve(FeaturePages([make_feature(1)])) as server:
        reader = open_reader(server, SOUND_METERS, ('purpose = { value = "Weten hoe luid het is." }', ""))
        read_all(reader)
    assert any("does not fill in purpose." in sentence.en for sentence in reader.assumptions)


def test_extra_parameters_are_sent_for_every_page(open_reader: Reading) -> None:
    asking = "[source.parameters]\nfilter = \"soort = 'A & B'\"\nlimit = 1\nskipGeometry = false\n\n[fields]"
    with serve(FeaturePages([make_feature(number) for number in range(3)])) as server:
        read_all(open_reader(server, SOUND_METERS, ("[fields]", asking)))
    for asked in server.asked:
        assert asked.parameters["filter"] == "soort = 'A & B'"
        assert asked.parameters["limit"] == "1"
        assert asked.parameters["skipGeometry"] == "false"


def check_broken(reader: HarvestReader, said: str, kind: type[RegisterError] = Unavailable) -> None:
    with pytest.raises(kind, match=said):
        read_all(reader)


def test_incomplete_source_raises(open_reader: Reading) -> None:
    features = [make_feature(number) for number in range(5)]
    with serve(FeaturePages(features, breaks_at=2)) as server:
        check_broken(open_reader(server, SOUND_METERS), "the answer is 500")
    with serve(FeaturePages(features, extra={"numberMatched": 7})) as server:
        check_broken(open_reader(server, SOUND_METERS), "it has 7 items but returned 5")
    with serve(FeaturePages(features, extra={"numberMatched": "unknown"})) as server:
        assert len(read_all(open_reader(server, SOUND_METERS))) == 5


def test_repeated_or_too_many_pages_raise(open_reader: Reading) -> None:
    features = [make_feature(number) for number in range(5)]
    round_again = {"links": [{"rel": "next", "href": "items?limit=2"}], "numberMatched": None}
    with serve(FeaturePages(features, extra=round_again)) as server:
        check_broken(open_reader(server, SOUND_METERS), "was read before")
    with serve(FeaturePages(features)) as server:
        check_broken(open_reader(server, SOUND_METERS, limits=make_limits(pages=2)), "more than 2 pages")


def test_next_link_to_private_address_is_refused(open_reader: Reading) -> None:
    with serve(lambda _: Reply()) as inside:
        secrets = f"http://127.0.0.2:{inside.server_port}/secrets"
        leading = {"links": [{"rel": "next", "href": secrets}], "numberMatched": None}
        with serve(FeaturePages([make_feature(1)], extra=leading)) as server:
            check_broken(open_reader(server, SOUND_METERS), "not on the public internet", InvalidRequest)
        leading["links"] = [{"rel": "next", "href": "file:///etc/passwd"}]
        with serve(FeaturePages([make_feature(1)], extra=leading)) as server:
            check_broken(open_reader(server, SOUND_METERS), "cannot be used", InvalidRequest)
        assert inside.asked == []


def test_next_link_to_another_server_is_followed(open_reader: Reading) -> None:
    with serve(FeaturePages([make_feature(2)])) as second:
        leading = {"links": [{"rel": "next", "href": f"{second.address}/v1/items"}], "numberMatched": 2}
        with serve(FeaturePages([make_feature(1)], extra=leading)) as server:
            records = read_all(open_reader(server, SOUND_METERS))
    assert [record.given["reference"] for record in records] == ["meter.1", "meter.2"]


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (FeaturePages([], headers={"Content-Crs": "<http://www.opengis.net/def/crs/EPSG/0/28992>"}), "28992"),
        (FeaturePages([], extra={"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}}), "28992"),
        (FeaturePages([], extra={"features": None}), "holds no FeatureCollection"),
        (FeaturePages([], extra={"features": [1]}), "holds no FeatureCollection"),
        (lambda _: Reply([1, 2]), "holds no FeatureCollection"),
    ],
    ids=["header", "member", "none", "numbers", "list"],
)
def test_answer_that_is_no_collection_in_crs84_is_refused(
    open_reader: Reading, pages: Callable[[Asked], Reply], said: str
) -> None:
    with serve(pages) as server:
        check_broken(open_reader(server, SOUND_METERS), said)


def test_empty_complete_source_is_refused(open_reader: Reading) -> None:
    with serve(FeaturePages([])) as server:
        assert read_all(open_reader(server, SOUND_METERS)) == []
        check_broken(open_reader(server, SOUND_METERS, is_whole=True), "No sensor was ended")


def test_things_have_locations_and_datastreams(open_reader: Reading, amsterdam: UUID) -> None:
    things = [make_thing(number, "Temperatuur", "Vocht") for number in range(1, 4)]
    pages = ThingPages(things)
    with serve(pages) as server:
        pages.address = server.address
        reader = open_reader(server, BOXES)
        records = read_all(reader)
    assert server.asked[0].path == "/v1.1/Things"
    assert server.asked[0].parameters == {
        "$expand": "Locations,Datastreams($expand=Sensor,ObservedProperty)",
        "$top": "2",
        "$count": "true",
    }
    assert [record.given["reference"] for record in records] == ["box-1", "box-2", "box-3"]
    given = records[0].given
    assert given["owner"] == str(amsterdam)
    assert given["location"].equals_exact(Point(4.8932, 52.3732), 1e-9)
    assert given["measures"] == "Temperatuur, Vocht"
    assert given["model"] == "SHT31"
    assert given["placedFrom"] == "2026-02-01"
    assert (reader.layout, reader.number_expected) == ("sensorthings", 3)


def test_datastreams_as_sensors_are_read(open_reader: Reading) -> None:
    thing = make_thing(7, "Temperatuur", "Vocht")
    streams = [{**stream, "Thing": thing} for stream in thing["Datastreams"]]
    changes = [
        ("limit = 2", 'limit = 2\ncollection = "Datastreams"'),
        ('"Locations.0.location"', '"Thing.Locations.0.location"'),
        ('"Datastreams.*.ObservedProperty.name"', '"ObservedProperty.name"'),
        ('"Datastreams.0.Sensor.name"', '"Sensor.name"'),
        ('"Datastreams.0.phenomenonTime"', '"phenomenonTime"'),
    ]
    with serve(lambda _: Reply({"value": streams})) as server:
        reader = open_reader(server, BOXES, *changes)
        given = [record.given for record in read_all(reader)]
    assert server.asked[0].path == "/v1.1/Datastreams"
    assert server.asked[0].parameters["$expand"] == "Thing($expand=Locations),Sensor,ObservedProperty"
    assert [one["reference"] for one in given] == ["box-7000", "box-7001"]
    assert [one["measures"] for one in given] == ["Temperatuur", "Vocht"]
    assert all(one["location"] for one in given)
    assert reader.number_expected is None


def test_truncated_nested_lists_are_completed(open_reader: Reading) -> None:
    pages = ThingPages([make_thing(1, "Temperatuur", "Vocht", "Wind")], nested=1)
    with serve(pages) as server:
        records = read_all(open_reader(server, BOXES))
    assert records[0].given["measures"] == "Temperatuur, Vocht, Wind"
    assert server.asked[1].path == "/v1.1/Things(1)/Datastreams"


def test_deep_json_and_control_characters_are_harmless(open_reader: Reading) -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    odd = make_feature(1, thema=deep, soort={"a": deep}, **{"\x1b[2Jleeg": 1, "\ud800": 1, "kleur": 1})
    with serve(FeaturePages([odd])) as server:
        reader = open_reader(server, SOUND_METERS)
        (record,) = read_all(reader)
    assert record.given["sensorType"] == {"a": deep}
    assert reader.unused_headings == ["properties.kleur"]


def test_json_of_any_depth_is_read_or_refused(prepare: Prepare) -> None:
    """Python's own limit is met at another depth in every step."""
    bodies: list[bytes] = []
    with serve(lambda _: Reply(bodies[-1])) as server:
        harvest = prepare(SOUND_METERS.format(url=server.address))
        ends = set()
        for depth in range(500, 1000, 7):
            feature = json.dumps(make_feature(1, kleur="?")).replace('"?"', "[" * depth + "]" * depth)
            bodies.append(f'{{"features": [{feature}]}}'.encode())
            try:
                with (
                    make_client() as client,
                    spool_pages(client, harvest.mapping.source, lambda *_: None) as pages,
                ):
                    ends.add(len(read_all(HarvestReader(pages, harvest.mapping, harvest.context))))
            except Unavailable:
                ends.add(0)
        assert ends == {0, 1}


def test_long_text_with_shorten_is_shortened(open_reader: Reading) -> None:
    observed = [f"Eigenschap nummer {number}" for number in range(40)]
    shortened = (
        '"Datastreams.*.ObservedProperty.name"',
        '{ path = "Datastreams.*.ObservedProperty.name", shorten = true }',
    )
    with serve(ThingPages([make_thing(1, *observed)])) as server:
        whole = read_all(open_reader(server, BOXES))[0].given["measures"]
        short = read_all(open_reader(server, BOXES, shortened))[0].given["measures"]
    assert len(whole) > 255
    assert len(short) <= 255
    assert whole.startswith(short.removesuffix("…"))


def test_all_pages_are_spooled_before_reading(prepare: Prepare) -> None:
    features = [make_feature(number) for number in range(5)]
    told: list[tuple[int, int | None]] = []
    with serve(FeaturePages(features)) as server, make_client() as client:
        harvest = prepare(SOUND_METERS.format(url=server.address))
        with spool_pages(client, harvest.mapping.source, lambda *so_far: told.append(so_far)) as pages:
            asked = len(server.asked)
            records = read_all(HarvestReader(pages, harvest.mapping, harvest.context))
        assert len(server.asked) == asked == 3
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert [record.given["reference"] for record in records] == [feature["id"] for feature in features]
