"""Excel with a last column of remarks and coloured cells; every part that has nothing to do with them is copied."""

import shutil
import zipfile
from pathlib import Path
from typing import Final

from app.exchange.remarks.findings import Findings
from app.exchange.remarks.sheet import Plan, SheetEditor
from app.exchange.remarks.styles import StyleEditor
from app.exchange.sources.archive import explain_damage, open_archive
from app.exchange.sources.limits import Limits
from app.exchange.sources.sheet import SheetReader
from app.exchange.sources.workbook import Sheet, WorkbookSource, write_heading
from app.exchange.tables import REMARKS_HEADINGS

_STYLES: Final = "xl/styles.xml"


def remark_workbook(source: Path, destination: Path, findings: Findings) -> None:
    """Write the workbook again. Raises: InvalidRequest where it is damaged."""
    limits = Limits()
    with (
        open_archive(source, limits) as archive,
        zipfile.ZipFile(destination, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        book = WorkbookSource(archive, limits)
        with explain_damage():
            plans = {
                sheet.part.filename: _plan_sheet(archive, book, sheet, findings, limits)
                for sheet in book.sheets
            }
            styles = StyleEditor(archive.read(_STYLES) if _STYLES in archive.namelist() else b"<styleSheet/>")
            for part in archive.infolist():
                plan = plans.get(part.filename)
                if part.filename == _STYLES:
                    # Which ones are needed the sheets tell.
                    continue
                with (
                    archive.open(part) as content,
                    written.open(part.filename, "w", force_zip64=True) as copy,
                ):
                    if plan:
                        SheetEditor(content, copy, plan, styles).write_sheet()
                    else:
                        shutil.copyfileobj(content, copy)
            if _STYLES in archive.namelist():
                written.writestr(_STYLES, styles.render())


def _plan_sheet(
    archive: zipfile.ZipFile, book: WorkbookSource, sheet: Sheet, findings: Findings, limits: Limits
) -> Plan | None:
    """What has to be written in a sheet; None where there is nothing to say, and nothing was said before."""
    heading_row = last = 0
    columns: dict[str, int] = {}
    former: int | None = None
    with archive.open(sheet.part) as content:
        for _, number, cells in SheetReader(sheet.name, book.notation, limits).read_rows(content):
            if not heading_row:
                heading_row = number
                for column, cell in sorted(cells.items()):
                    columns.setdefault(write_heading(cell), column)
                former = next((columns[name] for name in REMARKS_HEADINGS if name in columns), None)
                if former is None and not findings.has_table(sheet.name):
                    return None
            last = max(last, *cells)
    if not heading_row:
        return None
    return Plan(
        heading_row,
        columns,
        last + 1 if former is None else former,
        findings.heading,
        lambda number: findings.find_row(sheet.name, number),
    )
