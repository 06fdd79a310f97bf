"""The parts of a report in an address or form: a sensor or a place, the kind, and the fields that were typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.core.i18n import Language, LocalizedText
from app.core.parameter_values import InvalidParameter
from app.places.place_parameters import parse_dutch_position
from app.places.typed_position import find_position
from app.reports.report_kinds import KIND_NAMES, ReportKind, find_kind
from app.reports.report_subject import ReportedPlace, ReportedSensor, find_place, find_sensor
from app.spatial.crs import Crs

REPORT: Final = "/melden"

SENSOR_UNKNOWN: Final = LocalizedText(
    "Dit nummer staat niet in het register. Kijk op de sticker, of zoek de plek.",
    "This number is not in the register. Look at the label, or search for the place.",
)
PLACE_UNKNOWN: Final = LocalizedText(
    "Deze plek ligt niet in een Nederlandse gemeente. Kies een andere plek.",
    "This place is in no Dutch municipality. Choose another place.",
)

_ICONS: Final = {
    ReportKind.MISSING: "eye",
    ReportKind.WRONG: "edit",
    ReportKind.GONE: "x",
    ReportKind.STILL_THERE: "check",
    ReportKind.QUESTION: "help-circle",
    ReportKind.COMPLAINT: "alert-triangle",
    ReportKind.REACTION: "message-circle",
}
_EXPLANATIONS: Final = {
    ReportKind.MISSING: LocalizedText(
        "Hier hangt of staat een sensor die niet in het register staat.",
        "There is a sensor here that is not in the register.",
    ),
    ReportKind.WRONG: LocalizedText(
        "De plek, de eigenaar of wat de sensor doet klopt niet.",
        "The place, the owner or what the sensor does is not right.",
    ),
    ReportKind.GONE: LocalizedText(
        "De sensor hangt of staat er niet meer.", "The sensor is not there any more."
    ),
    ReportKind.STILL_THERE: LocalizedText(
        "Volgens het register is de sensor weg, maar u ziet hem nog.",
        "According to the register the sensor is gone, but you still see it.",
    ),
    ReportKind.QUESTION: LocalizedText("U wilt iets weten.", "You want to know something."),
    ReportKind.COMPLAINT: LocalizedText(
        "U bent het niet eens met deze sensor.", "You do not agree with this sensor."
    ),
    ReportKind.REACTION: LocalizedText(
        "De sensor komt er nog, en u vindt er iets van.",
        "The sensor is still to come, and you have a view on it.",
    ),
}
_COMPLAINT_ABOUT_PLACE: Final = LocalizedText(
    "U bent het niet eens met wat hier hangt of staat.", "You do not agree with what is here."
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a report, and its part of an address or form."""

    about: ReportedSensor | ReportedPlace
    field: str
    value: str

    @property
    def sensor(self) -> ReportedSensor | None:
        return self.about if isinstance(self.about, ReportedSensor) else None

    def list_kinds(self, today: date) -> tuple[ReportKind, ...]:
        """The kinds that can be reported of it."""
        return self.about.list_kinds(today)

    def write_query(self, **more: str) -> str:
        return urlencode({self.field: self.value, **more}, safe=",")


def read_subject(session: Session, given: Mapping[str, str]) -> Subject | LocalizedText | None:
    """The subject; a sentence where it cannot be reported on, None where none is named."""
    if code := given.get("sensor", "").strip():
        sensor = find_sensor(session, code)
        return Subject(sensor, "sensor", sensor.public_code) if sensor else SENSOR_UNKNOWN
    if place := given.get("plek", "").strip():
        try:
            lon, lat = parse_dutch_position(place[:100], Crs.CRS84, "plek")
        except InvalidParameter:
            # As people write it, or the link of a map.
            typed = find_position(place)
            if typed is None:
                return PLACE_UNKNOWN
            lon, lat = typed.lon, typed.lat
        found = find_place(session, round(lon, 6), round(lat, 6))
        return Subject(found, "plek", f"{found.lon},{found.lat}") if found else PLACE_UNKNOWN
    return None


def describe_kinds(subject: Subject, today: date, language: Language) -> list[dict[str, str]]:
    """The kinds to choose from: code, name, explanation, icon and the query of the next page."""
    return [
        {
            "name": KIND_NAMES[kind].render(language),
            "explanation": _explain(kind, subject).render(language),
            "icon": _ICONS[kind],
            "query": subject.write_query(soort=kind.value),
        }
        for kind in subject.list_kinds(today)
    ]


def _explain(kind: ReportKind, subject: Subject) -> LocalizedText:
    is_place = subject.sensor is None
    return _COMPLAINT_ABOUT_PLACE if is_place and kind is ReportKind.COMPLAINT else _EXPLANATIONS[kind]


def choose_kind(subject: Subject, given: str, today: date) -> ReportKind | None:
    """The kind that was chosen; None for another than can be reported of the subject."""
    kind = find_kind(given)
    return kind if kind in subject.list_kinds(today) else None
