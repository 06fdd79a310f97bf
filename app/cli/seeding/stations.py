"""The weather stations of the KNMI, from facts that it publishes. Source: seed/README.md."""

import csv
from datetime import date
from typing import Any, Final

from app.cli.seeding.seed_files import FOLDER, SeedEntry

OWNER: Final = "knmi"

_OBSERVED: Final = {
    "wind": "wind",
    "temperature": "temperatuur",
    "precipitation": "neerslag",
    "sunshine": "zonneschijn",
    "pressure": "luchtdruk",
    "visibility": "zicht",
    "clouds": "bewolking",
    "humidity": "vochtigheid",
}


def read_stations(today: date, municipalities: tuple[str, ...]) -> list[SeedEntry]:
    """Every station; each lies in one of the municipalities, and which one is the register's to find."""
    with (FOLDER / "knmi_stations.csv").open(encoding="utf-8", newline="") as file:
        return [
            SeedEntry(_make_record(row, today), municipalities, by_owner=True) for row in csv.DictReader(file)
        ]


def _make_record(row: dict[str, str], today: date) -> dict[str, Any]:
    record = {
        "owner": OWNER,
        "reference": row["number"],
        "name": f"Weerstation {row['name']}",
        "summary": f"Weerstation {row['number']} van het KNMI.",
        "sensorType": "climate",
        "sensorSubtype": "weather_station",
        "measures": ", ".join(_OBSERVED[name] for name in row["observes"].split()).capitalize(),
        "purpose": "Het weer en het klimaat waarnemen, voor verwachtingen, waarschuwingen en onderzoek.",
        "themes": ["environment_climate_change", "research_statistics"],
        "personalData": "none",
        "mobility": "fixed",
        "location": {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]},
        "heightM": float(row["altitude_m"]),
        "heightReference": "nap",
        "dataTypes": ["values_time"],
        "openData": True,
        "dataUrl": "https://dataplatform.knmi.nl",
        "moreInfoUrl": "https://www.knmi.nl/nederland-nu/klimatologie/daggegevens",
        "placedFrom": row["first_day"],
        # An end is asked for, at most five years ahead; the README of the folder says what this one means.
        "activeUntil": row["last_day"] or date(today.year + 4, 12, 31).isoformat(),
    }
    return record | ({"removedOn": row["last_day"]} if row["last_day"] else {})
