"""The table of the register itself, as people and programs fill it in."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import shapely
from sqlalchemy.orm import Session

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.table import ANNOTATION_HEADINGS, Cell, InvalidCell
from app.records.layouts import ReadingContext, load_context
from app.records.layouts.headings import find_field, fold_heading, is_passed_over
from app.records.layouts.reader import BATCH_ROWS
from app.sensors.fields import DERIVED_LABELS, FIELDS
from app.spatial.crs import Crs
from tests.support.layout_tables import (
    drop_empty,
    list_codes,
    list_english,
    make_table,
    read_one,
    read_tables,
    tabulate,
)
from tests.support.organisations import make_organisation
from tests.support.sensors import DAM, TODAY

SOUND: dict[str, Cell] = {
    "Referentie *": "geluid-001",
    "Soort sensor": "geluidsensor",
    "Wat meet de sensor?": "Geluid in decibel",
    "Waarvoor meet u dat? *": "Weten hoe luid het is.",
    "Thema 1": "Milieu: geluid",
    "Worden er persoonsgegevens verwerkt?": "Nee",
    "Vast of mobiel": "Vast",
    "Breedtegraad": "52,3731",
    "Lengtegraad": "4,8932",
    "Geplaatst vanaf": "11-03-2026",
    "Wordt verwijderd op": "2028-01-30",
}
READ: dict[str, Any] = {
    "reference": "geluid-001",
    "sensorType": "sound",
    "measures": "Geluid in decibel",
    "purpose": "Weten hoe luid het is.",
    "themes": ["environment_noise"],
    "personalData": "none",
    "mobility": "fixed",
    "location": shapely.Point(DAM),
    "placedFrom": "2026-03-11",
    "activeUntil": "2028-01-30",
}


def read_field(context: ReadingContext, heading: str, cell: Cell) -> Any:
    """Read the value of the field of a heading."""
    record = read_one(context, tabulate({"reference": "a", "name": "A", heading: cell}))
    name = find_field(heading)
    assert name is not None
    return record.given[name]


def test_row_with_labels_lists_dates_and_location_is_read(context: ReadingContext) -> None:
    record = read_one(context, tabulate(SOUND))
    assert drop_empty(record.given) == READ | {"owner": context.owner}
    assert record.origin == (None, 2)
    assert not record.problems


@pytest.mark.parametrize(
    "spell", [lambda field: field.name, lambda field: field.label.nl, lambda field: field.label.en]
)
def test_fields_are_found_by_name_and_label_in_both_languages(spell: Any) -> None:
    for field in FIELDS:
        assert find_field(spell(field)) == field.name
        assert find_field(f" {spell(field).upper()} * ") == field.name
        assert find_field(f"{spell(field)} (niet verplicht)") == field.name


def test_columns_added_by_register_or_program_are_ignored(context: ReadingContext) -> None:
    names = ["registrationStatus", "Status melding", "id", "fid", *ANNOTATION_HEADINGS]
    reader, (record,) = read_tables(context, tabulate(SOUND | dict.fromkeys(names, "x")))
    assert drop_empty(record.given) == READ | {"owner": context.owner}
    assert reader.unused_headings == []
    assert reader.assumptions == []


def test_derived_columns_are_named_where_they_are_filled(context: ReadingContext) -> None:
    derived = [name for name in DERIVED_LABELS if name not in ("publicCode", "registrationStatus")]
    cells = dict.fromkeys([*derived, "ownerName"], "x") | {"Gemeente": None}
    reader, (record,) = read_tables(context, tabulate(SOUND | cells))
    assert drop_empty(record.given) == READ | {"owner": context.owner}
    assert reader.unused_headings == [*derived, "ownerName"]


def test_labels_of_fields_are_unique() -> None:
    meant: dict[str, str] = {}
    for field in FIELDS:
        for label in field.label:
            assert meant.setdefault(fold_heading(label), field.name) == field.name
            assert not is_passed_over(label)


def test_column_unknown_is_reported_with_nearest(context: ReadingContext) -> None:
    reader, _ = read_tables(
        context, tabulate(SOUND | {"Leverantier": "Meetbedrijf", "Kleur": "rood", "": "los"})
    )
    assert reader.unused_headings == ["Leverantier", "Kleur"]
    assert list_english(reader.assumptions) == [
        "The column Leverantier was passed over. Did you mean Leverancier?",
    ]


@pytest.mark.parametrize(
    "headings",
    [
        ("Referentie", "reference"),
        ("Thema 1", "Thema 1"),
        ("Naam", "Naam *"),
        ("lat", "Latitude"),
        ("x", "X"),
    ],
)
def test_columns_of_the_same_field_are_refused(context: ReadingContext, headings: tuple[str, str]) -> None:
    table = make_table(["reference", "name", "summary", *headings][-5:], ["a"] * 5)
    with pytest.raises(InvalidRequest, match="Two columns have the same meaning"):
        read_tables(context, table)


@pytest.mark.parametrize(
    ("heading", "cell", "value"),
    [
        (
            "Thema",
            "Milieu: water, bodem, lucht; mobility_car",
            ["environment_water_soil_air", "mobility_car"],
        ),
        ("themes", "environment_noise|mobility_car|environment_noise", ["environment_noise", "mobility_car"]),
        ("themes", "environment_noise, mobility_car", ["environment_noise", "mobility_car"]),
        ("themes", ["environment_noise"], ["environment_noise"]),
        ("themes", "geluid", ["geluid"]),
        ("Soort sensor", "Druksensor", "pressure"),
        ("Soort sensor", "camera", "camera"),
        ("sensorType", "optical_camera", "optical_camera"),
        ("Type of sensor", "Sound sensor", "sound"),
        ("Hoogte (m)", "1.234,5", 1234.5),
        ("Kijkhoek", "60°", 60),
        ("Bereik", "veel", "veel"),
        ("Open data", "ja", True),
        ("openData", "onwaar", False),
        ("openData", 1, True),
        ("Bewaarduur", "28 dagen", "P28D"),
        ("Retention period", "6 months", "P6M"),
        ("Privacyverklaring", "amsterdam.nl/privacy", "https://amsterdam.nl/privacy"),
        ("Privacyverklaring", "geen", "geen"),
        ("Huisnummer", 12, "12"),
        ("Werkgebied", "Amsterdam; GM0344", ["GM0363", "GM0344"]),
        ("operatingArea", ["GM0363"], ["GM0363"]),
        ("operatingArea", "Amsterdam, Den Haag", ["GM0363", "GM0518"]),
        ("Geplaatst vanaf", "45352", "2024-03-01"),
        ("Fabrikant", None, None),
    ],
)
def test_cell_is_parsed_by_kind_of_field(
    context: ReadingContext, heading: str, cell: Cell, value: object
) -> None:
    assert read_field(context, heading, cell) == value


def test_assumptions_are_reported_once(context: ReadingContext) -> None:
    row: dict[str, Cell] = {"reference": "a", "placedFrom": "45352", "moreInfoUrl": "example.org"}
    reader, _ = read_tables(context, tabulate(row, row | {"moreInfoUrl": "example.com"}))
    assert list_english(reader.assumptions) == [
        "Numbers in a column of dates were read as Excel counts days: 45352 is 2024-03-01.",
        "Web addresses without https:// in front, such as example.org, were read with https:// in front.",
    ]


def test_numbered_columns_and_list_column_make_one_list(context: ReadingContext) -> None:
    headings = ["reference", "Thema 2", "Thema 1", "Grondslag 1", "Legal basis 2"]
    record = read_one(context, make_table(headings, ["a", None, "Milieu: geluid", "Publieke taak", None]))
    assert record.given["themes"] == ["environment_noise"]
    assert record.given["gdprBases"] == ["public_task"]
    record = read_one(context, make_table(headings, ["a", "Milieu: afval", "Milieu: geluid", None, None]))
    assert record.given["themes"] == ["environment_noise", "environment_waste"]
    assert record.given["gdprBases"] is None


def test_organisation_is_found_by_id_number_or_name(context: ReadingContext, company: UUID) -> None:
    for cell in (str(company), "Meetbedrijf BV", " meetbedrijf bv", "01234567", 1234567):
        assert read_field(context, "Beheerder", cell) == str(company)
    tooi = "https://identifier.overheid.nl/tooi/id/gemeente/gm0363"
    for cell in ("Amsterdam", "GM0363", "gm0363", "Gemeente Amsterdam", tooi):
        assert read_field(context, "operator", cell) == context.owner


def test_organisation_not_public_is_found_by_id_only(session: Session, amsterdam: UUID) -> None:
    resident = make_organisation(session, name="Jo Jansen", organisationType="private_person")
    context = load_context(session, owner=amsterdam, defaults={}, language="nl", today=TODAY)
    assert read_field(context, "operator", str(resident)) == str(resident)
    record = read_one(context, tabulate({"reference": "a", "name": "A", "operator": "Jo Jansn"}))
    assert "Jo Jansen" not in repr(record.problems)
    record = read_one(context, tabulate({"reference": "a", "name": "A", "operator": "Jo Jansen"}))
    assert list_codes(record) == [("unknown_organisation", "/operator")]


def test_organisations_with_the_same_name_require_id(session: Session, amsterdam: UUID) -> None:
    both = {str(make_organisation(session, name=name)) for name in ("Tweeling BV", "tweeling bv")}
    context = load_context(session, owner=amsterdam, defaults={}, language="nl", today=TODAY)
    (problem,) = read_one(
        context, tabulate({"reference": "a", "name": "A", "operator": "Tweeling BV"})
    ).problems
    assert problem.code == "ambiguous_organisation"
    assert all(identifier in problem.detail.nl for identifier in both)


def test_organisation_unknown_is_refused_with_nearest(context: ReadingContext) -> None:
    record = read_one(context, tabulate(SOUND | {"Beheerder": "Meetbedrijf B.V"}))
    (problem,) = record.problems
    assert (problem.code, problem.location, problem.suggestion) == (
        "unknown_organisation", "/operator", "Meetbedrijf BV",
    )  # fmt: skip
    assert record.given["operator"] == "Meetbedrijf B.V"


def test_owner_of_row_is_its_cell_or_the_chosen_owner(context: ReadingContext, company: UUID) -> None:
    open_context = replace(context, owner=None)
    table = tabulate(SOUND | {"Eigenaar": "Meetbedrijf BV"})
    assert read_one(open_context, table).given["owner"] == str(company)
    assert read_one(context, tabulate(SOUND | {"Eigenaar": None})).given["owner"] == context.owner
    other = read_one(context, tabulate(SOUND | {"Eigenaar": "Meetbedrijf BV"}))
    assert list_codes(other) == [("other_owner", "/owner")]
    with pytest.raises(InvalidRequest, match="does not say whose"):
        read_tables(open_context, tabulate(SOUND))


def test_municipality_unknown_is_refused_with_nearest(context: ReadingContext) -> None:
    record = read_one(context, tabulate({"reference": "a", "Werkgebied": "Amsterdm; Utrecht"}))
    (problem,) = record.problems
    assert (problem.code, problem.location, problem.suggestion) == (
        "unknown_municipality", "/operatingArea", "GM0363",
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    [
        "POLYGON((4.8 52.3, 4.9 52.3, 4.9 52.4, 4.8 52.3))",
        "SRID=4258;MULTIPOLYGON(((4.8 52.3, 4.9 52.3, 4.9 52.4, 4.8 52.3)))",
        '{"type": "Polygon", "coordinates": [[[4.8, 52.3], [4.9, 52.3], [4.9, 52.4], [4.8, 52.3]]]}',
        {"type": "Polygon", "coordinates": [[[4.8, 52.3], [4.9, 52.3], [4.9, 52.4], [4.8, 52.3]]]},
    ],
)
@pytest.mark.parametrize("heading", ["Werkgebied", "observedArea"])
def test_area_in_wkt_or_geojson_is_read(context: ReadingContext, heading: str, cell: Cell) -> None:
    area = read_field(context, heading, cell)
    assert area.equals(shapely.Polygon([(4.8, 52.3), (4.9, 52.3), (4.9, 52.4)]))


def test_area_in_rd_is_read(context: ReadingContext) -> None:
    area = read_field(
        context, "Werkgebied", "POLYGON((121000 487000, 122000 487000, 122000 488000, 121000 487000))"
    )
    assert shapely.get_coordinates(area)[0] == pytest.approx(DAM, abs=0.02)


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Werkgebied", "POLYGON((4.8 52.3, 4.9 52.4, 4.9 52.3, 4.8 52.4, 4.8 52.3))", "invalid_area"),
        ("Werkgebied", "POLYGON((4.8 52.3, 4.9", "invalid_area"),
        ("observedArea", "Amsterdam", "invalid_area"),
        ("Werkgebied", "POLYGON((52.3 4.8, 52.3 4.9, 52.4 4.9, 52.3 4.8))", "swapped_axes"),
    ],
)
def test_area_invalid_is_refused(context: ReadingContext, heading: str, cell: str, code: str) -> None:
    record = read_one(context, tabulate({"reference": "a", "name": "A", heading: cell}))
    assert list_codes(record) == [(code, f"/{find_field(heading)}")]


def test_geometries_of_layer_are_points_and_areas(context: ReadingContext) -> None:
    square = shapely.box(121_000, 487_000, 122_000, 488_000)
    table = make_table(
        ["reference", "name", "summary"],
        ["a", "A", None],
        ["b", "B", None],
        ["c", "C", None],
        ["d", "D", None],
        geometries=[shapely.Point(121_363, 487_370, 3), square, None, shapely.LineString([(0, 0), (1, 1)])],
        crs=Crs.RD,
    )
    _, (point, area, nowhere, line) = read_tables(context, table)
    assert (point.given["location"].x, point.given["location"].y) == pytest.approx(DAM, abs=0.01)
    assert area.given["location"] is None
    assert area.given["operatingArea"].geom_type == "Polygon"
    assert nowhere.given["location"] is None
    assert not nowhere.problems
    assert list_codes(line) == [("geometry_type", "/location")]


@pytest.mark.parametrize(
    "cell", ["52.3731, 4.8932", "POINT(4.8932 52.3731)", '{"type":"Point","coordinates":[4.8932,52.3731]}']
)
@pytest.mark.parametrize("heading", ["Locatie", "coördinaten", "WKT"])
def test_position_in_one_cell_is_read(context: ReadingContext, heading: str, cell: str) -> None:
    reader, (record,) = read_tables(context, tabulate({"reference": "a", "name": "A", heading: cell}))
    assert record.given["location"] == shapely.Point(DAM)
    assert reader.find_heading(record.origin, "location") == heading


def test_geometry_precedes_coordinate_columns(context: ReadingContext) -> None:
    square = shapely.box(4.8, 52.3, 4.9, 52.4)
    table = make_table(
        ["reference", "lon", "lat"],
        ["moved", "4.5", "52.0"],
        ["stale", "gone", "52.0"],
        ["invalid_area", "4.5", "52.0"],
        ["columns", "4.5", "52.0"],
        geometries=[shapely.Point(DAM), shapely.Point(DAM), square, None],
    )
    _, (moved, stale, area, columns) = read_tables(context, table)
    assert moved.given["location"] == stale.given["location"] == shapely.Point(DAM)
    assert not stale.problems
    assert area.given["location"] is None
    assert area.given["operatingArea"].equals(square)
    assert columns.given["location"] == shapely.Point(4.5, 52.0)


def test_layer_without_geometries_clears_location(context: ReadingContext) -> None:
    table = make_table(["reference"], ["a"], geometries=[None], crs=Crs.RD)
    assert read_one(context, table).given == {"reference": "a", "location": None, "owner": context.owner}


def test_location_invalid_is_refused(context: ReadingContext) -> None:
    gone = InvalidCell(
        ProblemCode.FORMULA_NOT_COMPUTED, "=B2", LocalizedText("Niet berekend.", "Not computed.")
    )
    record = read_one(context, tabulate({"reference": "a", "Naam": "A", "Locatie": gone}))
    assert list_codes(record) == [("formula_not_computed", "/location")]
    record = read_one(context, tabulate({"reference": "a", "Naam": "A", "Locatie": "op de Dam"}))
    assert list_codes(record) == [("invalid_location", "/location")]


def test_file_without_locations_leaves_them_unchanged(context: ReadingContext) -> None:
    record = read_one(context, tabulate({"reference": "a", "Naam": "Nieuwe naam"}))
    assert record.given == {"reference": "a", "name": "Nieuwe naam", "owner": context.owner}


def test_examples_in_template_are_not_read(context: ReadingContext) -> None:
    _, records = read_tables(
        context, tabulate({"reference": "VOORBEELD-1", "name": "A"}, {"reference": "a", "name": "B"})
    )
    assert [record.given["reference"] for record in records] == ["a"]


BOTH_SYSTEMS = ["reference", "name", "Breedtegraad", "Lengtegraad", "RD x", "RD y", "Locatie"]


@pytest.mark.parametrize(
    ("cells", "code", "heading"),
    [
        ((52.3731, 48.932, None, None, None), "outside_netherlands", "Breedtegraad"),
        ((52.3731, None, None, None, None), "incomplete_position", "Breedtegraad"),
        ((None, 4.8932, None, None, None), "incomplete_position", "Breedtegraad"),
        ((52.3731, "oost", None, None, None), "invalid_number", "Lengtegraad"),
        ((None, None, 121_363, None, None), "incomplete_position", "RD y"),
        ((None, None, "ver weg", 487_370, None), "invalid_number", "RD x"),
        ((52.3731, 4.8932, "ver weg", 487_370, None), "invalid_number", "RD x"),
        ((None, None, None, None, "op de Dam"), "invalid_location", "Locatie"),
        ((52.0, 4.8932, 121_363, 487_370, None), "positions_differ", "RD y"),
    ],
)
def test_problem_of_location_is_at_its_cell(
    context: ReadingContext, cells: tuple[Cell, ...], code: str, heading: str
) -> None:
    reader, (record,) = read_tables(context, make_table(BOTH_SYSTEMS, ["a", "A", *cells]))
    problem = record.problems[0]
    assert (problem.code, problem.location) == (code, "/location")
    assert reader.find_heading(record.origin, "location", problem.value) == heading


def test_location_heading_of_earlier_row_is_found(context: ReadingContext) -> None:
    degrees, rd, nothing = (52.3731, 4.8932, None, None), (None, None, 121_363, 487_370), (None,) * 4
    places = [*[degrees] * BATCH_ROWS, nothing, rd, *[degrees] * BATCH_ROWS]
    rows = [[f"s-{number}", "A", *place] for number, place in enumerate(places)]
    reader, records = read_tables(context, make_table(BOTH_SYSTEMS[:-1], *rows))
    found = [reader.find_heading(record.origin, "location") for record in records]
    assert found[BATCH_ROWS - 1 : BATCH_ROWS + 3] == ["Breedtegraad", "Breedtegraad", "RD y", "Breedtegraad"]
    assert found.count("RD y") == 1


def test_problem_of_geometry_is_not_at_postcode_column(context: ReadingContext) -> None:
    headings = ["reference", "name", "postcode", "houseNumber"]
    row: list[Cell] = ["a", "A", "1012 JS", "1"]
    reader, (record,) = read_tables(
        context, make_table(headings, row, geometries=[shapely.LineString([(0, 0), (1, 1)])])
    )
    assert list_codes(record) == [("geometry_type", "/location")]
    assert reader.find_heading(record.origin, "location") is None
    reader, (record,) = read_tables(context, make_table([*headings, "Locatie"], [*row, None]))
    assert reader.find_heading(record.origin, "location") == "Locatie"
    reader, (record,) = read_tables(context, make_table(headings, row))
    assert reader.find_heading(record.origin, "location") == "postcode"
