"""What the public answers conform to; each class is proven by a test that names it."""

from typing import Final

PART_1: Final = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"

CONFORMANCE_CLASSES: Final = (
    f"{PART_1}/core",
    f"{PART_1}/oas30",
    f"{PART_1}/geojson",
)
