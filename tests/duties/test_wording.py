from sqlalchemy.orm import Session

from app.core.i18n import LocalizedText
from app.duties.duty import Duty
from app.duties.wording import name_kinds
from app.vocabularies.queries import load_vocabularies


def test_kinds_of_a_duty_are_named_by_their_labels(session: Session) -> None:
    duty = Duty("GM0344", sensor_types=("optical_camera", "sound"), owner_types=("company",))
    kinds = name_kinds(duty, load_vocabularies(session))
    assert kinds.sensors.nl.count(" en ") == 1
    assert kinds.owners == LocalizedText("Bedrijf", "Company")


def test_duty_for_every_kind_says_so(session: Session) -> None:
    kinds = name_kinds(Duty("GM0363"), load_vocabularies(session))
    assert (kinds.sensors.nl, kinds.owners.nl) == ("alle soorten", "iedereen")
