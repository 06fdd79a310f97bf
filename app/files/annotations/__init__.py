"""A file handed back to who sent it, with what was found beside its rows; all else in it stays as it was."""

from app.files.annotations.annotate import annotate_file, require_destination

__all__ = ["annotate_file", "require_destination"]
