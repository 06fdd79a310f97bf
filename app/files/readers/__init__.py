"""Files that strangers send, opened as tables: Excel, CSV, GeoJSON, GeoPackage and Parquet.

A file is known by its content, not by its name. Nothing in it is run, nothing outside it is fetched, and however large
it claims to be, only a few thousand rows are held at a time. `app/records/layouts` decides what a row means.
"""

from app.files.readers.limits import FileLimits
from app.files.readers.open import open_source

__all__ = ["FileLimits", "open_source"]
