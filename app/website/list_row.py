"""A sensor as one row of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.sensors.presentation import Labels
from app.website.status_text import processes_personal_data


@dataclass(frozen=True, slots=True)
class ListRow:
    """A sensor in a list; `distance` in whole metres, for a search near a place and a sensor at an exact place."""

    code: str
    title: str
    type_label: str
    measures: str
    summary: str | None
    owner_name: str | None
    municipality: str | None
    municipality_code: str | None
    status: str
    status_label: str
    processes_personal_data: bool
    distance: int | None = None
    remark: str | None = None


def make_list_row(sensor: Mapping[str, Any], labels: Labels, remark: str | None = None) -> ListRow:
    """A row from the published properties; the title of a sensor without a name is its type.

    `remark` is what the page says of this sensor beside its distance.
    """
    type_label = sensor.get("sensorTypeOther") or labels.name_term("sensorType", sensor["sensorType"])
    if subtype := sensor.get("sensorSubtype"):
        type_label = labels.name_term("sensorSubtype", subtype)
    code = sensor.get("municipalityCode")
    # The published place of a generalised sensor is the middle of a square, that of a moving one of its area.
    has_place = sensor["visibility"] == "public" and sensor["mobility"] != "mobile"
    distance = sensor.get("distanceM") if has_place else None
    return ListRow(
        code=sensor["publicCode"],
        title=sensor.get("name") or type_label,
        type_label=type_label,
        measures=sensor["measures"],
        summary=sensor.get("summary"),
        owner_name=sensor.get("ownerName"),
        municipality=labels.name_municipality(code) if code else None,
        municipality_code=code,
        status=sensor["operationalStatus"],
        status_label=labels.name_term("operationalStatus", sensor["operationalStatus"]),
        processes_personal_data=processes_personal_data(sensor),
        distance=None if distance is None else round(distance),
        remark=remark,
    )
