"""Questions that apply after a certain answer."""

from sqlalchemy.orm import Session

from app.sensors.fields import FIELD_BY_NAME
from app.vocabularies.queries import load_vocabularies
from app.website.registering.conditions import CONDITIONS, applies
from app.website.registering.steps import STEP_OF


def test_conditions_are_answers_of_the_same_step(session: Session) -> None:
    vocabularies = load_vocabularies(session)
    for name, condition in CONDITIONS.items():
        step = STEP_OF[name]
        assert condition.field in step.names, name
        # A browser decides in the order of the page.
        assert step.names.index(condition.field) < step.names.index(name), name
        vocabulary = FIELD_BY_NAME[condition.field].vocabulary
        assert not condition.codes or vocabulary is not None
        assert vocabulary is None or condition.codes <= vocabularies.by_name[vocabulary].terms.keys(), name


def test_question_applies_with_its_answer_alone() -> None:
    assert applies("measures", {})
    assert not applies("sensorTypeOther", {})
    assert not applies("sensorTypeOther", {"sensorType": "sound"})
    assert applies("sensorTypeOther", {"sensorType": "other"})
    assert applies("heightReference", {"heightM": "3"})
    assert applies("legalBasisText", {"personalData": "yes", "gdprBases": ["consent", "public_task"]})
    # A ground that is left of a former answer asks for nothing.
    assert not applies("legalBasisText", {"personalData": "none", "gdprBases": ["public_task"]})
