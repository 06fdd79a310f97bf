"""The steps: every field is asked for, once."""

from app.sensors.fields import FIELDS
from app.website.registering.steps import CHECK, STEP_OF, STEPS, find_next, find_previous


def test_every_field_is_asked_for_once() -> None:
    asked = [name for step in STEPS for name in step.names]
    assert len(asked) == len(set(asked))
    # A removal is reported by itself, once the sensor is gone.
    assert set(asked) == {field.name for field in FIELDS} - {"removedOn"}
    assert set(STEP_OF) == set(asked)


def test_steps_follow_one_another_to_the_check() -> None:
    paths = [step.path for step in STEPS]
    assert [find_next(step) for step in STEPS] == [*paths[1:], CHECK]
    assert [find_previous(step) for step in STEPS] == [None, *paths[:-1]]
