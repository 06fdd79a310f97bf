"""The real boundaries of 2021, 2022 and 2024, loaded in turn, and real sensors in them."""

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.municipalities.editions import EditionReport, load_edition
from app.municipalities.queries import find_municipality_at, load_directory
from tests.support.real_boundaries import BOUNDARIES, read_rows

ENDED_IN_2022 = {
    **dict.fromkeys(["GM0398", "GM0416"], "GM1980"),
    **dict.fromkeys(["GM0756", "GM0786", "GM0815", "GM1684", "GM1702"], "GM1982"),
    **dict.fromkeys(["GM0856", "GM1685"], "GM1991"),
    "GM0370": "GM0439",
}
ENDED_IN_2024 = {"GM0457": "GM0363", **dict.fromkeys(["GM0501", "GM0530", "GM0614"], "GM1992")}


def load(session: Session, folder: Path, year: int) -> EditionReport:
    return load_edition(session, str(folder / "boundaries" / BOUNDARIES[year]), year)


@pytest.mark.slow
def test_each_real_edition_loads_with_its_successions(session: Session, real_data: Path) -> None:
    reports = {year: load(session, real_data, year) for year in BOUNDARIES}

    assert [report.municipalities for report in reports.values()] == [352, 345, 342]
    assert [report.in_force for report in reports.values()] == [2021, 2022, 2024]
    for report in (reports[2022], reports[2024]):
        assert report.shift is not None
        assert report.shift.length_m < 0.5
    assert reports[2022].ended == tuple(sorted(ENDED_IN_2022))
    assert reports[2022].begun == ("GM1980", "GM1982", "GM1991")
    assert reports[2024].ended == tuple(sorted(ENDED_IN_2024))
    assert reports[2024].begun == ("GM1992",)

    gone = {each.code: each for each in load_directory(session).municipalities if not each.in_force}
    assert {code: each.successor and each.successor.code for code, each in gone.items()} == (
        ENDED_IN_2022 | ENDED_IN_2024
    )
    assert all(each.successor and each.successor.share > 0.99 for each in gone.values())
    assert (gone["GM0370"].edition, gone["GM0457"].edition) == (2021, 2022)
    # The name of a year before does not find another code.
    assert load_directory(session).get_municipality("Laren").code == "GM0417"
    assert load_directory(session).get_municipality("Beemster").code == "GM0370"


@pytest.mark.slow
def test_real_sensors_are_in_their_municipalities(session: Session, real_data: Path) -> None:
    load(session, real_data, 2022)
    load(session, real_data, 2024)
    looked_at = 0
    for name in (
        "bgt_sensoren_denhaag_rotterdam.csv",
        "rivm_lml_stations_2014.csv",
        "rivm_lml_stations_all_2013.csv",
        "knmi_weerstations.csv",
    ):
        for row in read_rows(real_data / "sensors" / name):
            if not row["gm_code_2023"]:
                continue
            looked_at += 1
            place = find_municipality_at(session, float(row["rd_x"]), float(row["rd_y"]))
            assert place is not None, row
            # The files name the codes of 2023, which are those of 2024.
            assert place.code == row["gm_code_2023"], row
    assert looked_at > 300


@pytest.mark.slow
def test_shifted_real_edition_is_refused(session: Session, real_data: Path, tmp_path: Path) -> None:
    load(session, real_data, 2022)
    collection = json.loads((real_data / "boundaries" / BOUNDARIES[2024]).read_bytes())
    # 31 m east and 108 m north, in degrees at the middle of the country.
    east, north = 31 / 68_250, 108 / 111_270
    for feature in collection["features"]:
        feature["geometry"]["coordinates"] = [
            [[[lon + east, lat + north] for lon, lat in ring] for ring in polygon]
            for polygon in feature["geometry"]["coordinates"]
        ]
    shifted = tmp_path / "shifted.geojson"
    shifted.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(Conflict, match=r"(30|31)\.\d m east and (107|108)\.\d m north"):
        load_edition(session, str(shifted), 2024)
