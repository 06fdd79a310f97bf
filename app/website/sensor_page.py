"""What the page of one sensor shows, in the words of its language."""

from typing import Any, Final

from app.core.i18n import LocalizedText
from app.sensors.presentation import UNNAMED, Labels
from app.sensors.search.detail import SensorDetail
from app.website.area_svg import AreaDrawing, draw_area
from app.website.history import describe_history
from app.website.list_row import make_list_row
from app.website.queries import Contact
from app.website.sections import list_sections
from app.website.status_text import describe_generalised, describe_personal_data, describe_status

DRAWN: Final = LocalizedText("zie de tekening", "see the drawing")

AREA_FIELDS: Final = {"observed": "observedArea", "operating": "operatingArea"}
"""The field that each kind of published area comes from."""


def describe_sensor(
    detail: SensorDetail, owner: Contact | None, represented: Contact | None, labels: Labels
) -> dict[str, Any]:
    """The context of `website/sensor.html`; `represented` is for whom the sensor was entered."""
    feature = detail.feature
    sensor = feature["properties"]
    words = {AREA_FIELDS[kind]: labels.word(DRAWN) for kind in detail.areas}
    if represented:
        words["onBehalfOf"] = represented.name or labels.word(UNNAMED)
    return {
        "contact": owner,
        "sensor": make_list_row(sensor, labels),
        "standing": describe_status(sensor, labels),
        "generalised": describe_generalised(sensor, labels),
        "statement": describe_personal_data(sensor, labels),
        "sections": list_sections(feature, words, labels),
        "drawing": _draw(detail, labels),
        "episodes": describe_history(detail.versions, labels),
        "json_url": f"/v1/collections/sensors/items/{feature['id']}",
    }


def _draw(detail: SensorDetail, labels: Labels) -> AreaDrawing | None:
    """What the sensor observes; else where it moves, without a dot, since it may be anywhere in there."""
    if area := detail.areas.get("observed"):
        longitude, latitude = detail.feature["geometry"]["coordinates"]
        return draw_area("observed", area, (longitude, latitude), labels)
    if area := detail.areas.get("operating"):
        return draw_area("operating", area, None, labels)
    return None
