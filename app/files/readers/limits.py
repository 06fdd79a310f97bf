"""Limits above which a file is refused."""

from dataclasses import dataclass

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Limits of a file; `rows` counts the rows or features of all its tables. Sizes are in bytes."""

    file_bytes: int = 2_000_000_000
    rows: int = 2_000_000
    columns: int = 500
    cell_characters: int = 1_000_000
    row_characters: int = 10_000_000
    archive_parts: int = 2_000
    expanded_bytes: int = 1_000_000_000
    """Size of all parts of an Excel file, which is a zip archive, after decompression."""
    expansion: int = 200
    """How many times larger a part may become, once it is over a megabyte: sheets become some 10 to 40 times."""
    shared_text_bytes: int = 100_000_000
    """Size of the shared strings of an Excel file, the only part that is held in memory."""

    def check_rows(self, rows: int) -> None:
        if rows > self.rows:
            raise InvalidRequest(
                LocalizedText(
                    f"Het bestand heeft meer dan {self.rows:,} rijen. Lever het in delen aan.".replace(
                        ",", "."
                    ),
                    f"The file has more than {self.rows:,} rows. Hand it in in parts.",
                )
            )

    def check_columns(self, columns: int, table: str | None = None) -> None:
        if columns > self.columns:
            where = (
                LocalizedText(f"Blad {table!r}", f"Sheet {table!r}")
                if table
                else LocalizedText("Het bestand", "The file")
            )
            raise InvalidRequest(
                LocalizedText(
                    f"{where.nl} heeft {columns} kolommen; meer dan {self.columns} lezen wij niet. "
                    "Verwijder de kolommen die er niet in horen.",
                    f"{where.en} has {columns} columns; more than {self.columns} are not read. "
                    "Remove the columns that do not belong there.",
                )
            )
