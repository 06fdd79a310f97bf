"""The answer to "does it record me?": images, sound, and how long the data are kept, as the owner stated them.

No field asks this in so many words: the kind of sensor says what is no camera, and the types of data what is recorded.
Where neither says it, the answer is that the owner did not fill it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.core.formatting import format_duration
from app.core.i18n import LocalizedText
from app.sensors.fields import PERSONAL_DATA

CAMERA: Final = "optical_camera"
NO_CAMERA_SUBTYPES: Final = frozenset({"light_cell"})
"""Subtypes of optical sensors that take no images."""
_SOUND: Final = "sound"
_OTHER: Final = "other"
_IMAGES: Final = "pixel_based_image"
_DEVICE_DATA: Final = "binary"
"""Data in a form of the device, which may be sound or signals."""

Sensor = Mapping[str, Any]


class Answer(StrEnum):
    """Whether something is recorded: stated, not among the types of data that were stated, or not stated."""

    YES = "yes"
    NO = "no"
    NOT_FILLED_IN = "not_filled_in"


class Kept(StrEnum):
    """Whether the data are kept, as the owner stated it."""

    FOR_A_TIME = "for_a_time"
    UNTIL_PURPOSE_MET = "until_purpose_met"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_FILLED_IN = "not_filled_in"


@dataclass(frozen=True, slots=True)
class Recording:
    """Images, sound and storage of one sensor. `is_camera` follows from its kind."""

    is_camera: bool
    images: Answer
    sound: Answer
    kept: Kept


def is_camera(sensor: Sensor) -> bool:
    """Whether the kind of a sensor takes images; a light cell is an optical sensor that does not."""
    return sensor["sensorType"] == CAMERA and sensor.get("sensorSubtype") not in NO_CAMERA_SUBTYPES


def read_recording(sensor: Sensor) -> Recording:
    """Images, sound and storage of a sensor by its published properties."""
    return Recording(is_camera(sensor), _read_images(sensor), _read_sound(sensor), _read_kept(sensor))


def describe_recording(sensor: Sensor) -> LocalizedText:
    """The answer in one to four short sentences, each of them a claim of the owner or a gap."""
    recording = read_recording(sensor)
    said = _describe_images_and_sound(sensor, recording)
    if recording.images is not Answer.YES and (personal := _PERSONAL.get(sensor["personalData"])):
        said = (*said, personal)
    if _concerns_people(sensor):
        said = (*said, _describe_kept(sensor))
    return LocalizedText(" ".join(one.nl for one in said), " ".join(one.en for one in said))


def _read_images(sensor: Sensor) -> Answer:
    data = sensor.get("dataTypes") or ()
    if _IMAGES in data:
        return Answer.YES
    is_open = is_camera(sensor) or sensor["sensorType"] == _OTHER
    return Answer.NOT_FILLED_IN if is_open and not data else Answer.NO


def _read_sound(sensor: Sensor) -> Answer:
    data = sensor.get("dataTypes") or ()
    # A receiver of radio signals has such data too, and no microphone.
    has_microphone = is_camera(sensor) or sensor["sensorType"] in (_SOUND, _OTHER) or _IMAGES in data
    return Answer.NOT_FILLED_IN if has_microphone and (not data or _DEVICE_DATA in data) else Answer.NO


def _read_kept(sensor: Sensor) -> Kept:
    kind = sensor.get("retentionKind")
    if kind == "not_retained":
        return Kept.NO
    if sensor.get("retentionPeriod") or kind == "fixed":
        return Kept.FOR_A_TIME
    if kind == "until_purpose_met":
        return Kept.UNTIL_PURPOSE_MET
    return Kept.UNKNOWN if kind == "unknown" else Kept.NOT_FILLED_IN


def _concerns_people(sensor: Sensor) -> bool:
    """Whether how long data are kept matters to a passer-by."""
    records = read_recording(sensor)
    is_recorded = Answer.YES in (records.images, records.sound)
    return records.is_camera or is_recorded or sensor["personalData"] in PERSONAL_DATA


_IMAGES_TAKEN: Final[Mapping[str, LocalizedText]] = {
    "planned": LocalizedText(
        "Volgens de eigenaar gaat deze sensor filmen of foto's maken.",
        "According to its owner this sensor will film or take photographs.",
    ),
    "removed": LocalizedText(
        "Volgens de eigenaar filmde deze sensor of maakte die foto's.",
        "According to its owner this sensor filmed or took photographs.",
    ),
}
_IMAGES_TAKEN_NOW: Final = LocalizedText(
    "Volgens de eigenaar filmt deze sensor of maakt die foto's.",
    "According to its owner this sensor films or takes photographs.",
)
_SOUND_UNKNOWN: Final = LocalizedText(
    "Of er ook geluid wordt opgenomen, heeft de eigenaar niet ingevuld.",
    "The owner did not fill in whether sound is recorded too.",
)
_NO_SOUND_NAMED: Final = LocalizedText(
    "De eigenaar noemt geen opnamen van geluid.", "The owner names no recordings of sound."
)
_NOTHING_NAMED: Final = LocalizedText(
    "Dit is een camera, maar de eigenaar noemt geen beelden en geen opnamen van geluid.",
    "This is a camera, but its owner names no images and no recordings of sound.",
)
_NO_IMAGES_NAMED: Final = LocalizedText(
    "Dit is een camera, maar de eigenaar noemt geen beelden.",
    "This is a camera, but its owner names no images.",
)
_CAMERA_UNKNOWN: Final = LocalizedText(
    "Dit is een camera. Of die filmt en of er geluid wordt opgenomen, heeft de eigenaar niet ingevuld.",
    "This is a camera. The owner did not fill in whether it films and whether sound is recorded.",
)
_LIGHT_CELL: Final = LocalizedText(
    "Nee. Dit is volgens de eigenaar een lichtcel. Die filmt niet en neemt geen geluid op.",
    "No. According to its owner this is a light cell, which does not film and records no sound.",
)
_SOUND_SENSOR: Final[Mapping[Answer, LocalizedText]] = {
    Answer.NO: LocalizedText(
        "Dit is volgens de eigenaar geen camera. De sensor meet geluid, maar de eigenaar noemt geen opnamen van "
        "geluid.",
        "According to its owner this is no camera. It measures sound, but the owner names no recordings of sound.",
    ),
    Answer.NOT_FILLED_IN: LocalizedText(
        "Dit is volgens de eigenaar geen camera. De sensor meet geluid. Of dat ook wordt opgenomen, heeft de eigenaar "
        "niet ingevuld.",
        "According to its owner this is no camera. It measures sound. The owner did not fill in whether it is "
        "recorded.",
    ),
}
_OTHER_UNKNOWN: Final = LocalizedText(
    "Of deze sensor filmt of geluid opneemt, heeft de eigenaar niet ingevuld.",
    "The owner did not fill in whether this sensor films or records sound.",
)
_NEITHER: Final = LocalizedText(
    "De sensor filmt niet en neemt geen geluid op: volgens de eigenaar is het geen camera en geen geluidsensor.",
    "The sensor does not film and records no sound: according to its owner it is no camera and no sound sensor.",
)
_NO_CAMERA: Final = LocalizedText(
    "Dit is volgens de eigenaar geen camera.", "According to its owner this is no camera."
)

_PERSONAL_DATA: Final = LocalizedText(
    "Volgens de eigenaar verwerkt de sensor wel persoonsgegevens.",
    "According to its owner the sensor does process personal data.",
)
_PERSONAL: Final[Mapping[str, LocalizedText]] = {
    "indirect": LocalizedText(
        "Volgens de eigenaar verwerkt de sensor wel indirect persoonsgegevens.",
        "According to its owner the sensor does process personal data indirectly.",
    ),
    "yes": _PERSONAL_DATA,
    "special_category": _PERSONAL_DATA,
}


def _describe_images_and_sound(sensor: Sensor, recording: Recording) -> tuple[LocalizedText, ...]:
    sound = _SOUND_UNKNOWN if recording.sound is Answer.NOT_FILLED_IN else _NO_SOUND_NAMED
    if recording.images is Answer.YES:
        return (_IMAGES_TAKEN.get(sensor["operationalStatus"], _IMAGES_TAKEN_NOW), sound)
    if recording.is_camera:
        return _describe_camera_without_images(recording)
    if recording.images is Answer.NOT_FILLED_IN:
        return (_OTHER_UNKNOWN,)
    if sensor["sensorType"] == _SOUND:
        return (_SOUND_SENSOR[recording.sound],)
    if recording.sound is Answer.NOT_FILLED_IN:
        return (_NO_CAMERA, sound)
    return (_LIGHT_CELL if sensor.get("sensorSubtype") in NO_CAMERA_SUBTYPES else _NEITHER,)


def _describe_camera_without_images(recording: Recording) -> tuple[LocalizedText, ...]:
    if recording.images is Answer.NOT_FILLED_IN:
        return (_CAMERA_UNKNOWN,)
    return (_NOTHING_NAMED,) if recording.sound is Answer.NO else (_NO_IMAGES_NAMED, _SOUND_UNKNOWN)


_KEPT: Final[Mapping[Kept, LocalizedText]] = {
    Kept.NO: LocalizedText(
        "De gegevens worden volgens de eigenaar niet bewaard.",
        "According to the owner the data are not kept.",
    ),
    Kept.UNTIL_PURPOSE_MET: LocalizedText(
        "De gegevens worden volgens de eigenaar bewaard tot het doel is bereikt.",
        "According to the owner the data are kept until the purpose is met.",
    ),
    Kept.UNKNOWN: LocalizedText(
        "Hoe lang de gegevens bewaard blijven, is volgens de eigenaar niet bekend.",
        "According to the owner it is not known for how long the data are kept.",
    ),
    Kept.NOT_FILLED_IN: LocalizedText(
        "Of en hoe lang de gegevens bewaard blijven, heeft de eigenaar niet ingevuld.",
        "The owner did not fill in whether and for how long the data are kept.",
    ),
    Kept.FOR_A_TIME: LocalizedText(
        "De gegevens worden volgens de eigenaar een tijd bewaard; hoe lang is niet ingevuld.",
        "According to the owner the data are kept for some time; for how long is not filled in.",
    ),
}


def _describe_kept(sensor: Sensor) -> LocalizedText:
    kept, period = _read_kept(sensor), sensor.get("retentionPeriod")
    if kept is Kept.FOR_A_TIME and period:
        return LocalizedText(
            f"De gegevens worden volgens de eigenaar {format_duration(period, 'nl')} bewaard.",
            f"According to the owner the data are kept for {format_duration(period, 'en')}.",
        )
    return _KEPT[kept]
