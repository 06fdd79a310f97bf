"""SQL: whether the places of a staged record are those of its registered version.

Statements name the record `staged` and the version `current`.
"""

from typing import Final

from app.sensors.fields import FIELDS
from app.sensors.tables.register import SAME_PLACE_METRES

PLACE_COLUMNS: Final = tuple(f"{field.column}_rd" for field in FIELDS if field.is_geometry)
_PUBLISHED_DIGITS: Final = 7
"""Decimals of a degree in the publication."""

# A public export has rounded coordinates: handed in again, it moves nothing.
_IS_PUBLISHED_POINT: Final = " AND ".join(
    f"round({axis}(staged.location)::numeric, {_PUBLISHED_DIGITS}) = "
    f"round({axis}(current.location)::numeric, {_PUBLISHED_DIGITS})"
    f" AND round({axis}(staged.location)::numeric, {_PUBLISHED_DIGITS})::double precision = {axis}(staged.location)"
    for axis in ("ST_X", "ST_Y")
)


def compare_places(column: str) -> str:
    """SQL: whether two places are the same, or less than a millimetre apart, as when a program writes them again."""
    near = f"""
        staged.{column} IS NOT DISTINCT FROM current.{column} OR coalesce(
            ST_NPoints(staged.{column}) = ST_NPoints(current.{column})
            AND ST_HausdorffDistance(staged.{column}, current.{column}) < {SAME_PLACE_METRES}, false)"""
    if column == "location_rd":
        return f"({near} OR coalesce({_IS_PUBLISHED_POINT}, false))"
    if column == "observed_area_rd":
        # A field of view that was derived depends on columns that are compared.
        return f"({near} OR staged.observed_area_derived AND current.observed_area_derived)"
    return f"({near})"
