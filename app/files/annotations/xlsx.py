"""Excel with a last column of remarks and coloured cells; all other parts of the archive are copied."""

import shutil
import zipfile
from pathlib import Path

from app.files.annotations.row_problems import FileProblems
from app.files.annotations.xlsx_sheet import SheetAnnotation, SheetEditor
from app.files.annotations.xlsx_styles import StyleEditor
from app.files.readers.heading_row import HeadingTest
from app.files.readers.limits import FileLimits
from app.files.readers.table_tally import TableTally
from app.files.readers.xlsx import Sheet, XlsxSource, write_heading
from app.files.readers.xlsx_sheet import SheetReader
from app.files.readers.zip_archive import explain_damage, open_archive
from app.files.table import ANNOTATION_HEADINGS


def annotate_xlsx(
    source: Path, destination: Path, problems: FileProblems, is_heading: HeadingTest | None
) -> None:
    """Write the workbook again. Raises: InvalidRequest where it is damaged."""
    limits = FileLimits()
    with (
        open_archive(source, limits) as archive,
        zipfile.ZipFile(destination, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        book = XlsxSource(archive, limits, is_heading)
        with explain_damage():
            plans = {
                sheet.part.filename: _plan_sheet(archive, book, sheet, problems, limits)
                for sheet in book.sheets
            }
            styles_part = book.styles_part
            styles = StyleEditor(archive.read(styles_part) if styles_part else b"<styleSheet/>")
            for part in archive.infolist():
                plan = plans.get(part.filename)
                if part is styles_part:
                    # Written last: the sheets determine which styles are added.
                    continue
                with (
                    archive.open(part) as content,
                    written.open(part.filename, "w", force_zip64=True) as copy,
                ):
                    if plan:
                        SheetEditor(content, copy, plan, styles).write_sheet()
                    else:
                        shutil.copyfileobj(content, copy)
            if styles_part:
                written.writestr(styles_part.filename, styles.render())


def _plan_sheet(
    archive: zipfile.ZipFile, book: XlsxSource, sheet: Sheet, problems: FileProblems, limits: FileLimits
) -> SheetAnnotation | None:
    """Changes for a sheet; None when it has no problems and no earlier remarks."""
    heading_row = book.find_heading_row(sheet)
    last = 0
    columns: dict[str, int] = {}
    earlier: int | None = None
    with archive.open(sheet.part) as content:
        for _, number, cells in SheetReader(TableTally(sheet.name), book.notation, limits).read_rows(content):
            if number == heading_row:
                for column, cell in sorted(cells.items()):
                    columns.setdefault(write_heading(cell), column)
                earlier = next((columns[name] for name in ANNOTATION_HEADINGS if name in columns), None)
                if earlier is None and not problems.has_table(sheet.name):
                    return None
            last = max(last, *cells)
    if heading_row is None:
        return None
    return SheetAnnotation(
        heading_row,
        columns,
        last + 1 if earlier is None else earlier,
        problems.heading,
        lambda number: problems.find_row(sheet.name, number),
    )
