"""The notation of tables: that of a program for names of the API, that of the reader's spreadsheet for labels."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.bootstrap.paths import ROOT
from app.core.i18n import Language
from app.files.writers.csv import choose_notation, write_header, write_lines, write_number, write_rows
from app.files.writers.schema import Column, ColumnKind, Layer
from app.spatial.crs import Crs
from tests.support.register import Register

MARK = b"\xef\xbb\xbf"
LAYER = Layer("sensors", "Point", (Column("hoogte", ColumnKind.NUMBER), Column("naam")), Crs.CRS84)
FEATURE = json.dumps(
    {
        "type": "Feature",
        "id": "a",
        "geometry": {"type": "Point", "coordinates": [4.89287, 52.37307]},
        "properties": {"hoogte": 4.5, "naam": "Dam; 1,5 meter"},
    }
).encode()


@pytest.mark.parametrize(
    ("language", "separator", "decimal_mark", "opening"),
    [(None, ",", ".", b""), ("en", ",", ".", MARK), ("nl", ";", ",", MARK)],
)
def test_table_has_the_notation_of_its_reader(
    language: Language | None, separator: str, decimal_mark: str, opening: bytes
) -> None:
    layer = replace(LAYER, language=language)

    content = write_header(layer) + write_rows([FEATURE], layer)

    assert content.startswith(opening)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=separator))
    assert rows[0] == ["id", "longitude", "latitude", "hoogte", "naam"]
    numbers = [f"4{decimal_mark}89287", f"52{decimal_mark}37307", f"4{decimal_mark}5"]
    assert rows[1] == ["a", *numbers, "Dam; 1,5 meter"]
    assert write_number(1234.5, language) == f"1234{decimal_mark}5"


def test_opening_is_before_the_header_alone() -> None:
    assert write_lines(["naam"], [["a"]], header=True, language="nl").startswith(MARK)
    assert not write_lines(["naam"], [["a"]], language="nl").startswith(MARK)
    assert write_number(None, "nl") is None
    assert write_number(3, "nl") == "3"


@pytest.mark.parametrize(
    ("address", "language"),
    [
        ("/cijfers/vergelijk.csv?gemeente=Amsterdam&gemeente=Utrecht", "nl"),
        ("/en/cijfers/vergelijk.csv?gemeente=Amsterdam&gemeente=Utrecht", "en"),
        ("/sensoren/bestand.csv", "nl"),
        ("/en/sensoren/bestand.csv", "en"),
        ("/v1/statistics?by=municipality&f=csv&lang=nl", None),
        ("/v1/statistics/completeness?f=csv&lang=nl", None),
        ("/v1/collections/sensors/items?f=csv", None),
    ],
)
def test_every_public_table_has_one_of_these_notations(
    filled: Register, address: str, language: Language | None
) -> None:
    client: TestClient = filled.client
    content = client.get(address, follow_redirects=True).content
    notation = choose_notation(language)

    assert content.startswith(notation.opening)
    assert content.startswith(MARK) == bool(notation.opening)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=notation.separator))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])} != {1}
    cells = [cell for row in rows[1:] for cell in row]
    wrong = "." if notation.decimal_mark == "," else ","
    assert not [cell for cell in cells if re.fullmatch(rf"-?\d+[{wrong}]\d+", cell)]


def test_no_other_module_writes_a_csv_notation_of_its_own() -> None:
    """Annotated files keep the notation of the file that came in; `write_csv` is called in one place."""
    callers = {
        path.relative_to(ROOT).as_posix()
        for path in Path(ROOT / "app").rglob("*.py")
        if re.search(r"\bwrite_csv\(|csv\.writer\(", path.read_text())
    }
    assert callers == {"app/files/writers/csv.py", "app/files/annotations/csv.py"}
