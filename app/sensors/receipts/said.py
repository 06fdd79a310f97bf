"""The fields of a version as one JSON value in SQL: what a receipt says was submitted.

PostgreSQL makes it for one sensor and for many alike, so that equal content has an equal digest. The digest is the
SHA-256 of its text, in UTF-8 and in the order in which PostgreSQL writes the members.
"""

from typing import Final

from app.sensors.fields import FIELDS, Field

_DECIMALS: Final = 7
"""A centimetre in degrees."""
_PAIRS_PER_CALL: Final = 40
"""A function of PostgreSQL has at most a hundred arguments."""


def _write_value(field: Field, version: str) -> str:
    column = f"{version}.{field.column}"
    if not field.is_geometry:
        return column
    shape = f"CAST(ST_AsGeoJSON({column}, {_DECIMALS}) AS jsonb)"
    if field.name == "operatingArea":
        return f"coalesce(to_jsonb({version}.operating_municipalities), {shape})"
    if field.name == "observedArea":
        # The register derives it from direction, angle and range: no one submitted it.
        return f"CASE WHEN NOT {version}.observed_area_derived THEN {shape} END"
    return shape


def write_said_sql(version: str) -> str:
    """SQL of the submitted fields of a row of `sensor_version`, under the names of the API; empty ones are left out."""
    pairs = [f"'{field.name}', {_write_value(field, version)}" for field in FIELDS]
    objects = [
        f"jsonb_build_object({', '.join(pairs[start : start + _PAIRS_PER_CALL])})"
        for start in range(0, len(pairs), _PAIRS_PER_CALL)
    ]
    return f"jsonb_strip_nulls({' || '.join(objects)})"


def write_digest_sql(said: str) -> str:
    """SQL of the SHA-256 of a JSON value."""
    return f"sha256(convert_to(CAST({said} AS text), 'UTF8'))"
