"""CSV as programs in Dutch town halls write it."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.files.readers import FileLimits, open_source
from app.files.writers.csv import defuse
from tests.support.source_files import measure_peak, read_one, why_refused


def write(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "sensoren.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiter_and_encoding_are_detected(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["Referentie", "Naam"], ["A1", "Café ’t IJ"], ["A2", "Coöperatie"]]
    text = "".join(delimiter.join(row) + "\r\n" for row in rows)
    contents = read_one(write(tmp_path, text, encoding))
    assert contents.table.headings == ("Referentie", "Naam")
    assert contents.cells == rows[1:]


def test_delimiter_is_detected_when_headings_contain_another(tmp_path: Path) -> None:
    path = write(tmp_path, "Naam, of omschrijving;Straat, nummer;Ref\nA;B;C\nD;E;F\n")
    assert read_one(path).table.headings == ("Naam, of omschrijving", "Straat, nummer", "Ref")


@pytest.mark.parametrize(
    ("text", "decimal_comma"),
    [
        ("ref;lat;lon\nA1;52,3676;4,9041\n", True),
        ("ref;x;y\nA1;121.687,25;487.484,5\n", True),
        ("ref,lat,lon\nA1,52.3676,4.9041\n", False),
        ('ref,lat,lon\nA1,"52,3676","4,9041"\n', True),
        ("ref;name\nA1;1,2,3\n", False),
    ],
)
def test_decimal_comma_is_detected(tmp_path: Path, text: str, decimal_comma: bool) -> None:
    assert read_one(write(tmp_path, text)).table.decimal_comma is decimal_comma


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    path = write(tmp_path, 'ref;text\nA1;"two\r\nlines"\n\n;\nA2; after \n')
    rows = read_one(path).rows
    assert [(row.number, list(row.cells)) for row in rows] == [
        (2, ["A1", "two\r\nlines"]),
        (5, ["A2", "after"]),
    ]


@pytest.mark.parametrize("end", ["", "\n", "\r\nA4;4\r\n"])
def test_unclosed_quotation_mark_is_refused(tmp_path: Path, end: str) -> None:
    refusal = why_refused(write(tmp_path, f'ref;text\nA1;1\nA2;"24 inch\nA3;3{end}'))
    assert 'In row 3, cell 2, a quotation mark (") begins that ends nowhere' in refusal


def test_quotation_mark_within_a_text_is_part_of_it(tmp_path: Path) -> None:
    path = write(tmp_path, 'ref;text\nA1;24" inch\nA2;"24"" inch"\nA3;"24 inch"""')
    assert [row.cells[1] for row in read_one(path).rows] == ['24" inch', '24" inch', '24 inch"']


def test_missing_cells_at_the_end_of_a_row_are_empty(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;a;b;;\nA1;1\nA2;1;2;;;;\n")
    assert read_one(path).cells == [["A1", "1", None], ["A2", "1", "2"]]


def test_row_with_more_cells_than_headings_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;a\nA1;1\nA2;2;3\n")
    assert why_refused(path).startswith("Row 3 has 3 cells, and there are 2 headings.")


def test_invalid_utf_8_is_refused_with_line_and_byte(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;naam\nA1;Café\nA2;".encode() + b"Caf\xe9\n")
    reason = why_refused(path)
    assert reason.startswith("Line 3 holds what is not UTF-8: 0xE9, byte 25 of the file.")
    assert path.read_bytes()[24] == 0xE9


def test_truncated_character_at_the_end_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;naam\nA1;é;è".encode()[:-1])
    assert why_refused(path).startswith("Line 2 holds what is not UTF-8: 0xC3")


def test_invalid_utf_8_far_into_a_file_is_refused(tmp_path: Path) -> None:
    lines = "A1;Café\n".encode() * 300_000
    path = write(tmp_path, b"ref;naam\n" + lines + b"A2;\xff\n" + lines)
    assert why_refused(path).startswith("Line 300002 holds what is not UTF-8: 0xFF")


def test_bytes_of_no_supported_encoding_are_refused(tmp_path: Path) -> None:
    assert why_refused(write(tmp_path, b"ref;naam\nA1;\x81\n")).startswith(
        "Line 2 holds what is not Windows-1252"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_nul_byte_is_refused(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "ref;naam\nA1;é\nA2;x\x00y\n", encoding)
    assert why_refused(path).startswith("Line 3 holds")


def test_extra_quotation_mark_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, 'ref;naam\nA1;"open\n' + "A2;closed\n" * 200_000)
    assert why_refused(path).startswith("Row 2 cannot be read: a cell is too long")


def test_endless_line_is_refused_before_it_is_held(tmp_path: Path) -> None:
    path = write(tmp_path, b"ref;naam\nA1;" + b"x" * 12_000_000)
    assert "a line of more than 10000000 characters" in why_refused(path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        # Cells without number, refused at the second row.
        (b"a," * 1_000_000 + b"\n", "Row 2 has 1000001 cells, and there are 2 headings."),
        # Long cells that fit: all of them are read.
        (b"a," + b"x" * 900_000 + b"\n", None),
        # One row over many lines.
        (b'"a\n",' * 500_000, "Row 2 cannot be read"),
    ],
    ids=["wide", "long", "over lines"],
)
def test_few_long_rows_are_held_in_memory(tmp_path: Path, line: bytes, reason: str | None) -> None:
    path = write(tmp_path, b"ref,naam\n" + line * 60)

    def read() -> None:
        limits = FileLimits(row_characters=2_500_000)
        if reason is None:
            with open_source(path, limits=limits) as source:
                (table,) = source.read_tables()
                assert sum(1 for _ in table.rows) == 60
        else:
            assert why_refused(path, limits).startswith(reason)

    # The file is 54 MB and more, and what it holds several times that.
    assert measure_peak(read) < 80_000_000


def test_dialect_is_detected_when_first_lines_are_long(tmp_path: Path) -> None:
    row = "A1;" + "a, b, c, " * 30_000 + ";2,5\n"
    path = write(tmp_path, "ref;naam;hoogte\n" + row * 6)
    contents = read_one(path)
    assert contents.table.headings == ("ref", "naam", "hoogte")
    assert contents.table.decimal_comma
    assert len(contents.rows) == 6


def test_too_many_rows_or_columns_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;naam\n" + "A1;x\n" * 101)
    assert why_refused(path, FileLimits(rows=100)) == "The file has more than 100 rows. Hand it in in parts."
    path = write(tmp_path, ";".join(f"c{number}" for number in range(40_000)) + "\n")
    assert why_refused(path).startswith("The file has 40000 columns")


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(str.strip), min_size=1))
def test_text_marked_by_our_csv_writer_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    marked = defuse(pa.array(texts)).to_pylist()
    quoted = ['"{}"'.format(text.replace('"', '""')) for text in marked]
    path = write(tmp_path_factory.mktemp("marked"), "ref,naam\n" + "".join(f"A1,{text}\n" for text in quoted))
    assert read_one(path).cells == [["A1", text or None] for text in texts]
