"""The spatial index of a GeoPackage, put into a file that was written without one.

GDAL writes it when it closes a file. For a million features that takes seconds in which no other thread runs, so a
server process would not answer. When SQLite writes it, other threads run between two rows.
Source: OGC 12-128r17, annex F.3 (RTree Spatial Indexes).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from math import isnan
from pathlib import Path
from typing import Final

import numpy as np

_AT_A_TIME: Final = 10_000
_SIDES: Final = 4


def add_index(path: Path, boxes: Path, pattern: Path) -> None:
    """Index the places of a GeoPackage's layer as `pattern` has it, a file of the same layer without features.

    `boxes` has the sides of each feature, in order, as four doubles: west, south, east, north.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        # The file is not published yet: if this fails it is discarded.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("ATTACH DATABASE ? AS pattern", [str(pattern)])
        database.execute("BEGIN")
        missing = database.execute(
            "SELECT type, name, sql FROM pattern.sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT IN (SELECT name FROM main.sqlite_master)"
        ).fetchall()
        tables = {name: sql for kind, name, sql in missing if kind == "table"}
        index = next(name for name, sql in tables.items() if sql.startswith("CREATE VIRTUAL TABLE"))
        # SQLite creates the tables of an R-tree together with it.
        for name in (index, *(name for name in tables if not name.startswith(index))):
            database.execute(tables[name])
        # The name is GDAL's own.
        database.executemany(f'INSERT INTO "{index}" VALUES (?, ?, ?, ?, ?)', _read_rows(boxes))  # noqa: S608 - see above
        for kind, _, sql in missing:
            if kind == "trigger":
                database.execute(sql)
        database.execute(
            "INSERT INTO main.gpkg_extensions SELECT * FROM pattern.gpkg_extensions"
            " EXCEPT SELECT * FROM main.gpkg_extensions"
        )
        database.execute("COMMIT")


def _read_rows(boxes: Path) -> Iterator[tuple[int, float, float, float, float]]:
    """The rows of the index: the number of a feature, counted from 1, and its sides by axis.

    A feature without a place has none.
    """
    number = 0
    with boxes.open("rb") as sides:
        while (some := np.fromfile(sides, "<f8", _SIDES * _AT_A_TIME)).size:
            for west, south, east, north in some.reshape(-1, _SIDES).tolist():
                number += 1
                if not isnan(west):
                    yield number, west, east, south, north
