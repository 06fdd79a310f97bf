"""From tables to records of sensors: the register's own table, Amsterdam's form, SensRNet's template and its CSV,
and any list with the mapping of its headings.

`reader` recognises the layout by its headings; each layout makes a plan of a table, and the plan reads its rows.
"""

from app.records.layouts.heading_mapping import HeadingMapping
from app.records.layouts.known_headings import is_known_heading, make_heading_test
from app.records.layouts.mapping_document import parse_heading_mapping, parse_mapping_file
from app.records.layouts.reader import LayoutReader, open_records
from app.records.layouts.reading_context import ReadingContext, load_context

__all__ = [
    "HeadingMapping",
    "LayoutReader",
    "ReadingContext",
    "is_known_heading",
    "load_context",
    "make_heading_test",
    "open_records",
    "parse_heading_mapping",
    "parse_mapping_file",
]
