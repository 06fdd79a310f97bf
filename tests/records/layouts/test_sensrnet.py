"""The template and the CSV of SensRNet."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.files.readers import open_source
from app.files.table import Cell
from app.records.layouts import ReadingContext, open_records
from app.records.layouts.sensrnet_terms import CATEGORIES, CONNECTIONS, SENSOR_TYPES, SUBTYPES, THEMES
from app.records.record import Record
from tests.support.layout_tables import drop_empty, list_codes, read_tables, tabulate

TEMPLATE = Path(__file__).parents[4] / "shared/geodata/reference/sensrnet_TemplateOpvoerAPI.xlsx"
needs_template = pytest.mark.skipif(
    not TEMPLATE.exists(), reason="the real template is not beside the repository"
)

ROW: dict[str, Cell] = {
    "Titel veld:": None,
    "Omschrijving Apparaat": "Een baken met sensoren",
    "Connectiviteit ": "LTE",
    "Naam Apparaat": "CityBeacon EHV-02",
    "Categorie Apparaat": "Baken",
    "Lattitude": 51.436525,
    "Longitude": 5.481299,
    "RD x": None,
    "RD y": None,
    "Hoogte [m]": 3,
    "Naam Opstelpunt": "Stadskantoor",
    "Opstelpunt omschrijving": "Nabij Stadhuisplein 1",
    "Naam Sensor": "Lucht EHV-02",
    "Omschrijving Sensor": "Meet elke tien minuten.",
    "Sensortype": "Luchtvervuilingssensor",
    "Omschrijving Datastroom": "Luchtkwaliteit",
    "Meeteenheid": "μg/m3",
    "Observatiegebied": "2 meter",
    "Thema Datastroom": "Lucht, Natuur- en landschapsbeheer; Gezondheid",
    "Datakwaliteit": "hoog",
    "Is de Datastroom beschikbaar als Open Data?": "waar",
    "Bevat de Datastroom persoonsgegevens?": "false",
    "Link naar Datastroom": "www.data.eindhoven.nl/lucht",
    "Naam Datastroom": "Luchtkwaliteit Eindhoven",
    "Obervatie doel wettelijke grondslag": "Wet milieubeheer",
    "Naam Observatie doel": "Gezondheid",
    "Beschrijving Observatie doel": "Beoordelen hoe schoon de lucht is.",
}
CSV: dict[str, Cell] = {
    "Category": "Camera",
    "Name": "cam-1",
    "Description": "Kijkt naar de brug",
    "Latitude": "51.9094",
    "Longitude": "4.4868",
    "Height": "999.99",
}
DEFAULTS: dict[str, Any] = {"activeUntil": "2028-01-01"}


def read_row(context: ReadingContext, row: dict[str, Cell], **cells: Cell) -> Record:
    _, (record,) = read_tables(context, tabulate({**row, **cells}))
    return record


def test_row_of_template_is_read(context: ReadingContext) -> None:
    reader, (record,) = read_tables(replace(context, defaults=DEFAULTS), tabulate(ROW))
    assert reader.layout == "sensrnet"
    assert not record.problems
    given = drop_empty(record.given)
    assert (given.pop("location").x, given.pop("owner")) == (5.481299, context.owner)
    assert given == {
        "reference": "Lucht EHV-02",
        "name": "Lucht EHV-02",
        "summary": "Meet elke tien minuten.",
        "sensorType": "chemical",
        "measures": "Luchtkwaliteit (μg/m3)",
        "connectivity": "cellular",
        "locationDescription": "Stadskantoor, Nabij Stadhuisplein 1",
        "heightM": 3,
        "heightReference": "ground",
        "viewDirectionDeg": 0,
        "viewAngleDeg": 360,
        "viewRangeM": 2,
        "purpose": "Beoordelen hoe schoon de lucht is.",
        "themes": ["environment_water_soil_air", "environment_nature", "safety_health"],
        "personalData": "none",
        "legalBasisText": "Wet milieubeheer",
        "openData": True,
        "dataUrl": "https://www.data.eindhoven.nl/lucht",
        "mobility": "fixed",
        "placedFrom": "2026-03-01",
        "activeUntil": "2028-01-01",
    }
    assert reader.unused_headings == ["Datakwaliteit"]
    assert not reader.asks("activeUntil")
    assert reader.asks("measures")


@pytest.mark.parametrize(
    ("sensor_type", "category", "read", "subtype"),
    [
        ("Detectielus", "Sensor", "presence", "induction_loop"),
        ("Omnidirectionele camera", "Camera", "optical_camera", None),
        ("Druksensor", "Sensor", "pressure", None),
        (None, "Beacon", "beacon", None),
        (None, "camera", "optical_camera", None),
        ("Toverstaf", "Sensor", "Toverstaf", None),
    ],
)
def test_sensor_type_follows_from_sensor_and_device(
    context: ReadingContext, sensor_type: Cell, category: Cell, read: str, subtype: str | None
) -> None:
    record = read_row(context, ROW, **{"Sensortype": sensor_type, "Categorie Apparaat": category})
    assert (record.given["sensorType"], record.given["sensorSubtype"]) == (read, subtype)


def test_device_without_type_requires_sensor_type(context: ReadingContext) -> None:
    row = {**CSV, "Category": "Sensor"}
    assert ("required", "/sensorType") in list_codes(read_row(context, row))
    record = read_row(replace(context, defaults={"sensorType": "Klimaatsensor"}), row)
    assert record.given["sensorType"] == "climate"
    assert not record.problems


def test_theme_unknown_stays_text_for_validation(context: ReadingContext) -> None:
    assert read_row(context, ROW, **{"Thema Datastroom": "Veiligheid; Sound"}).given["themes"] == [
        "Veiligheid", "environment_noise",
    ]  # fmt: skip


def test_rd_columns_are_read_when_filled(context: ReadingContext) -> None:
    record = read_row(context, ROW, Lattitude=None, Longitude=None, **{"RD x": 161542.95, "RD y": 383051.11})
    assert record.given["location"].x == pytest.approx(5.481299, abs=1e-5)
    both = read_row(context, ROW, **{"RD x": 161642.95, "RD y": 383051.11})
    assert list_codes(both) == [("positions_differ", "/location")]


@pytest.mark.parametrize("height", ["999.99", 999.99, "999,99"])
def test_height_unknown_is_empty(context: ReadingContext, height: Cell) -> None:
    given = read_row(context, ROW, **{"Hoogte [m]": height}).given
    assert given["heightM"] is None
    assert "heightReference" not in given


def test_observed_area_as_ring_is_read(context: ReadingContext) -> None:
    ring = "[5.48 51.43, 5.49 51.43, 5.49 51.44, 5.48 51.43]"
    given = read_row(context, ROW, Observatiegebied=ring).given
    assert given["observedArea"].geom_type == "Polygon"
    assert given["viewRangeM"] is None
    assert list_codes(read_row(context, ROW, Observatiegebied="de wijk")) == [
        ("invalid_area", "/observedArea")
    ]


def test_row_of_csv_is_read(context: ReadingContext) -> None:
    reader, (record,) = read_tables(context, tabulate(CSV))
    assert reader.layout == "sensrnet-csv"
    given = drop_empty(record.given)
    assert given.pop("location").y == 51.9094
    assert given == {
        "reference": "cam-1",
        "name": "cam-1",
        "summary": "Kijkt naar de brug",
        "sensorType": "optical_camera",
        "mobility": "fixed",
        "placedFrom": "2026-03-01",
        "owner": context.owner,
    }
    assert not reader.asks("measures")


@pytest.mark.parametrize("delimiter", [";", ","])
def test_csv_with_either_delimiter_is_recognised(
    tmp_path: Path, context: ReadingContext, delimiter: str
) -> None:
    path = tmp_path / "sensrnet.csv"
    path.write_text(delimiter.join(CSV) + "\n" + delimiter.join(map(str, CSV.values())) + "\n")
    with open_source(path) as source:
        reader = open_records(source, context)
        ((record,),) = reader.read_records()
    assert reader.layout == "sensrnet-csv"
    assert record.given["reference"] == "cam-1"
    assert record.given["heightM"] is None


@needs_template
def test_template_of_sensrnet_is_read_from_sixth_row(tmp_path: Path, context: ReadingContext) -> None:
    workbook = openpyxl.load_workbook(TEMPLATE)
    sheet = workbook["Blad1"]
    for column in range(1, sheet.max_column + 1):
        filled: Any = ROW.get(str(sheet.cell(1, column).value))
        sheet.cell(6, column, filled)
    workbook.save(tmp_path / "sensrnet.xlsx")
    with open_source(tmp_path / "sensrnet.xlsx") as source:
        reader = open_records(source, context)
        ((record,),) = reader.read_records()
    assert reader.layout == "sensrnet"
    assert record.origin == ("Blad1", 6)
    assert record.given["themes"][0] == "environment_water_soil_air"
    assert "Titel veld:" not in reader.unused_headings


def test_terms_of_sensrnet_are_terms_of_the_register(context: ReadingContext) -> None:
    for vocabulary, words in (
        ("sensorType", SENSOR_TYPES),
        ("sensorSubtype", SUBTYPES),
        ("themes", THEMES),
        ("connectivity", CONNECTIONS),
    ):
        assert set(words.values()) <= context.vocabularies.by_name[vocabulary].terms.keys()
        assert all(word == word.strip().casefold() for word in words)
    assert set(CATEGORIES.values()) - {""} <= context.vocabularies.by_name["sensorType"].terms.keys()
    for word, subtype in SUBTYPES.items():
        assert context.vocabularies.parent("sensorSubtype", subtype) == SENSOR_TYPES[word]


def test_second_of_two_filled_columns_is_reported(context: ReadingContext) -> None:
    reader, _ = read_tables(context, tabulate(ROW, ROW | {"Naam Apparaat": "Lucht EHV-02"}))
    told = [sentence.en for sentence in reader.assumptions if "was not used" in sentence.en]
    assert "Where Naam Sensor is filled in, Naam Apparaat was not used: 1 cell." in told
