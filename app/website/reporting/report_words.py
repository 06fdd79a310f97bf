"""Words of reports on pages: what a report is about, and who answers it."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import Language, LocalizedText
from app.municipalities.queries import load_directory
from app.organisations.queries import find_faces, find_organisation
from app.reports.report_subject import ReportedPlace, ReportedSensor
from app.sensors.presentation import Labels
from app.vocabularies.queries import load_vocabularies

OWNER = LocalizedText("de eigenaar van de sensor", "the owner of the sensor")
OPERATOR = LocalizedText("de beheerder van dit register", "the operator of this register")


def open_report_labels(session: Session, language: Language) -> Labels:
    """The names of terms and municipalities."""
    return Labels(language, load_vocabularies(session), load_directory(session))


def name_subject(session: Session, about: ReportedSensor | ReportedPlace, language: Language) -> str:
    """The subject of a report: the sensor by its name or kind, or a place in a municipality."""
    labels = open_report_labels(session, language)
    if isinstance(about, ReportedSensor):
        return about.name or labels.name_term("sensorType", about.sensor_type)
    name = labels.name_municipality(about.municipality_code)
    return labels.render(LocalizedText(f"een plek in {name}", f"a place in {name}"))


def name_answerer(
    session: Session, municipality_code: str | None, forwarded_to: UUID | None, language: Language
) -> str:
    """The public name of who answers: the owner it was forwarded to, else the municipality, if it takes part."""
    if forwarded_to is not None:
        face = find_faces(session, [forwarded_to]).get(forwarded_to)
        return (face.name if face else None) or OWNER.render(language)
    if municipality_code and find_organisation(session, municipality_code):
        name = load_directory(session).get_municipality(municipality_code).name
        return LocalizedText(f"de gemeente {name}", f"the municipality of {name}").render(language)
    return OPERATOR.render(language)
