"""A copy of an Excel or CSV file with the problems of each row beside it; everything else stays unchanged."""

from app.files.annotations.annotate import ANNOTATED_FORMATS, annotate_file, require_destination

__all__ = ["ANNOTATED_FORMATS", "annotate_file", "require_destination"]
