"""The ceiling of an import: COPY of the file into a plain table, the municipality of each row, and indexes.

No value is checked, and there are no versions, publication, counts or audit entries. It shares the machine's disk,
PostgreSQL and municipalities with the register's own import.
"""

import time
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from tests.bench.import_file import HEADINGS

_CHUNK_BYTES: Final = 1 << 18

_NUMBERS: Final = ("longitude", "latitude")

_CREATE: Final = f"""
CREATE SCHEMA bare;
CREATE TABLE bare.line ({
    ", ".join(f'"{name}" {"double precision" if name in _NUMBERS else "text"}' for name in HEADINGS)
})
"""

_PLACE: Final = """
CREATE TABLE bare.sensor AS
SELECT row_number() OVER () AS id, line.*,
    ST_Transform(ST_SetSRID(ST_MakePoint(longitude, latitude), 4258), 28992) AS place_rd
FROM bare.line
"""

# The join starts from the parts and finds points by the index: far faster than starting from the points.
_ASSIGN: Final = """
CREATE TABLE bare.municipality AS
SELECT sensor.id, min(part.code) AS code
FROM publication.municipality_part AS part
JOIN publication.municipality_edition AS edition ON edition.edition = part.edition AND in_force
JOIN bare.sensor ON ST_Intersects(part.part_rd, sensor.place_rd)
GROUP BY sensor.id
"""

_STEPS: Final = {
    "place": (_PLACE, "CREATE INDEX ON bare.sensor USING gist (place_rd)", "ANALYZE bare.sensor"),
    "assign": (_ASSIGN,),
    "index": (
        "ALTER TABLE bare.sensor ADD PRIMARY KEY (id)",
        "CREATE UNIQUE INDEX ON bare.sensor (operator, reference)",
        "ALTER TABLE bare.municipality ADD PRIMARY KEY (id)",
        "CREATE INDEX ON bare.municipality (code)",
    ),
}


def import_bare(engine: Engine, path: Path) -> dict[str, float]:
    """Import the file and delete it again; returns the seconds of each step, of which the last is the commit."""
    seconds: dict[str, float] = {}
    begin = time.perf_counter()

    def note(step: str) -> None:
        nonlocal begin
        seconds[step] = time.perf_counter() - begin
        begin = time.perf_counter()

    with engine.connect() as connection:
        connection.execute(text(_CREATE))
        driver = connection.connection.driver_connection
        assert driver is not None
        with (
            path.open("rb") as file,
            driver.cursor() as cursor,
            cursor.copy("COPY bare.line FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while chunk := file.read(_CHUNK_BYTES):
                copy.write(chunk)
        note("copy")
        for step, statements in _STEPS.items():
            for statement in statements:
                connection.execute(text(statement))
            note(step)
        connection.commit()
        note("commit")
        connection.execute(text("DROP SCHEMA bare CASCADE"))
        connection.commit()
    return seconds
