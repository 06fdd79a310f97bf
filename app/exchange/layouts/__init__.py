"""From tables to records of sensors: the register's own table, Amsterdam's form, SensRNet's template and its CSV.

`reader` recognises the layout by its headings; each layout makes a plan of a table, and the plan reads its rows.
"""

from app.exchange.layouts.context import ReadingContext, load_context
from app.exchange.layouts.reader import LayoutReader, open_records

__all__ = ["LayoutReader", "ReadingContext", "load_context", "open_records"]
