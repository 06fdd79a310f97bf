"""The answer to "does it record me?" of the sensors that can see a spot."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from app.core.i18n import LocalizedText
from app.places.spot import SpotAnswer
from app.sensors.recording import Answer, Kept, Recording, describe_recording, read_recording

_ANSWERS: Final = {
    Answer.YES: LocalizedText("wel", "yes"),
    Answer.NO: LocalizedText("niet", "no"),
    Answer.NOT_FILLED_IN: LocalizedText("niet ingevuld", "not filled in"),
}
_KEPT: Final = {
    Kept.FOR_A_TIME: Answer.YES,
    Kept.UNTIL_PURPOSE_MET: Answer.YES,
    Kept.NO: Answer.NO,
    Kept.UNKNOWN: Answer.NOT_FILLED_IN,
    Kept.NOT_FILLED_IN: Answer.NOT_FILLED_IN,
}
_CAMERAS: Final = LocalizedText(
    "Over deze {n} camera's zeggen de eigenaren:", "Of these {n} cameras the owners say:"
)
_SENSORS: Final = LocalizedText(
    "Over deze {n} sensoren zeggen de eigenaren:", "Of these {n} sensors the owners say:"
)
_FILMING: Final = LocalizedText("filmen of foto's maken", "filming or taking photographs")
_KEEPING: Final = LocalizedText("gegevens bewaren", "keeping data")
_SOUND: Final = LocalizedText("geluid opnemen", "recording sound")


def describe_spot_recording(answer: SpotAnswer) -> LocalizedText | None:
    """Answers of the cameras that can see the spot; of other sensors where no camera can; None without any.

    Of one it is the answer of that sensor, of more the number of each answer. A list that was cut off has none.
    """
    there = answer.seeing.there
    cameras = [sensor for sensor in there if sensor.is_camera]
    asked = cameras or list(there)
    if not asked or not answer.seeing.is_whole:
        return None
    if len(asked) == 1:
        return describe_recording(asked[0].properties)
    return _count_answers(
        _CAMERAS if cameras else _SENSORS, [read_recording(one.properties) for one in asked]
    )


def _count_answers(opening: LocalizedText, recordings: list[Recording]) -> LocalizedText:
    parts = (
        _count(_FILMING, (one.images for one in recordings)),
        _count(_SOUND, (one.sound for one in recordings)),
        _count(_KEEPING, (_KEPT[one.kept] for one in recordings)),
    )
    number = len(recordings)
    return LocalizedText(
        f"{opening.nl.format(n=number)} {'; '.join(one.nl for one in parts)}.",
        f"{opening.en.format(n=number)} {'; '.join(one.en for one in parts)}.",
    )


def _count(subject: LocalizedText, answers: Iterable[Answer]) -> LocalizedText:
    numbers = Counter(answers)
    counted = [(numbers[answer], words) for answer, words in _ANSWERS.items() if numbers[answer]]
    return LocalizedText(
        f"{subject.nl} {', '.join(f'{number} {words.nl}' for number, words in counted)}",
        f"{subject.en} {', '.join(f'{number} {words.en}' for number, words in counted)}",
    )
