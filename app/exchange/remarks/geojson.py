"""GeoJSON whose features have a property with remarks."""

import json
from pathlib import Path

from app.exchange.remarks.findings import Findings
from app.exchange.sources.features import FeatureReader
from app.exchange.sources.limits import Limits
from app.exchange.tables import REMARKS_HEADINGS


def remark_geojson(source: Path, destination: Path, findings: Findings) -> None:
    """Write the features again one by one, a collection as a collection, a sequence as a sequence."""
    with source.open("rb") as content, destination.open("w", encoding="utf-8") as written:
        reader = FeatureReader(content, Limits())
        begin, before = '{"type": "FeatureCollection", "features": [', "\n"
        for number, feature in reader.read_features():
            if reader.is_sequence:
                begin, before = "", "\x1e" if reader.has_separators else ""
            properties = feature.get("properties") or {}
            kept = {name: value for name, value in properties.items() if name not in REMARKS_HEADINGS}
            found = findings.find_row(None, number)
            feature["properties"] = kept | ({findings.heading: found.remark} if found else {})
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
