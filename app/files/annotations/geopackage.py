"""GeoPackage with a column of remarks, in a copy."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from app.files.annotations.row_problems import FileProblems
from app.files.readers.geopackage import explain_database_damage, quote_name
from app.files.table import ANNOTATION_HEADINGS

# What keeps the index of a layer and its number of features right. Others are of who knows whom, and are left out.
_KEPT_TRIGGERS: Final = ("rtree_", "trigger_insert_feature_count_", "trigger_delete_feature_count_")
_STEPS_BETWEEN_LOOKS: Final = 100_000
_SECONDS: Final = 60


def annotate_geopackage(source: Path, destination: Path, problems: FileProblems) -> None:
    """Copy the file and add the column. Raises: InvalidRequest where it is damaged."""
    shutil.copyfile(source, destination)
    with closing(sqlite3.connect(destination, isolation_level=None)) as database, explain_database_damage():
        database.execute("PRAGMA trusted_schema=OFF")
        # Nobody needs to recover a copy, and nothing may lie beside it.
        database.execute("PRAGMA journal_mode=MEMORY")
        end = time.monotonic() + _SECONDS
        database.set_progress_handler(lambda: time.monotonic() > end, _STEPS_BETWEEN_LOOKS)
        database.execute("BEGIN")
        layers = [name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")]
        triggers = [
            (name, statement)
            for name, statement, table in database.execute(
                "SELECT name, sql, tbl_name FROM sqlite_schema WHERE type = 'trigger'"
            )
            if table in layers
        ]
        # They would call functions that GDAL has and SQLite has not, or do harm.
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {quote_name(name)}")
        for layer in layers:
            _remark_layer(database, layer, problems)
        for name, statement in triggers:
            if name.startswith(_KEPT_TRIGGERS) and statement.upper().startswith("CREATE TRIGGER"):
                database.execute(statement)
        database.execute("COMMIT")


def _remark_layer(database: sqlite3.Connection, layer: str, problems: FileProblems) -> None:
    table = quote_name(layer)
    names = [name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", [layer])]
    for name in ANNOTATION_HEADINGS.intersection(names):
        database.execute(f"UPDATE {table} SET {quote_name(name)} = NULL")  # noqa: S608 - names that the file has
    if not problems.has_table(layer):
        return
    column = quote_name(problems.heading)
    if problems.heading not in names:
        database.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")
    rows = problems.list_rows(layer)
    wanted = next(rows, None)
    keys = database.execute(f"SELECT rowid FROM {table} ORDER BY rowid").fetchall()  # noqa: S608 - as above
    for number, (key,) in enumerate(keys, start=1):
        if number != wanted:
            continue
        found = problems.find_row(layer, number)
        if found is not None:
            change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608 - as above
            database.execute(change, [found.remark, key])
        wanted = next(rows, None)
