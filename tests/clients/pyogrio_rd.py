"""GDAL's newest release, as it comes with pyogrio: reads the sensors in RD. Prints what it read as JSON.

A program of its own: GDAL holds Python while it waits, and the server of the tests would have no turn.
"""

import json
import sys

import pyogrio
import shapely

RD = "EPSG:28992"


def main(root: str) -> dict[str, object]:
    layer = pyogrio.read_info(f"OAPIF:{root}", layer="sensors")
    meta, _, geometries, columns = pyogrio.raw.read(
        f"OAPIF:{root}", layer="sensors", columns=["reference"], CRS=RD, PAGE_SIZE="100"
    )
    places = [[point.x, point.y] for point in shapely.from_wkb(geometries)]
    return {
        "version": pyogrio.__gdal_version_string__,
        "columns": dict(zip(layer["fields"].tolist(), layer["dtypes"], strict=True)),
        "crs": meta["crs"],
        "places": dict(zip(columns[0].tolist(), places, strict=True)),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
