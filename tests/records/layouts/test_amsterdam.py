"""The form of Amsterdam; each defect of its own importer has a test here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy.orm import Session

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.readers import open_source
from app.files.table import Cell, InvalidCell, Table
from app.records.layouts import LayoutReader, ReadingContext, load_context, open_records
from app.records.record import Record
from app.sensors.registration.actions import register_sensor
from tests.support.amsterdam_form import FORM, HEADINGS, needs_form
from tests.support.layout_tables import drop_empty, list_codes, list_english, make_table, read_tables
from tests.support.organisations import make_principal
from tests.support.sensors import DAM, TODAY, make_context, make_record

ROW: dict[str, Cell] = {
    "Referentie": "ASD-1",
    "Kies soort / type sensor": "Optische / camera sensor",
    "Latitude": DAM[1],
    "Longitude": DAM[0],
    "Wat meet de sensor?": "Hoe druk het is",
    "Waarvoor meet u dat?": "Weten of er handhavers nodig zijn.",
    "Thema 1": "Mobiliteit: voetganger",
    "Thema 8 (niet verplicht)": "Milieu: water, bodem, lucht",
    "Worden er persoonsgegevens verwerkt?": "Nee",
    "Wanneer wordt de sensor verwijderd?": "31-12-2027",
}
AREA = "In welk gebied bevindt zich de mobiele sensor?"
MOBILE: dict[str, Cell] = {**ROW, "Latitude": None, "Longitude": None}


def make_form(*rows: dict[str, Any]) -> Table:
    return make_table(
        HEADINGS, *([row.get(heading) for heading in HEADINGS] for row in rows), name="Sensorregistratie"
    )


def make_sender(name: str | None, kvk: Cell = None) -> Table:
    answers: list[list[Cell]] = [
        ["Postcode", "1011 PN"],
        ["KVK-nummer (niet verplicht)", kvk],
        ["Voornaam", "Marleen"],
    ]
    return make_table(["Naam organisatie/bedrijf", name or ""], *answers, name="Uw gegevens")


def read_row(context: ReadingContext, **cells: Any) -> Record:
    _, (record,) = read_tables(context, make_form({**ROW, **cells}))
    return record


def fill_in(path: Path, sender: dict[int, str], rows: Sequence[dict[str, Any]]) -> Path:
    """Fill in the real workbook with openpyxl."""
    workbook = openpyxl.load_workbook(FORM)
    for place, answer in sender.items():
        workbook["Uw gegevens"].cell(place, 2, answer)
    sheet = workbook["Sensorregistratie"]
    for number, row in enumerate(rows, start=2):
        for column, heading in enumerate(HEADINGS, start=1):
            sheet.cell(number, column, row.get(heading))
    workbook.save(path)
    return path


def read_workbook(path: Path, context: ReadingContext) -> tuple[LayoutReader, list[Record]]:
    with open_source(path) as source:
        reader = open_records(source, context)
        return reader, [record for batch in reader.read_records() for record in batch]


def test_row_of_form_is_read(context: ReadingContext) -> None:
    reader, (record,) = read_tables(context, make_form(ROW))
    assert reader.layout == "amsterdam"
    assert not record.problems
    given = drop_empty(record.given)
    assert (given.pop("location").x, given.pop("themes")) == (
        DAM[0], ["mobility_pedestrian", "environment_water_soil_air"],
    )  # fmt: skip
    assert given == {
        "reference": "ASD-1",
        "sensorType": "optical_camera",
        "measures": "Hoe druk het is",
        "purpose": "Weten of er handhavers nodig zijn.",
        "personalData": "none",
        "mobility": "fixed",
        "placedFrom": "2026-03-01",
        "activeUntil": "2027-12-31",
        "owner": context.owner,
    }
    assert reader.find_heading(record.origin, "activeUntil") == "Wanneer wordt de sensor verwijderd?"
    assert reader.find_heading(record.origin, "location") == "Latitude"


@pytest.mark.parametrize("cell", [date(2027, 12, 31), datetime(2027, 12, 31), "31-12-2027", "2027-12-31"])  # noqa: DTZ001
def test_date_as_cell_or_text_is_read(context: ReadingContext, cell: Cell) -> None:
    record = read_row(context, **{"Wanneer wordt de sensor verwijderd?": cell})
    assert record.given["activeUntil"] == "2027-12-31"


def test_term_with_typing_error_is_not_a_new_term(context: ReadingContext) -> None:
    record = read_row(context, **{"Kies soort / type sensor": "Geluidsensr", "Thema 1": "Milieu: geluit"})
    assert record.given["sensorType"] == "Geluidsensr"
    assert record.given["themes"][0] == "Milieu: geluit"


def test_mobile_sensor_has_operating_area(context: ReadingContext) -> None:
    _, records = read_tables(
        context,
        make_form(
            *(
                {**MOBILE, "Referentie": text, AREA: text}
                for text in ("Amsterdam; Utrecht", "GM0363", "den haag")
            )
        ),
    )
    assert [record.given["operatingArea"] for record in records] == [
        ["GM0363", "GM0344"],
        ["GM0363"],
        ["GM0518"],
    ]
    assert {record.given["mobility"] for record in records} == {"mobile"}
    assert all(
        record.given["location"] is None and "locationDescription" not in record.given for record in records
    )


@pytest.mark.parametrize(
    "text", ["Nieuw-West", "centrum", "Stadsdeel Zuidoost", "Amsterdam-Noord", "Weesp", "Oost, West"]
)
def test_district_is_in_amsterdam_and_described(context: ReadingContext, text: str) -> None:
    _, (record,) = read_tables(context, make_form({**MOBILE, AREA: text}))
    assert (record.given["operatingArea"], record.given["locationDescription"]) == (["GM0363"], text)
    assert not record.problems


def test_area_unknown_is_refused_with_advice(context: ReadingContext) -> None:
    reader, (record,) = read_tables(context, make_form({**MOBILE, AREA: "Rotterdm"}))
    (problem,) = record.problems
    assert (problem.code, problem.location, problem.value) == (
        "unknown_municipality",
        "/operatingArea",
        "Rotterdm",
    )
    assert "Bedoelt u Rotterdam (GM0599)?" in problem.detail.nl
    assert "stadsdelen" in problem.detail.nl
    assert reader.find_heading(record.origin, "operatingArea") == AREA


def test_mobile_sensor_with_location_or_without_area_is_refused(context: ReadingContext) -> None:
    _, (both, neither) = read_tables(context, make_form({**ROW, AREA: "Amsterdam"}, MOBILE))
    assert list_codes(both) == [("location_of_mobile", "/location")]
    # The validation must not also require a geometry.
    assert both.given["operatingArea"] == ["GM0363"]
    assert list_codes(neither) == [("required", "/location")]


def test_coordinate_invalid_is_reported_at_its_cell(context: ReadingContext) -> None:
    reader, (record,) = read_tables(context, make_form({**ROW, "Longitude": "oost"}))
    assert list_codes(record) == [("invalid_number", "/location")]
    assert reader.find_heading(record.origin, "location", record.problems[0].value) == "Longitude"


def test_area_formula_without_value_is_refused(context: ReadingContext) -> None:
    gone = InvalidCell(
        ProblemCode.FORMULA_NOT_COMPUTED, "=B2", LocalizedText("Niet berekend.", "Not computed.")
    )
    _, (record,) = read_tables(context, make_form({**MOBILE, AREA: gone}))
    assert list_codes(record) == [("formula_not_computed", "/operatingArea")]


def test_legal_ground_with_stray_bracket_is_recognised(context: ReadingContext) -> None:
    ground = "Bescherming vitale belangen betrokkene(n) of van een andere natuurlijke persoon)"
    record = read_row(
        context, **{"Wettelijke grondslag": ground, "Worden er persoonsgegevens verwerkt?": "Ja"}
    )
    assert record.given["gdprBases"] == ["vital_interests"]
    assert record.given["personalData"] == "yes"


def test_field_missing_in_form_is_assumed_and_reported(context: ReadingContext) -> None:
    personal = {
        **ROW,
        "Worden er persoonsgegevens verwerkt?": "Ja",
        "Privacyverklaring": "amsterdam.nl/privacy",
    }
    reader, (record,) = read_tables(context, make_form(personal))
    assert record.given["retentionKind"] == "unknown"
    assert record.given["privacyStatementUrl"] == "https://amsterdam.nl/privacy"
    assert list_english(reader.assumptions) == [
        "Web addresses without https:// in front, such as amsterdam.nl/privacy, were read with https:// in front.",
        "The file does not say since when the sensors are there: today was filled in, 2026-03-01.",
        "The form does not ask how long data are kept: Unknown was filled in.",
    ]


def test_fields_missing_in_form_may_have_value_for_all_rows(context: ReadingContext) -> None:
    reader, _ = read_tables(context, make_form(ROW))
    for name in ("legalBasisText", "legalBasisUrl", "dpiaStatus", "retentionKind", "placedFrom"):
        assert not reader.asks(name)
    for name in ("reference", "gdprBases", "mobility", "operatingArea", "privacyStatementUrl"):
        assert reader.asks(name)
    defaults = {"legalBasisText": "Wegenwet", "dpiaStatus": "Niet verplicht", "placedFrom": "1-2-2026"}
    _, (record,) = read_tables(replace(context, defaults=defaults), make_form(ROW))
    given = record.given
    assert (given["legalBasisText"], given["dpiaStatus"], given["placedFrom"]) == (
        "Wegenwet", "not_required", "2026-02-01",
    )  # fmt: skip


def test_sensor_already_registered_gets_no_assumptions(session: Session, context: ReadingContext) -> None:
    assert context.owner is not None
    officer = make_principal(session, UUID(context.owner))
    register_sensor(session, make_context(officer), make_record(reference="ASD-1", owner=context.owner))
    again = load_context(session, owner=UUID(context.owner), defaults={}, language="nl", today=TODAY)
    _, (known, new) = read_tables(again, make_form(ROW, {**ROW, "Referentie": "ASD-2"}))
    assert "placedFrom" not in known.given
    assert new.given["placedFrom"] == "2026-03-01"


def test_remarks_and_personal_names_are_not_stored(context: ReadingContext) -> None:
    remark = {**ROW, "Opmerking (niet verplicht)": "Bel Marleen Geheim"}
    reader, records = read_tables(context, make_sender("Gemeente Amsterdam"), make_form(remark))
    assert reader.unused_headings == ["Opmerking (niet verplicht)"]
    assert "Marleen" not in repr(records) + repr(reader.assumptions)


def test_owner_is_found_by_number_or_name(context: ReadingContext, company: UUID) -> None:
    nobody = replace(context, owner=None)
    for sender in (
        make_sender("Heel anders", "01234567"),
        make_sender("meetbedrijf bv"),
        make_sender(None, 1234567),
    ):
        _, (record,) = read_tables(nobody, sender, make_form(ROW))
        assert record.given["owner"] == str(company)


def test_owner_name_mismatch_is_reported_without_the_name(context: ReadingContext) -> None:
    reader, (record,) = read_tables(context, make_sender("J. Jansen Metingen"), make_form(ROW))
    assert record.given["owner"] == context.owner
    told = " ".join(list_english(reader.assumptions))
    assert "the chosen owner is used: Gemeente Amsterdam" in told
    assert "Jansen" not in told


def test_owner_not_registered_is_refused(context: ReadingContext) -> None:
    with pytest.raises(InvalidRequest, match="Choose the owner yourself"):
        read_tables(replace(context, owner=None), make_sender("Onbekend BV"), make_form(ROW))
    with pytest.raises(InvalidRequest, match="Choose the owner yourself"):
        read_tables(replace(context, owner=None), make_form(ROW))


@needs_form
def test_workbook_of_amsterdam_is_read(tmp_path: Path, context: ReadingContext, company: UUID) -> None:
    real_date = datetime(2027, 12, 31)  # noqa: DTZ001 - Excel has no time zones
    path = fill_in(
        tmp_path / "formulier.xlsx",
        {1: "Meetbedrijf BV", 9: "01234567", 11: "Marleen", 13: "Geheim"},
        [
            ROW,
            {**ROW, "Referentie": 1001, "Wanneer wordt de sensor verwijderd?": real_date},
            {**MOBILE, AREA: "Noord"},
        ],
    )
    reader, records = read_workbook(path, replace(context, owner=None))
    assert reader.layout == "amsterdam"
    assert [record.origin for record in records] == [("Sensorregistratie", row) for row in (2, 3, 4)]
    assert [record.given["reference"] for record in records] == ["ASD-1", "1001", "ASD-1"]
    assert {record.given["owner"] for record in records} == {str(company)}
    assert {record.given["activeUntil"] for record in records} == {"2027-12-31"}
    assert records[2].given["operatingArea"] == ["GM0363"]
    assert not any(record.problems for record in records)
    assert list_english(reader.assumptions) == [
        "The file does not say since when the sensors are there: today was filled in, 2026-03-01."
    ]


@needs_form
def test_workbook_empty_is_refused_with_advice(context: ReadingContext) -> None:
    with pytest.raises(InvalidRequest, match="no sensors in the file"):
        read_workbook(FORM, context)
