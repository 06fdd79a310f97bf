"""A file handed back to who sent it, with what was found beside its rows; all else in it stays as it was."""

from app.exchange.remarks.writing import require_destination, write_remarks

__all__ = ["require_destination", "write_remarks"]
