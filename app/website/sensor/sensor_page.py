"""Context of the page of one sensor, in one language."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from app.core.i18n import LocalizedText
from app.core.site_path import site_path
from app.organisations.public_contact import Contact
from app.places.sensor_address import find_address_spot
from app.sensors.presentation import UNNAMED, Labels
from app.sensors.recording import NO_CAMERA_SUBTYPES, describe_recording
from app.sensors.search.detail import SensorDetail
from app.website.list_row import make_list_row
from app.website.sensor.card import SEE_MAP, choose_heading, make_card, name_owner
from app.website.sensor.history import describe_history
from app.website.sensor.label import has_label
from app.website.sensor.neighbours import Neighbours
from app.website.sensor.place_words import describe_place, list_place_notes
from app.website.sensor.sections import list_sections
from app.website.sensor.sensor_map import make_map
from app.website.status_text import Tense, choose_tense, describe_status, processes_personal_data

AREA_FIELDS: Final = {"observed": "observedArea", "operating": "operatingArea"}
"""The field of each kind of published area."""
MISTAKE_SUBJECT: Final = LocalizedText(
    "Sensor {code} in het sensorregister: dit klopt niet", "Sensor {code} in the sensor register: a mistake"
)

RECORDING_QUESTIONS: Final[dict[Tense, LocalizedText]] = {
    "future": LocalizedText("Neemt deze sensor mij straks op?", "Will this sensor record me?"),
    "present": LocalizedText("Neemt deze sensor mij op?", "Does this sensor record me?"),
    "past": LocalizedText("Nam deze sensor mij op?", "Did this sensor record me?"),
}


def describe_sensor(  # noqa: PLR0913 - what was read for the page
    detail: SensorDetail,
    *,
    owner: Contact | None,
    represented: Contact | None,
    municipality: Contact | None,
    neighbours: Neighbours,
    labels: Labels,
) -> dict[str, Any]:
    """The context of `website/sensor/page.html`.

    `represented` is the organisation that the sensor was entered for, `municipality` the one that it is in.
    """
    feature = detail.feature
    sensor = feature["properties"]
    words = {AREA_FIELDS[kind]: labels.render(SEE_MAP) for kind in detail.areas}
    if represented:
        words["onBehalfOf"] = represented.name or labels.render(UNNAMED)
    row = make_list_row(sensor, labels)
    subject = labels.render(MISTAKE_SUBJECT).format(code=row.code)
    return {
        "edition": labels.directory.edition_in_force,
        "sensor": row,
        "tense": choose_tense(sensor),
        "has_label": has_label(sensor),
        "kind_definition": define_kind(sensor, labels),
        "kind": find_kind(sensor, labels),
        "owner_id": sensor["owner"] if owner and owner.name else None,
        "place": describe_place(sensor, labels),
        "has_address": find_address_spot(feature) is not None,
        "place_notes": list_place_notes(sensor, labels),
        "recording_question": labels.render(RECORDING_QUESTIONS[choose_tense(sensor)]),
        "recording": labels.render(describe_recording(sensor)),
        "with_personal_data": processes_personal_data(sensor),
        "status_statement": describe_status(sensor, labels),
        "card_heading": labels.render(choose_heading(sensor)),
        "owner_name": name_owner(owner, labels),
        "card": make_card(sensor, owner, labels, has_observed_area="observed" in detail.areas),
        "owner": owner,
        "municipality": municipality if municipality != owner else None,
        "mail_query": f"subject={quote(subject)}",
        "sections": list_sections(feature, words, labels),
        "map": make_map(detail, labels),
        "history": describe_history(detail.versions, labels),
        "neighbours": neighbours,
        "json_url": site_path(f"/v1/collections/sensors/items/{feature['id']}"),
    }


def find_kind(sensor: Mapping[str, Any], labels: Labels) -> tuple[str, str]:
    """Code and name of the kind whose page is about the sensor: of a light cell the subtype, as it is no camera."""
    subtype = sensor.get("sensorSubtype")
    if subtype in NO_CAMERA_SUBTYPES:
        return subtype, labels.name_term("sensorSubtype", subtype)
    return sensor["sensorType"], labels.name_term("sensorType", sensor["sensorType"])


def define_kind(sensor: Mapping[str, Any], labels: Labels) -> str | None:
    """The definition of the subtype of a sensor, else of its type."""
    if subtype := sensor.get("sensorSubtype"):
        return labels.define_term("sensorSubtype", subtype)
    return labels.define_term("sensorType", sensor["sensorType"])
