"""Context of the page of one sensor, in one language."""

from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.site_path import site_path
from app.sensors.presentation import UNNAMED, Labels, describe_view
from app.sensors.search.detail import SensorDetail
from app.website.list_row import make_list_row
from app.website.queries import Contact
from app.website.sensor.area_svg import AreaDrawing, draw_area
from app.website.sensor.history import describe_history
from app.website.sensor.sections import list_sections
from app.website.status_text import describe_generalised, describe_personal_data, describe_status

SEE_MAP: Final = LocalizedText("zie de kaart", "see the map")

AREA_FIELDS: Final = {"observed": "observedArea", "operating": "operatingArea"}
"""The field of each kind of published area."""


def describe_sensor(
    detail: SensorDetail, owner: Contact | None, represented: Contact | None, labels: Labels
) -> dict[str, Any]:
    """The context of `website/sensor.html`; `represented` is the organisation that the sensor was entered for."""
    feature = detail.feature
    sensor = feature["properties"]
    words = {AREA_FIELDS[kind]: labels.render(SEE_MAP) for kind in detail.areas}
    if "observed" in detail.areas and (view := describe_view(sensor, labels)):
        words["observedArea"] = f"{view} ({labels.render(SEE_MAP)})"
    if represented:
        words["onBehalfOf"] = represented.name or labels.render(UNNAMED)
    return {
        "contact": owner,
        "edition": labels.directory.edition_in_force,
        "sensor": make_list_row(sensor, labels),
        "status_statement": describe_status(sensor, labels),
        "generalised": describe_generalised(sensor, labels),
        "personal_data": describe_personal_data(sensor, labels),
        "sections": list_sections(feature, words, labels),
        "drawing": _draw(detail, labels),
        "history": describe_history(detail.versions, labels),
        "json_url": site_path(f"/v1/collections/sensors/items/{feature['id']}"),
    }


def _draw(detail: SensorDetail, labels: Labels) -> AreaDrawing | None:
    """The area that the sensor observes, else the one in which it moves, without a dot for the sensor itself."""
    if area := detail.areas.get("observed"):
        longitude, latitude = detail.feature["geometry"]["coordinates"]
        return draw_area("observed", area, (longitude, latitude), labels)
    if area := detail.areas.get("operating"):
        return draw_area("operating", area, None, labels)
    return None
