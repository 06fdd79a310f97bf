"""A file like an officer's: one owner, every kind of column, repeating texts and different places."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import Engine, text

from app.spatial.crs import lonlat_from_rd

HEADINGS: Final = (
    "reference", "name", "summary", "sensorType", "sensorSubtype", "measures", "manufacturer", "model", "supplier",
    "specificationUrl", "connectivity", "operator", "mobility", "longitude", "latitude", "locationAccuracy",
    "locationDescription", "postcode", "houseNumber", "heightM", "heightReference", "viewDirectionDeg", "viewAngleDeg",
    "viewRangeM", "mounting", "bgtId", "purpose", "themes", "project", "personalData", "gdprBases", "legalBasisText",
    "legalBasisUrl", "privacyStatementUrl", "dpiaStatus", "dpiaReference", "dpiaDate", "retentionKind",
    "retentionPeriod", "recipients", "storage", "dataTypes", "processing", "openData", "dataUrl", "moreInfoUrl",
    "placedFrom", "activeUntil", "visibility",
)  # fmt: skip
"""Columns of a bare table: longitude and latitude are numbers, all others text."""

_TOWNS = """
SELECT ST_X(label_point_rd), ST_Y(label_point_rd)
FROM publication.municipality JOIN publication.municipality_edition USING (edition) WHERE in_force ORDER BY code
"""

# Type, subtype, theme, mounting, measures, purpose.
_KINDS: Final = (
    ("optical_camera", "traffic", "mobility_car", "traffic_light", "Hoe druk het verkeer is",
     "Zien waar het verkeer vastloopt, om de verkeerslichten daarop af te stellen."),
    ("sound", "", "environment_noise", "lamp_post", "Geluid in decibel",
     "Weten hoe luid het is in de straat, om daar beleid op te maken."),
    ("climate", "weather_station", "environment_climate_change", "lamp_post", "Temperatuur en vocht",
     "Weten waar het in de zomer te heet wordt, om daar bomen te planten."),
    ("chemical", "", "environment_substances", "facade", "Fijnstof en stikstof in de lucht",
     "Weten hoe schoon de lucht is bij scholen en drukke wegen."),
    ("presence", "induction_loop", "mobility_bicycle", "road_surface", "Hoeveel fietsers er langskomen",
     "Tellen hoeveel mensen de route nemen, om te zien of hij breed genoeg is."),
)  # fmt: skip

_STREETS: Final = ("Dorpsstraat", "Kerkstraat", "Stationsweg", "Molenweg", "Schoolstraat", "Beatrixlaan")

_BATCH: Final = 20_000


def write_file(path: Path, engine: Engine, rows: int, owner_name: str, today: date) -> None:
    """Write a CSV file of so many sensors, near the middle of every municipality in force.

    The same `rows` gives the same file, but for the days.
    """
    with engine.connect() as connection:
        towns = np.array([tuple(row) for row in connection.execute(text(_TOWNS))])
    chance = np.random.default_rng(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for first in range(1, rows + 1, _BATCH):
            numbers = range(first, min(first + _BATCH, rows + 1))
            places = _choose_places(chance, towns, len(numbers))
            writer.writerows(_make_rows(numbers, places, owner_name, today))


def _choose_places(
    chance: np.random.Generator, towns: np.ndarray, size: int
) -> Sequence[tuple[float, float]]:
    """Draw longitude and latitude, closer together near the middle of a town."""
    town = towns[chance.integers(len(towns), size=size)]
    away = 4000 * chance.random(size) * chance.random(size)
    turn = 2 * np.pi * chance.random(size)
    lon, lat = lonlat_from_rd(town[:, 0] + away * np.sin(turn), town[:, 1] + away * np.cos(turn))
    return list(zip(np.round(lon, 7).tolist(), np.round(lat, 7).tolist(), strict=True))


def _make_rows(
    numbers: range, places: Sequence[tuple[float, float]], owner_name: str, today: date
) -> Iterator[tuple[object, ...]]:
    for number, (longitude, latitude) in zip(numbers, places, strict=True):
        kind = number % len(_KINDS)
        sensor_type, subtype, theme, mounting, measures, purpose = _KINDS[kind]
        camera = kind == 0
        street, house = _STREETS[number % len(_STREETS)], 1 + number % 180
        yield (
            f"S-{number:07}", f"Meetpunt {number}", "Meet op deze plek wat er op straat gebeurt.", sensor_type, subtype,
            measures, f"Fabrikant {number % 12}", f"Model {number % 40}", f"Leverancier {number % 8}",
            f"https://example.org/specificatie/{number % 40}", ("wired", "cellular", "lora")[number % 3], owner_name,
            "fixed", longitude, latitude, "exact", f"Aan een lantaarnpaal bij {street} {house}",
            f"{1000 + number % 8999} AB", house, 2 + number % 7 / 2, "ground",
            *((number % 360, 60, 40) if camera else ("", "", "")), mounting,
            f"G0363.{number * 0x9E3779B97F4A7C15 % (1 << 128):032x}", purpose, theme, f"Project {number % 25}",
            *(("yes", "public_task", "Wegenverkeerswet 1994 art. 2", "https://wetten.overheid.nl/BWBR0006622",
               "https://example.org/privacy", "done", f"DPIA-{number % 30}", "2025-06-01", "fixed", "P28D") if camera
              else ("none", *[""] * 9)),
            "Medewerkers van de eigenaar", "In Nederland, versleuteld", "values_time", "aggregated",
            "true" if number % 2 else "false", f"https://example.org/data/{number}", "https://example.org/meer",
            today - timedelta(days=number % 900), today + timedelta(days=100 + number % 900), "public",
        )  # fmt: skip
