"""GeoJSON whose features have a property with remarks."""

import json
from pathlib import Path

from app.files.annotations.row_problems import FileProblems
from app.files.readers.geojson_features import FeatureReader
from app.files.readers.limits import FileLimits
from app.files.table import ANNOTATION_HEADINGS


def annotate_geojson(source: Path, destination: Path, problems: FileProblems) -> None:
    """Write the features again one by one, a collection as a collection, a sequence as a sequence."""
    with source.open("rb") as content, destination.open("w", encoding="utf-8") as written:
        reader = FeatureReader(content, FileLimits())
        begin, before = '{"type": "FeatureCollection", "features": [', "\n"
        for number, feature in reader.read_features():
            if reader.is_sequence:
                begin, before = "", "\x1e" if reader.has_separators else ""
            properties = feature.get("properties") or {}
            kept = {name: value for name, value in properties.items() if name not in ANNOTATION_HEADINGS}
            found = problems.find_row(None, number)
            feature["properties"] = kept | ({problems.heading: found.remark} if found else {})
            written.write(f"{begin}{before}{json.dumps(feature, ensure_ascii=False)}")
            begin, before = "", ",\n"
            if reader.is_sequence:
                written.write("\n")
        if not reader.is_sequence:
            rest = {name: value for name, value in reader.members.items() if name not in {"type", "features"}}
            members = (
                f", {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
                for name, value in rest.items()
            )
            written.write(f"{begin}\n]{''.join(members)}}}\n")
