"""GeoJSON of many makers."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.files.readers import FileLimits, open_source
from app.files.reading_account import ReadColumn
from app.files.table import InvalidCell
from app.spatial.crs import Crs
from tests.support.source_files import (
    measure_peak,
    read_one,
    read_refusal,
    read_warnings,
    why_refused,
)

DAM = [4.8936041, 52.3727041]
DAM_RD = [121_394.0, 487_383.0]


def feature(coordinates: list[float] | None = DAM, **properties: Any) -> dict[str, Any]:
    geometry = None if coordinates is None else {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def write(folder: Path, *features: object, **members: object) -> Path:
    return write_text(folder, json.dumps({"type": "FeatureCollection", **members, "features": features}))


def write_text(folder: Path, text: str) -> Path:
    path = folder / "sensoren.geojson"
    path.write_text(text)
    return path


def test_headings_are_the_properties_of_all_features(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        feature(ref="A1", themes=["a", "b"]),
        feature(None, naam=" Camera ", ref=None),
        feature(None),
    )
    contents = read_one(path)
    assert contents.table.headings == ("ref", "themes", "naam")
    assert contents.table.crs is Crs.CRS84
    assert contents.table.has_geometry
    assert contents.cells == [["A1", ["a", "b"], None], [None, None, "Camera"]]
    assert [row.number for row in contents.rows] == [1, 2]
    assert [row.geometry and row.geometry.wkt for row in contents.rows] == [
        "POINT (4.8936041 52.3727041)",
        None,
    ]


def test_feature_id_is_the_first_cell(tmp_path: Path) -> None:
    path = write(tmp_path, feature(ref="A1") | {"id": 7}, feature(ref="A2"))
    contents = read_one(path)
    assert contents.table.headings == ("id", "ref")
    assert contents.cells == [[7, "A1"], [None, "A2"]]


def test_number_with_decimals_of_more_than_fifteen_digits_is_invalid(tmp_path: Path) -> None:
    text = json.dumps(feature(ref="X")).replace('"X"', "8931440301234567.0")
    ((cell,),) = read_one(write_text(tmp_path, text)).cells
    assert isinstance(cell, InvalidCell)
    assert cell.code == "digits_lost"
    assert read_one(write(tmp_path, feature(ref=8931440301234567890))).cells == [[8931440301234567890]]


def test_text_sequence_is_read(tmp_path: Path) -> None:
    texts = [json.dumps(feature(ref=ref)) for ref in ("A1", "A2")]
    for text in ("\n".join(texts), "".join(f"\x1e{one}\n" for one in texts), texts[0]):
        assert read_one(write_text(tmp_path, text)).cells[0] == ["A1"]
    assert read_one(write_text(tmp_path, "\n".join(texts))).cells == [["A1"], ["A2"]]


def test_members_in_any_order_after_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    crs = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::28992"}}'
    text = f'\ufeff{{"features":[{json.dumps(feature(DAM_RD, ref="A1"))}], {crs},"type":"FeatureCollection"}}'
    contents = read_one(write_text(tmp_path, text))
    assert contents.table.crs is Crs.RD
    assert contents.cells == [["A1"]]


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs.CRS84),
        ("urn:ogc:def:crs:EPSG::28992", Crs.RD),
        ("EPSG:28992", Crs.RD),
        ("http://www.opengis.net/def/crs/EPSG/0/28992", Crs.RD),
        ("EPSG:4326", Crs.CRS84),
    ],
)
def test_crs_member_of_geojson_2008_is_applied(tmp_path: Path, name: str, crs: Crs) -> None:
    path = write(tmp_path, feature(ref="A1"), crs={"type": "name", "properties": {"name": name}})
    assert read_one(path).table.crs is crs


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::31370", "EPSG:3857", "Amersfoort", None])
def test_unsupported_crs_is_refused(tmp_path: Path, name: str | None) -> None:
    path = write(tmp_path, feature(ref="A1"), crs={"type": "name", "properties": {"name": name}})
    assert why_refused(path).endswith("Export the file in RD (EPSG:28992) or WGS 84 (EPSG:4326).")


def test_rd_is_recognised_by_its_coordinates(tmp_path: Path) -> None:
    assert read_one(write(tmp_path, feature(DAM_RD), feature(None))).table.crs is Crs.RD
    assert why_refused(write(tmp_path, feature(DAM_RD), feature())).startswith(
        "Some of the coordinates are in degrees"
    )


@pytest.mark.parametrize(
    ("geometry", "wkt"),
    [
        ({"type": "Point", "coordinates": [4.5, 52.5, 3.0]}, "POINT (4.5 52.5)"),
        ({"type": "Point", "coordinates": []}, None),
        ({"type": "LineString", "coordinates": [[4, 52, 1], [5, 52, 1]]}, "LINESTRING (4 52, 5 52)"),
        ({"type": "MultiPolygon", "coordinates": []}, None),
        ({"type": "GeometryCollection", "geometries": []}, None),
    ],
)
def test_geometries_are_read_without_heights(
    tmp_path: Path, geometry: dict[str, Any], wkt: str | None
) -> None:
    (row,) = read_one(write(tmp_path, feature(ref="A1") | {"geometry": geometry})).rows
    assert (row.geometry and row.geometry.wkt) == wkt


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": ["oost", "noord"]},
        {"type": "Point", "coordinates": ["nan", 52]},
        {"type": "Point", "coordinates": [4]},
        {"type": "Point"},
        {"type": "Polygon", "coordinates": [[[4, 52], [5, 52]]]},
        {"type": "Cirkel", "coordinates": [4, 52]},
        {"type": "LineString", "coordinates": {"a": 1}},
        "POINT (4 52)",
        7,
    ],
)
def test_all_invalid_features_are_reported(tmp_path: Path, geometry: object) -> None:
    wrong = feature(ref="A1") | {"geometry": geometry}
    refused = read_refusal(write(tmp_path, wrong, feature(), wrong))
    assert [problem.location for problem in refused.problems] == ["/features/0", "/features/2"]
    assert refused.problems[1].detail == (
        "Object 3 klopt niet: de geometrie is niet te lezen. Herstel haar en exporteer het bestand opnieuw.",
        "Feature 3 is not valid: the geometry cannot be read. Repair it and export the file again.",
    )


@pytest.mark.parametrize("properties", [[["ref", "A1"]], "A1", 0])
def test_feature_without_object_of_properties_is_reported(tmp_path: Path, properties: object) -> None:
    refused = read_refusal(write(tmp_path, feature() | {"properties": properties}))
    assert [problem.detail for problem in refused.problems] == [
        (
            "Object 1 klopt niet: de eigenschappen zijn geen JSON-object. Herstel ze en exporteer het bestand opnieuw.",
            "Feature 1 is not valid: the properties are not a JSON object. Repair them and export the file again.",
        )
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"type": "FeatureCollection", "features": [', "near line 1: this is not JSON"),
        ('{"type": "FeatureCollection",\n"features": [] oeps', "near line 2: '}' is expected here"),
        ('{"type": "FeatureCollection", "features": []} {}', "something comes after the collection"),
        ('{"type": "FeatureCollection", "features": {}}', "'[' is expected here"),
        ('{"features": [{"type": "Feature", "properties": {"a": NaN}}]}', "NaN is not a number"),
        ('{"features": [{"type": "Feature", "properties": {"a": 1e999}}]}', "1e999 is too large"),
        ('{"features": [{"type": "Feature", "properties": {"a": ' + "9" * 5_000 + "}}]}", "not a number"),
        ('{"features": [{"type": "Feature", "properties": {"a": 1,\n"a": 2}}]}', "'a' comes twice"),
        ('{"features": [{"type": "Feature", "properties": ' + "[" * 100_000, "nested too deeply"),
        ('{"features": [7]}', "Object 1 is not a Feature."),
        ('{"a": "b"}', "Object 1 is not a Feature."),
    ],
)
def test_invalid_geojson_is_refused_with_line(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in why_refused(write_text(tmp_path, text))


def test_invalid_utf_8_is_refused_with_byte_and_line(tmp_path: Path) -> None:
    path = tmp_path / "sensoren.geojson"
    path.write_bytes(b'{"type": "FeatureCollection",\n "name": "Caf\xe9", "features": []}')
    assert "near line 2: 0xE9 is not UTF-8" in why_refused(path)


def test_file_over_a_limit_is_refused(tmp_path: Path) -> None:
    assert "more than 2 rows" in why_refused(write(tmp_path, *[feature(ref="A")] * 3), FileLimits(rows=2))
    wide = feature() | {"properties": {f"p{number}": 1 for number in range(501)}}
    assert "501 columns" in why_refused(write(tmp_path, wide))
    long = write(tmp_path, feature(ref="x" * 3_000_000))
    assert "a value of over 1000000 characters" in why_refused(long, FileLimits(row_characters=1_000_000))


def test_members_beside_the_features_are_limited(tmp_path: Path) -> None:
    members = ",".join(f'"k{number}": "x{number}"' for number in range(200_000))
    for text in (
        f'{{"type": "FeatureCollection", {members}, "features": []}}',
        f'{{"type": "FeatureCollection", "features": [], {members}}}',
        f'{{"type": "Feature", {members}}}',
    ):
        path = write_text(tmp_path, text)
        assert measure_peak(lambda path=path: why_refused(path)) < 4_000_000  # type: ignore[misc]
        assert "more than 500 members" in why_refused(path)
    # Not by their number alone, and the same member again counts too.
    long = ",".join('"k": "{}"'.format("x" * 1_000) for _ in range(100))
    path = write_text(tmp_path, f'{{"type": "FeatureCollection", {long}, "features": []}}')
    assert "or 90000 characters" in why_refused(path, FileLimits(row_characters=90_000))
    assert read_one(path, FileLimits(row_characters=110_000)).rows == []


def test_duplicate_name_in_an_object_is_refused(tmp_path: Path) -> None:
    names = ",".join(f'"k{number}": 1' for number in range(100_000))
    text = f'{{"features": [{{"type": "Feature", "properties": {{{names}, "k99999": 2}}}}]}}'
    assert "'k99999' comes twice" in why_refused(write_text(tmp_path, text))


def test_memory_holds_one_feature_at_a_time(tmp_path: Path) -> None:
    path = write(tmp_path, *(feature(ref=f"A{number}", naam="x" * 10_000) for number in range(1_500)))

    def read() -> None:
        with open_source(path) as source:
            assert [sum(1 for _ in table.rows) for table in source.read_tables()] == [1_500]

    assert measure_peak(read) < 4_000_000


def test_multipoint_of_one_point_is_a_point(tmp_path: Path) -> None:
    one = {
        "type": "Feature",
        "geometry": {"type": "MultiPoint", "coordinates": [[4.9, 52.37]]},
        "properties": {},
    }
    (row,) = read_one(write(tmp_path, one)).rows
    assert row.geometry == shapely.Point(4.9, 52.37)


def test_what_was_read_is_accounted_for(tmp_path: Path) -> None:
    with open_source(write(tmp_path, feature(ref="A1"), feature(ref="cafÃ©"))) as source:
        (table,) = source.read_tables()
        assert len(list(table.rows)) == 2
        account = source.account
    (read,) = account.tables
    assert (account.format, read.rows, read.columns) == ("geojson", 2, (ReadColumn("A", "ref"),))
    assert "encoded in UTF-8 twice (row 2)" in account.warnings[0].en


def test_member_beside_the_properties_is_named_as_not_used(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        feature(ref="A1") | {"id": 7, "bbox": [1, 2, 3, 4], "links": [], "naam": None},
        feature(ref="A2") | {"naam": "Dam"},
        feature(ref="A3") | {"naam": "Kade", "time": {"date": "2026-03-01"}},
    )
    assert sorted(read_warnings(path)) == [
        "Beside the properties stands naam (features: 2, the first is 2)",
        "Beside the properties stands time (features: 1, the first is 3)",
    ]


def test_feature_id_beside_another_property_of_that_name_is_named_as_not_used(tmp_path: Path) -> None:
    path = write(
        tmp_path, feature(id=9) | {"id": "9"}, feature(id=9) | {"id": "kast.7"}, feature() | {"id": 3}
    )
    assert read_warnings(path) == ["Beside the properties stands id (features: 2, the first is 2)"]


def test_heights_in_the_geometry_are_named_as_not_used(tmp_path: Path) -> None:
    path = write(tmp_path, feature([*DAM, 0], ref="A1"), feature([*DAM, 3.5], ref="A2"))
    assert read_warnings(path) == ["The heights in the geometry were not used (features: 1, the first is 2)"]
    assert [row.geometry and row.geometry.has_z for row in read_one(path).rows] == [False, False]


@pytest.mark.parametrize("rest", [[], [0], [0.0], [None], [0, 12.5]])
def test_position_without_a_height_gives_no_warning(tmp_path: Path, rest: list[Any]) -> None:
    path = write(tmp_path, feature([*DAM, *rest], ref="A1"))
    assert read_warnings(path) == []
    assert read_one(path).rows[0].geometry == shapely.Point(DAM)
