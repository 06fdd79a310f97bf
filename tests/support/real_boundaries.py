"""The real files in ../shared/geodata."""

import csv
from pathlib import Path

BOUNDARIES = {
    2021: "gemeenten_2021_kadaster_incl_water.geojson",
    2022: "gemeenten_2022_cbs_gegeneraliseerd.geojson",
    2024: "gemeenten_2024_cbs_gegeneraliseerd.geojson",
}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
