"""Questions that apply only after a certain answer to another question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.sensors.fields import PERSONAL_DATA
from app.sensors.registration.drafts import Answers


@dataclass(frozen=True, slots=True)
class Condition:
    """A question applies when `field` has one of these codes; without codes, when it has any answer."""

    field: str
    codes: frozenset[str] = frozenset()


_PERSONAL: Final = Condition("personalData", PERSONAL_DATA)
_ON_LAW: Final = Condition("gdprBases", frozenset({"legal_obligation", "public_task"}))
_USES_AI: Final = Condition(
    "aiUse",
    frozenset(
        {
            "counting",
            "detection",
            "recognition",
            "biometric_identification",
            "biometric_categorisation",
            "emotion_recognition",
        }
    ),
)
_DPIA_DONE: Final = Condition("dpiaStatus", frozenset({"done"}))

CONDITIONS: Final[Mapping[str, Condition]] = {
    "sensorTypeOther": Condition("sensorType", frozenset({"other"})),
    "location": Condition("mobility", frozenset({"fixed", "relocatable"})),
    "operatingArea": Condition("mobility", frozenset({"mobile", "relocatable"})),
    "locationAccuracyM": Condition("locationAccuracy", frozenset({"approximate"})),
    "heightReference": Condition("heightM"),
    "gdprBases": _PERSONAL,
    "legalBasisText": _ON_LAW,
    "legalBasisUrl": _ON_LAW,
    "legitimateInterest": Condition("gdprBases", frozenset({"legitimate_interests"})),
    "privacyStatementUrl": _PERSONAL,
    "dpiaStatus": _PERSONAL,
    "dpiaReference": _DPIA_DONE,
    "dpiaUrl": _DPIA_DONE,
    "dpiaDate": _DPIA_DONE,
    "retentionKind": _PERSONAL,
    "retentionPeriod": Condition("retentionKind", frozenset({"fixed"})),
    "aiNotice": _USES_AI,
    "aiRegistryUrl": _USES_AI,
    "visibilityReason": Condition("visibility", frozenset({"generalised", "internal"})),
}
"""By the name of the field. Each condition is on a field of the same step, so that a page can show it at once."""


def applies(name: str, answers: Answers) -> bool:
    """Whether the question of this field applies, given what was answered; it does until its condition is answered.

    A question whose condition does not apply itself does not apply either.
    """
    condition = CONDITIONS.get(name)
    if condition is None:
        return True
    if not applies(condition.field, answers):
        return False
    answer = answers.get(condition.field)
    if not answer:
        return False
    given = {answer} if isinstance(answer, str) else set(answer)
    return not condition.codes or bool(condition.codes & given)
