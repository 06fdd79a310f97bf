"""CSV as programs in Dutch town halls write it."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.files.readers import FileLimits, open_source
from app.files.reading_account import CellExample, ReadColumn
from app.files.writers.csv import defuse
from tests.support.source_files import measure_peak, read_one, read_refusal, why_refused


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
    assert 'Row 3, column B (text): here a quotation mark (") begins that ends nowhere.' in refusal


def test_doubled_quotation_mark_in_a_quoted_cell_is_part_of_its_text(tmp_path: Path) -> None:
    path = write(tmp_path, 'ref;text;a\nA1;"24"" inch";","\nA2;"24 inch""";"\n"\nA3;"""x"";""y""";""\n')
    assert read_one(path).cells == [
        ["A1", '24" inch', ","],
        ["A2", '24 inch"', None],
        ["A3", '"x";"y"', None],
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('ref;text;a\nA1;24" inch;x\n', ["Row 2, column B (text)"]),
        ('ref;text;a\nA1;"24" inch;x\n', ["Row 2, column B (text)"]),
        ('ref;text;a\nA1;24";x"\n', ["Row 2, column B (text)", "Row 2, column C (a)"]),
        # These pairs of marks are next to delimiters, but none is in its place.
        ('ref;text;a;b;c\nA1;a"b;";";c"d;x\n', ["Row 2, column B (text)", "Row 2, column D (b)"]),
        ('ref;text\nA1;"two\nlines"\nA2;a""b\n', ["Row 3, column B (text)"]),
        ('ref;t"ext\nA1;x\n', ["Row 1, column B:"]),
        # Two open quotation marks, which together would make one cell of four rows.
        (
            'ref;text;a\nA1;"t Hoekje;x\nA2;brug;x\nA3;"t Gat;x\nA4;einde;x\n',
            ["Row 2, column B (text)", "Row 4, column B (text)"],
        ),
        ('sep=;\nref;text;a\nA1;24" inch;x\n', ["Row 2, column B (text)"]),
    ],
)
def test_every_wrong_quotation_mark_is_refused_with_row_and_column(
    tmp_path: Path, text: str, places: list[str]
) -> None:
    refusal = read_refusal(write(tmp_path, text))
    assert [problem.code for problem in refusal.problems] == ["malformed_csv"] * len(places)
    for problem, place in zip(refusal.problems, places, strict=True):
        assert problem.detail.en.startswith(place)
        assert refusal.detail is not None
        assert problem.detail.nl in refusal.detail.nl


def test_first_twenty_wrong_quotation_marks_are_listed(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;text\n" + 'A1;24" inch\n' * 100)
    assert len(read_refusal(path).problems) == 20


def test_missing_cells_at_the_end_of_a_row_are_empty(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;a;b;;\nA1;1\nA2;1;2;;;;\n")
    assert read_one(path).cells == [["A1", "1", None], ["A2", "1", "2"]]


def test_row_with_more_cells_than_headings_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;a\nA1;1\nA2;2;3\n")
    assert why_refused(path).startswith("Row 3 has 3 cells, and there are 2 headings. Put a text")
    path = write(tmp_path, "ref;a\nA1;1\nA2;2;3\nA3;3\nA4;2;3;4;5\n")
    assert "Row 3 has 3 cells, and there are 2 headings. Rows 5 too." in why_refused(path)


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


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("mac_roman", "MacRoman"),
        ("cp850", "DOS 850"),
        # The same bytes as in 850.
        ("cp437", "DOS 850"),
    ],
)
def test_encoding_is_recognised_and_shown_with_an_example(tmp_path: Path, encoding: str, name: str) -> None:
    path = write(tmp_path, "ref;naam\nA1;x\nA2;Café Coördinatie\nA3;één\n", encoding)
    with open_source(path) as source:
        (table,) = source.read_tables()
        assert [row.cells[1] for row in table.rows] == ["x", "Café Coördinatie", "één"]
        assert source.account.encoding == name
        assert source.account.encoding_example == CellExample(3, "B", "Café Coördinatie")
        assert source.account.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "foto’s van ’t IJ",
        "Privé “citaat” – à €5",
        "20 °C en 5 m²",
        "ruimte…",
        "‘s-Hertogenbosch",
        "Łódź".replace("Ł", "L").replace("ź", "z"),
        "Dušan Coördinatie",
        "100 ‰",
        "CAFÉ Één",
        "½ uur ± 3 µg/m³",
    ],
)
def test_windows_text_is_not_taken_for_another_encoding(tmp_path: Path, text: str) -> None:
    assert read_one(write(tmp_path, f"ref;naam\nA1;{text}\n", "cp1252")).cells == [["A1", text]]


@pytest.mark.parametrize(("text", "encoding"), [("Coördinatie", "mac_roman"), ("Curaçao", "cp850")])
def test_text_of_an_uncertain_encoding_is_refused_with_its_readings(
    tmp_path: Path, text: str, encoding: str
) -> None:
    refusal = why_refused(write(tmp_path, f"ref;naam\nA1;{text}\n", encoding))
    assert refusal.startswith("The file is not UTF-8, and it is not certain in which encoding")
    assert text in refusal
    assert "save it as CSV UTF-8" in refusal


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cafÃ©", "encoded in UTF-8 twice (row 3, column B): cafÃ©."),
        ("fotoâ€™s", "encoded in UTF-8 twice (row 3, column B)"),
        ("20 Â°C", "encoded in UTF-8 twice (row 3, column B)"),
        ("caf\ufffd", "The text holds \ufffd (row 3, column B): caf\ufffd."),
    ],
)
def test_damaged_text_is_warned_about_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    path = write(tmp_path, f"ref;naam\nA1;é\nA2;{text}\n")
    with open_source(path) as source:
        (table,) = source.read_tables()
        assert len(list(table.rows)) == 2
        (warning,) = source.account.warnings
    assert reason in warning.en


