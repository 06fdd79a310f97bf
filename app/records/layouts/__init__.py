"""From tables to records of sensors: the register's own table, Amsterdam's form, SensRNet's template and its CSV.

`reader` recognises the layout by its headings; each layout makes a plan of a table, and the plan reads its rows.
"""

from app.records.layouts.known_headings import is_known_heading
from app.records.layouts.reader import LayoutReader, open_records
from app.records.layouts.reading_context import ReadingContext, load_context

__all__ = ["LayoutReader", "ReadingContext", "is_known_heading", "load_context", "open_records"]
