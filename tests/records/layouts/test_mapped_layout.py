"""Lists in an organisation's own form, read by a mapping of their headings."""

from dataclasses import replace

import pytest
import shapely

from app.core.errors import InvalidRequest
from app.records.layouts import HeadingMapping, ReadingContext
from tests.support.layout_tables import (
    drop_empty,
    list_codes,
    list_english,
    make_table,
    read_one,
    read_tables,
)
from tests.support.places import DAM_SQUARE

OWN = ("objectnr", "soort", "X coord.", "Y coord.", "wijk")
ROW = ("K-1", "Dome", str(DAM_SQUARE.x), str(DAM_SQUARE.y), "Centrum")
MAPPING = HeadingMapping(
    {
        "Objectnr": ("reference", "locationDescription"),
        "soort": ("sensorType",),
        "X coord.": ("rdX",),
        "Y coord.": ("rdY",),
        "wijk": (),
    },
    values={"measures": "Beelden van verkeer", "themes": ["mobility_car"]},
    words={"sensorType": {"dome": "Camera of andere optische sensor"}},
    name="Camera's",
)


@pytest.fixture
def mapped(context: ReadingContext) -> ReadingContext:
    return replace(context, mapping=MAPPING)


def test_mapped_list_gives_fields_values_and_translated_words(mapped: ReadingContext) -> None:
    reader, (record,) = read_tables(mapped, make_table(OWN, ROW))
    given = drop_empty(record.given)
    location = given.pop("location")
    assert reader.layout == "mapped"
    assert shapely.distance(location, shapely.Point(DAM_SQUARE.lon, DAM_SQUARE.lat)) < 0.001
    assert given == {
        "reference": "K-1",
        "locationDescription": "K-1",
        "sensorType": "optical_camera",
        "measures": "Beelden van verkeer",
        "themes": ["mobility_car"],
        "owner": mapped.owner,
    }
    assert reader.unused_headings == ["wijk"]
    assert reader.mapping is MAPPING


def test_mapped_list_says_what_each_column_is(mapped: ReadingContext) -> None:
    reader, _ = read_tables(mapped, make_table(OWN, ROW))
    assert list_english(reader.assumptions)[0] == (
        "Read with your mapping Camera's: objectnr is Reference, Location description; soort is Type of sensor; "
        "X coord. is RD x; Y coord. is RD y."
    )


def test_value_of_the_command_goes_before_that_of_the_mapping(mapped: ReadingContext) -> None:
    given = read_one(replace(mapped, defaults={"measures": "Drukte"}), make_table(OWN, ROW)).given
    assert given["measures"] == "Drukte"


def test_mapping_without_a_column_of_the_file_reads_the_others_and_says_so(mapped: ReadingContext) -> None:
    reader, (record,) = read_tables(mapped, make_table(("Objectnr", "soort"), ("K-1", "dome")))
    assert record.given["sensorType"] == "optical_camera"
    assert "location" not in record.given
    assert "In your mapping, and not in the file: X coord., Y coord.." in list_english(reader.assumptions)


def test_remembered_mapping_is_used_where_all_headings_are_there(context: ReadingContext) -> None:
    remembering = replace(context, remembered=[HeadingMapping({"soort": ("reference",)}), MAPPING])
    reader, _ = read_tables(remembering, make_table((*OWN, "nieuw"), (*ROW, "x")))
    assert reader.mapping is MAPPING
    with pytest.raises(InvalidRequest) as raised:
        read_tables(replace(context, remembered=[MAPPING]), make_table(OWN[:4], ROW[:4]))
    assert [problem.code for problem in raised.value.problems] == ["unknown_headings"]


def test_template_is_read_as_itself_by_an_owner_with_mappings(context: ReadingContext) -> None:
    table = make_table(("Referentie", "Soort sensor", "Naam"), ("K-1", "Geluidsensor", "Dam"))
    reader, _ = read_tables(replace(context, remembered=[MAPPING]), table)
    assert (reader.layout, reader.mapping) == ("own", None)


def test_only_the_named_sheet_is_read(context: ReadingContext) -> None:
    mapping = replace(MAPPING, sheet="Lijst")
    others = [make_table(OWN, ROW, name="Oud"), make_table(OWN, ("K-2", *ROW[1:]), name="lijst")]
    _, records = read_tables(replace(context, mapping=mapping), *others)
    assert [record.given["reference"] for record in records] == ["K-2"]


@pytest.mark.parametrize(
    ("cell", "read"),
    [("auto | FIETS", ["mobility_car", "mobility_bicycle"]), ("n.v.t.", ["other"]), ("geen", None)],
)
def test_words_of_a_list_are_read_one_by_one(
    context: ReadingContext, cell: str, read: list[str] | None
) -> None:
    words = {"auto": "mobility_car", "fiets": "Mobiliteit: fiets", "n.v.t.": "other", "geen": None}
    mapping = HeadingMapping({"nr": ("reference",), "doel": ("themes",)}, words={"themes": words})
    given = read_one(replace(context, mapping=mapping), make_table(("nr", "doel"), ("K-1", cell))).given
    assert given["themes"] == read


def test_unknown_word_stays_and_is_a_problem_of_the_check(mapped: ReadingContext) -> None:
    record = read_one(mapped, make_table(OWN, ("K-1", "Bolide", *ROW[2:])))
    assert (record.given["sensorType"], list_codes(record)) == ("Bolide", [])