@pytest.mark.parametrize("text", ["SÃO PAULO", "Ângela", "Ã", "â"])
def test_portuguese_text_is_not_called_damaged(tmp_path: Path, text: str) -> None:
    with open_source(write(tmp_path, f"ref;naam\nA1;{text}\n")) as source:
        (table,) = source.read_tables()
        assert [list(row.cells) for row in table.rows] == [["A1", text]]
        assert source.account.warnings == ()


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "sep=;;;\n"])
def test_separator_line_is_read_and_not_counted(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, f"{line}ref;a, b, c\nA1;1, 2, 3\n", "utf-8-sig")
    with open_source(path) as source:
        (table,) = source.read_tables()
        assert table.headings == ("ref", "a, b, c")
        assert [(row.number, list(row.cells)) for row in table.rows] == [(2, ["A1", "1, 2, 3"])]
        assert (source.account.delimiter, source.account.has_separator_line) == (";", True)


def test_unusual_delimiter_of_a_separator_line_is_used(tmp_path: Path) -> None:
    assert read_one(write(tmp_path, "sep=^\nref^naam\nA1^a;b,c\n")).cells == [["A1", "a;b,c"]]


def test_headings_below_a_title_are_found_and_the_skipped_rows_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, "Sensoren 2026;;\n;;\nNaam;Testdam;\nRef;Naam;Type\nA1;x;y\n")
    with open_source(path, is_heading={"Ref", "Naam", "Type"}.__contains__) as source:
        (table,) = source.read_tables()
        assert table.headings == ("Ref", "Naam", "Type")
        assert [(row.number, list(row.cells)) for row in table.rows] == [(5, ["A1", "x", "y"])]
        (account,) = source.account.tables
    assert account.heading_row == 4
    assert account.skipped_rows == ((1, "Sensoren 2026"), (3, "Naam | Testdam"))
    assert account.columns == (ReadColumn("A", "Ref"), ReadColumn("B", "Naam"), ReadColumn("C", "Type"))
    assert (account.rows, account.first_row, account.last_row) == (1, 5, 5)


def test_title_of_one_cell_does_not_change_the_delimiter(tmp_path: Path) -> None:
    path = write(tmp_path, "Sensoren\nRef;Naam\nA1;x\nA2;y\n")
    with open_source(path, is_heading={"Ref", "Naam"}.__contains__) as source:
        (table,) = source.read_tables()
        assert table.headings == ("Ref", "Naam")


@pytest.mark.parametrize("blank_rows", [17, 18])
def test_headings_are_looked_for_in_twenty_rows(tmp_path: Path, blank_rows: int) -> None:
    path = write(tmp_path, "titel;\n" + ";\n" * blank_rows + ";\nRef;Naam\nA1;x\n")
    with open_source(path, is_heading={"Ref", "Naam"}.__contains__) as source:
        (table,) = source.read_tables()
        assert table.headings == (("Ref", "Naam") if blank_rows == 17 else ("titel",))


def test_row_of_unknown_headings_stays_the_first_row(tmp_path: Path) -> None:
    path = write(tmp_path, "foo;bar\nRef;x\n")
    with open_source(path, is_heading={"Ref", "Naam"}.__contains__) as source:
        (table,) = source.read_tables()
        assert table.headings == ("foo", "bar")


def test_filled_cells_without_a_heading_are_counted_by_column(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;;naam;;\nA1;kast 12;x;;\nA2;;y;nog iets;\nA3;kast 13;z\n")
    with open_source(path) as source:
        (table,) = source.read_tables()
        assert [list(row.cells) for row in table.rows] == [
            ["A1", "kast 12", "x"],
            ["A2", None, "y"],
            ["A3", "kast 13", "z"],
        ]
        (account,) = source.account.tables
    assert account.untaken_columns == (("B", 2, 2, "kast 12"), ("D", 1, 3, "nog iets"))


@pytest.mark.parametrize(("text", "mark"), [("a;1,5\n", ","), ("a;1.5\n", "."), ("a;b\n", None)])
def test_decimal_mark_is_accounted_for(tmp_path: Path, text: str, mark: str | None) -> None:
    with open_source(write(tmp_path, f"ref;h\n{text}")) as source:
        list(source.read_tables())
        assert source.account.decimal_mark == mark


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_nul_byte_is_refused(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "ref;naam\nA1;é\nA2;x\x00y\n", encoding)
    assert why_refused(path).startswith("Line 3 holds")


def test_extra_quotation_mark_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, 'ref;naam\nA1;"open\n' + "A2;closed\n" * 200_000)
    assert "Row 2, column B (naam): here a quotation mark" in why_refused(path)


def test_cell_that_is_too_long_is_refused_with_its_row(tmp_path: Path) -> None:
    path = write(tmp_path, 'ref;naam\nA1;"' + "x" * 1_100_000 + '"\n')
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
    # The limit of a process that has read no file yet; it is one for all readers.
    csv.field_size_limit(131_072)
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
