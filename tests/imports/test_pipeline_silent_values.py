"""Values that a spreadsheet, a program or half a file would change without a word: refused, left or reported."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.core.errors import InvalidRequest
from app.imports.report import ImportReport
from app.sensors.registration.queries import find_identities
from app.sensors.tables.register import sensor
from tests.support.bulk import read_versions
from tests.support.file_imports import FileImports, list_assumptions, list_problems, make_row
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import load_cities


@pytest.fixture
def imports(session: Session, tmp_path: Path) -> FileImports:
    load_cities(session)
    owner = make_municipality(session)
    return FileImports(session, owner, make_principal(session, owner), tmp_path)


def find_code(imports: FileImports, reference: str) -> str:
    codes = imports.session.scalars(sensor.select().with_only_columns(sensor.c.public_code)).all()
    found = find_identities(imports.session, codes)
    return next(code for code, identity in found.items() if identity.reference == reference)


@pytest.mark.parametrize(
    ("registered", "given"),
    [
        ("ZW-001", "ZW-001\u200b"),
        ("ZW-001", "\ufeffZW\u00ad-001"),
        ("ZW-001", "ZW-\u200e001\u200f"),
        ("NB 002", "NB\u00a0002"),
        ("NB 002", "NB  \u2009002"),
        ("Café-3", "Cafe\u0301-3"),
        ("ZW-001\u200b", "ZW-001"),
    ],
)
def test_reference_that_looks_the_same_is_the_same_sensor(
    imports: FileImports, registered: str, given: str
) -> None:
    assert imports.run(make_row(registered)).counts.new == 1
    report = imports.run(make_row(given, name="tweede"))
    assert (report.counts.new, report.counts.changed) == (0, 1)
    assert len({version.sensor_id for version in read_versions(imports.session)}) == 1


def test_references_of_one_file_that_look_the_same_are_refused(imports: FileImports) -> None:
    report = imports.run(make_row("A-1"), make_row("A-1\u200b"))
    assert {problem[:2] for problem in list_problems(report)} == {
        (2, "repeated_reference"),
        (3, "repeated_reference"),
    }


@pytest.mark.parametrize("reference", ["7", "2026-01-02", "1.2E+06", "2", "\u200b8"])
def test_row_of_which_a_spreadsheet_changed_the_reference_is_refused_by_its_number(
    imports: FileImports, reference: str
) -> None:
    imports.run(make_row("007"), make_row("8", latitude="52.374"))
    row = make_row(reference, publicCode=find_code(imports, "007"), name="Nieuw")
    report = imports.run(row)
    assert list_problems(report) == [(2, "identity_differs", "reference")]
    assert imports.count_versions() == 2


def test_row_with_number_and_without_reference_changes_that_sensor(imports: FileImports) -> None:
    imports.run(make_row("007"))
    code = find_code(imports, "007")
    report = imports.run({"Registratienummer": f"{code[:4]}-{code[4:]}".lower(), "Naam": "Nieuw"})
    assert report.counts.changed == 1
    assert imports.find("007")["name"] == "Nieuw"


def test_row_with_number_and_reference_of_that_sensor_is_unchanged(imports: FileImports) -> None:
    imports.run(make_row("007"))
    report = imports.run(make_row("007", publicCode=find_code(imports, "007")), make_row("8", publicCode=""))
    assert (report.counts.unchanged, report.counts.new) == (1, 1)


def test_row_with_unknown_number_is_refused_and_never_a_new_sensor(imports: FileImports) -> None:
    report = imports.run(make_row("9", publicCode="ABCDEFGH"))
    assert list_problems(report) == [(2, "invalid_code", "publicCode")]


def test_two_rows_with_one_number_are_refused(imports: FileImports) -> None:
    imports.run(make_row("007"))
    code = find_code(imports, "007")
    report = imports.run({"publicCode": code, "name": "a"}, {"publicCode": code, "name": "b"})
    assert {problem[1] for problem in list_problems(report)} == {"repeated_reference"}


WORDS = ("NULL", "nan", "<Null>", "None", "#N/B", "-", "n.v.t.", "N/A", "#N/A", "NaN", "\u2014")


@pytest.mark.parametrize("word", WORDS)
def test_word_for_nothing_is_empty_and_counted(imports: FileImports, word: str) -> None:
    report = imports.run(make_row("1", name=word, heightM=word), make_row("2", name=word, latitude="52.38"))
    assert report.counts.new == 2
    assert "name" not in imports.find("1")
    assert f"{word} in the column name was read as empty: 2 cells." in list_assumptions(report)
    assert f"{word} in the column heightM was read as empty: 1 cell." in list_assumptions(report)


def test_word_for_nothing_that_a_list_has_as_its_value_is_that_value(imports: FileImports) -> None:
    report = imports.run(make_row("1", personalData="none"))
    assert imports.find("1")["personalData"] == "none"
    assert report.assumptions == []


def test_word_for_nothing_as_reference_is_refused_as_missing(imports: FileImports) -> None:
    assert list_problems(imports.run(make_row("NULL"))) == [(2, "required", "reference")]


@pytest.mark.parametrize("error", ["#REF!", "#WAARDE!", "#DIV/0!", "#NAAM?"])
def test_error_value_of_excel_in_a_text_file_is_refused(imports: FileImports, error: str) -> None:
    assert list_problems(imports.run(make_row(name=error))) == [(2, "formula_error", "name")]


def test_filled_cells_that_are_not_used_are_reported(imports: FileImports) -> None:
    text = (
        "reference;sensorType;measures;;purpose;themes;personalData;mobility;latitude;longitude;placedFrom;"
        "activeUntil;Locatie;Gemeente;Versie\n"
    )
    values = make_row()
    cells = [
        *list(values.values())[:3],
        "Kastnummer 12",
        *list(values.values())[3:],
        "Damrak t.o. nr 12",
        "Amsterdam",
        "",
    ]
    report = imports.run_text(text + ";".join(cells) + "\n")
    assert report.counts.new == 1
    said = list_assumptions(report)
    assert report.account is not None
    (unused,) = report.account.tables[0].untaken_columns
    assert (unused.letter, unused.cells, unused.example) == ("D", 1, "Kastnummer 12")
    assert any("Locatie" in sentence and "Damrak t.o. nr 12" in sentence for sentence in said)
    assert report.unused_headings == ["Gemeente"]


DATES = ("3/4/2026", "3/13/2026", "7/21/2026")


def test_dates_with_the_month_first_make_the_whole_column_unclear(imports: FileImports) -> None:
    rows = [
        make_row(str(number), latitude=f"52.37{number}", placedFrom=day, activeUntil="2027-03-01")
        for number, day in enumerate((*DATES, "2026-05-01"), start=1)
    ]
    report = imports.run(*rows, mode="valid_rows")
    assert list_problems(report) == [(row, "invalid_date", "placedFrom") for row in (2, 3, 4)]
    assert report.counts.new == 1
    assert any("3/13/2026" in located.problem.detail.nl for located in report.problems)


def test_dates_with_the_day_first_are_read(imports: FileImports) -> None:
    imports.run(make_row("1", placedFrom="3/4/2026", activeUntil="2027-03-01"))
    assert imports.find("1")["placedFrom"] == "2026-04-03"


def test_file_with_one_of_several_theme_columns_leaves_the_other_themes(imports: FileImports) -> None:
    imports.run(make_row("1", themes="environment_noise|mobility_car|housing"))
    assert imports.run({"Referentie": "1", "Thema 2": "Mobiliteit: auto"}).counts.unchanged == 1
    imports.run({"Referentie": "1", "Thema 2": "safety_health"})
    assert imports.find("1")["themes"] == ["environment_noise", "safety_health", "housing"]
    imports.run({"Referentie": "1", "Thema 2": ""})
    assert imports.find("1")["themes"] == ["environment_noise", "housing"]
    imports.run({"Referentie": "1", "Thema": "housing"})
    assert imports.find("1")["themes"] == ["housing"]


def test_file_with_a_name_only_changes_the_name_only(imports: FileImports) -> None:
    imports.run(make_row("1", themes="environment_noise|housing", heightM="3,5", heightReference="Maaiveld"))
    before = imports.find("1")
    assert imports.run({"Referentie": "1", "Naam": "Nieuwe naam"}).counts.changed == 1
    assert imports.find("1") == before | {"name": "Nieuwe naam"}


@pytest.mark.parametrize("heading", ["RD y", "Breedtegraad", "lon"])
def test_file_with_one_of_two_coordinates_is_refused(imports: FileImports, heading: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        imports.run({"Referentie": "1", heading: "487315"})
    assert heading in str(refused.value.detail.nl if refused.value.detail else "")


def test_file_with_part_of_an_address_is_refused_where_it_changes(imports: FileImports) -> None:
    imports.run(make_row("1", postcode="1012 JS", houseNumber="1"), make_row("2", latitude="52.38"))
    report = imports.run(
        {"reference": "1", "postcode": "1011 AB"},
        {"reference": "2", "postcode": "1011 AB"},
        mode="valid_rows",
    )
    assert list_problems(report) == [(2, "incomplete_address", "postcode")]
    assert imports.run({"reference": "1", "postcode": "1012 JS"}).counts.unchanged == 1


CAMERA = {
    "personalData": "yes",
    "gdprBases": "public_task",
    "privacyStatementUrl": "https://example.org",
    "retentionKind": "not_retained",
    "legalBasisText": "Gemeentewet art. 151c",
    "legalBasisUrl": "https://wetten.overheid.nl/BWBR0005416",
    "dpiaDate": "2025-11-03",
}


def test_default_fills_only_what_neither_file_nor_register_says(imports: FileImports) -> None:
    assert list_problems(imports.run(make_row("1", **CAMERA, dpiaStatus="done"))) == []
    rows = make_row("1", **CAMERA), make_row("2", **CAMERA, latitude="52.38")
    report = imports.run(*rows, dpiaStatus="pre_scan_done")
    assert list_problems(report) == []
    assert (report.counts.unchanged, report.counts.new) == (1, 1)
    imports.run(*(row | {"dpiaStatus": ""} for row in rows), dpiaStatus="pre_scan_done")
    assert [imports.find(reference)["dpiaStatus"] for reference in ("1", "2")] == ["done", "pre_scan_done"]


@pytest.mark.parametrize("latitude", ["52.373100000000001", "52.37310000000001", "52.373100001"])
def test_coordinates_less_than_a_millimetre_apart_are_the_same(imports: FileImports, latitude: str) -> None:
    view = {"viewDirectionDeg": "10", "viewAngleDeg": "60", "viewRangeM": "20"}
    imports.run(make_row(**view))
    assert imports.run(make_row(latitude=latitude, **view)).counts.unchanged == 1
    assert imports.run(make_row(latitude="52.37311", **view)).counts.changed == 1


def test_area_less_than_a_millimetre_apart_is_the_same(imports: FileImports) -> None:
    row = make_row(mobility="Mobiel", latitude="", longitude="")
    area = "POLYGON((4.85 52.35, 4.9 52.35, 4.9 52.37, {} 52.37, 4.85 52.35))"
    assert imports.run(row | {"operatingArea": area.format(4.85)}).counts.new == 1
    assert imports.run(row | {"operatingArea": area.format(4.850000000000001)}).counts.unchanged == 1
    assert imports.run(row | {"operatingArea": area.format(4.8501)}).counts.changed == 1


def test_no_problem_shows_a_path_json_or_python(imports: FileImports) -> None:
    rows = [
        make_row("1", owner="Onbekend BV", sensorType="Toverlamp", themes="Onzin|Meer onzin"),
        make_row("2", openData="misschien", operatingArea="[1, 2]", placedFrom="ooit", mobility="Mobiel"),
    ]
    assert_readable(imports.run(*rows))


def assert_readable(report: ImportReport) -> None:
    for located in report.problems:
        for sentence in (located.problem.detail.nl, located.problem.detail.en):
            assert not any(mark in sentence for mark in ("/v1/", "JSON", "('", "None,", '{"')), sentence
