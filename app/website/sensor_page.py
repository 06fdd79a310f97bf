"""What the page of one sensor shows, in the words of its language."""

from typing import Any, Final

from app.core.language import Text
from app.sensors.dossier import Dossier
from app.website.drawing import Drawing, draw_area
from app.website.facts import UNNAMED, list_sections
from app.website.glossary import Glossary
from app.website.history import tell_history
from app.website.lines import make_line
from app.website.queries import Contact
from app.website.standing import state_generalised, state_personal_data, state_standing

DRAWN: Final = Text("zie de tekening", "see the drawing")

AREA_FIELDS: Final = {"observed": "observedArea", "operating": "operatingArea"}
"""The field that each kind of published area comes from."""


def describe_sensor(
    dossier: Dossier, owner: Contact | None, represented: Contact | None, glossary: Glossary
) -> dict[str, Any]:
    """The context of `website/sensor.html`; `represented` is for whom the sensor was entered."""
    feature = dossier.feature
    sensor = feature["properties"]
    words = {AREA_FIELDS[kind]: glossary.word(DRAWN) for kind in dossier.areas}
    if represented:
        words["onBehalfOf"] = represented.name or glossary.word(UNNAMED)
    return {
        "contact": owner,
        "sensor": make_line(sensor, glossary),
        "standing": state_standing(sensor, glossary),
        "generalised": state_generalised(sensor, glossary),
        "statement": state_personal_data(sensor, glossary),
        "sections": list_sections(feature, words, glossary),
        "drawing": _draw(dossier, glossary),
        "episodes": tell_history(dossier.versions, glossary),
        "json_url": f"/v1/collections/sensors/items/{feature['id']}",
    }


def _draw(dossier: Dossier, glossary: Glossary) -> Drawing | None:
    """What the sensor observes; else where it moves, without a dot, since it may be anywhere in there."""
    if area := dossier.areas.get("observed"):
        longitude, latitude = dossier.feature["geometry"]["coordinates"]
        return draw_area("observed", area, (longitude, latitude), glossary)
    if area := dossier.areas.get("operating"):
        return draw_area("operating", area, None, glossary)
    return None
