"""The answer of a spot in words: a sentence for each group, and one for cameras of which no view is registered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.core.formatting import format_number
from app.core.i18n import Language, LocalizedText
from app.places.spot import BANDS, UNKNOWN_VIEW_METRES, SpotAnswer, SpotGroup, SpotSensor

RADIUS: Final = BANDS[-1]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A number of sensors; `is_least` where there may be more."""

    number: int
    is_least: bool = False

    def render(self, one: LocalizedText, more: LocalizedText) -> LocalizedText:
        """The sentence for one or for more, with the number in place of `{n}`."""
        chosen = more if self.number != 1 or self.is_least else one
        return LocalizedText(chosen.nl.format(n=self._write("nl")), chosen.en.format(n=self._write("en")))

    def _write(self, language: Language) -> str:
        least = LocalizedText("minstens ", "at least ").render(language) if self.is_least else ""
        return least + format_number(self.number, language)


def describe_spot(answer: SpotAnswer) -> LocalizedText:
    """The sensors of the three lists in sentences; planned ones, and those that should be gone, in their own."""
    return _join(
        *_describe_seeing(answer.seeing),
        *_describe_passing(answer.passing),
        *_describe_near(answer.near),
    )


def describe_unknown_views(answer: SpotAnswer) -> LocalizedText | None:
    """How many cameras near by may see the spot; None without any."""
    if not answer.unknown_views:
        return None
    return _Counted(len(answer.unknown_views)).render(
        LocalizedText(
            f"Van {{n}} camera binnen {UNKNOWN_VIEW_METRES} meter staat niet in het register waar die kijkt. "
            "Die kan deze plek misschien ook zien.",
            f"For {{n}} camera within {UNKNOWN_VIEW_METRES} metres the register does not say where it looks. "
            "It may see this spot too.",
        ),
        LocalizedText(
            f"Van {{n}} camera's binnen {UNKNOWN_VIEW_METRES} meter staat niet in het register waar die kijken. "
            "Die kunnen deze plek misschien ook zien.",
            f"For {{n}} cameras within {UNKNOWN_VIEW_METRES} metres the register does not say where they look. "
            "They may see this spot too.",
        ),
    )


def _describe_seeing(group: SpotGroup) -> tuple[LocalizedText, ...]:
    cameras = sum(sensor.is_camera for sensor in group.there)
    others = len(group.there) - cameras
    said = []
    if cameras:
        said.append(
            _Counted(cameras, not group.is_whole).render(
                LocalizedText("Op deze plek kan {n} camera u zien.", "On this spot {n} camera can see you."),
                LocalizedText(
                    "Op deze plek kunnen {n} camera's u zien.", "On this spot {n} cameras can see you."
                ),
            )
        )
    if others:
        other = LocalizedText("andere ", "other ") if cameras else LocalizedText("", "")
        said.append(
            _Counted(others, not group.is_whole).render(
                LocalizedText(
                    f"{{n}} {other.nl}sensor meet op deze plek.",
                    f"{{n}} {other.en}sensor measures on this spot.",
                ),
                LocalizedText(
                    f"{{n}} {other.nl}sensoren meten op deze plek.",
                    f"{{n}} {other.en}sensors measure on this spot.",
                ),
            )
        )
    said += _ABSENT_SEEING.describe(group.sensors, is_whole=group.is_whole)
    if said:
        return tuple(said)
    return (
        LocalizedText(
            "Er staat geen sensor in het register die deze plek kan zien.",
            "The register has no sensor that can see this spot.",
        ),
    )


def _describe_passing(group: SpotGroup) -> tuple[LocalizedText, ...]:
    absent = _ABSENT_PASSING.describe(group.sensors, is_whole=group.is_whole)
    if not group.there:
        return absent
    return (
        _Counted(len(group.there), not group.is_whole).render(
            LocalizedText("{n} sensor komt hier soms langs.", "{n} sensor sometimes comes by."),
            LocalizedText("{n} sensoren komen hier soms langs.", "{n} sensors sometimes come by."),
        ),
        *absent,
    )


@dataclass(frozen=True, slots=True)
class _Absent:
    """Sentences for sensors of one list that are not there by the register, for one and for more."""

    planned: tuple[LocalizedText, LocalizedText]
    overdue: tuple[LocalizedText, LocalizedText]

    def describe(self, sensors: Iterable[SpotSensor], *, is_whole: bool) -> tuple[LocalizedText, ...]:
        absent = [sensor for sensor in sensors if not sensor.is_there]
        planned = sum(sensor.is_planned for sensor in absent)
        counts = ((planned, self.planned), (len(absent) - planned, self.overdue))
        return tuple(_Counted(count, not is_whole).render(*words) for count, words in counts if count)


_ABSENT_SEEING: Final = _Absent(
    (
        LocalizedText(
            "Er komt nog {n} sensor die deze plek kan zien.",
            "{n} sensor that can see this spot is still to come.",
        ),
        LocalizedText(
            "Er komen nog {n} sensoren die deze plek kunnen zien.",
            "{n} sensors that can see this spot are still to come.",
        ),
    ),
    (
        LocalizedText(
            "{n} sensor die al weg had moeten zijn, kan deze plek misschien nog zien.",
            "{n} sensor that should have been gone may still see this spot.",
        ),
        LocalizedText(
            "{n} sensoren die al weg hadden moeten zijn, kunnen deze plek misschien nog zien.",
            "{n} sensors that should have been gone may still see this spot.",
        ),
    ),
)
_ABSENT_PASSING: Final = _Absent(
    (
        LocalizedText("{n} sensor gaat hier soms langskomen.", "{n} sensor will sometimes come by."),
        LocalizedText("{n} sensoren gaan hier soms langskomen.", "{n} sensors will sometimes come by."),
    ),
    (
        LocalizedText(
            "{n} sensor die al weg had moeten zijn, komt hier misschien nog langs.",
            "{n} sensor that should have been gone may still come by.",
        ),
        LocalizedText(
            "{n} sensoren die al weg hadden moeten zijn, komen hier misschien nog langs.",
            "{n} sensors that should have been gone may still come by.",
        ),
    ),
)
_ABSENT_NEAR: Final = _Absent(
    (
        LocalizedText(
            f"Binnen {RADIUS} meter komt nog {{n}} sensor.",
            f"Within {RADIUS} metres {{n}} sensor is still to come.",
        ),
        LocalizedText(
            f"Binnen {RADIUS} meter komen nog {{n}} sensoren.",
            f"Within {RADIUS} metres {{n}} sensors are still to come.",
        ),
    ),
    (
        LocalizedText(
            f"Binnen {RADIUS} meter staat misschien nog {{n}} sensor die al weg had moeten zijn.",
            f"Within {RADIUS} metres there may still be {{n}} sensor that should have been gone.",
        ),
        LocalizedText(
            f"Binnen {RADIUS} meter staan misschien nog {{n}} sensoren die al weg hadden moeten zijn.",
            f"Within {RADIUS} metres there may still be {{n}} sensors that should have been gone.",
        ),
    ),
)


NONE_NEAR: Final = LocalizedText(
    f"Binnen {RADIUS} meter staan geen andere sensoren in het register.",
    f"Within {RADIUS} metres there are no other sensors in the register.",
)
_NEAR: Final = (
    LocalizedText(
        f"Binnen {RADIUS} meter staat nog {{n}} andere sensor.",
        f"Within {RADIUS} metres there is {{n}} other sensor.",
    ),
    LocalizedText(
        f"Binnen {RADIUS} meter staan nog {{n}} andere sensoren.",
        f"Within {RADIUS} metres there are {{n}} other sensors.",
    ),
)
_HIDDEN: Final = (
    LocalizedText(
        "Van {n} sensor in de buurt is de precieze plek niet openbaar.",
        "The exact place of {n} sensor near by is not public.",
    ),
    LocalizedText(
        "Van {n} sensoren in de buurt is de precieze plek niet openbaar.",
        "The exact place of {n} sensors near by is not public.",
    ),
)


def _describe_near(group: SpotGroup) -> tuple[LocalizedText, ...]:
    exact = [sensor for sensor in group.sensors if sensor.is_exact]
    there = sum(sensor.is_there for sensor in exact)
    said = []
    if there:
        said.append(_Counted(there, not group.is_whole).render(*_NEAR))
    said += _ABSENT_NEAR.describe(exact, is_whole=group.is_whole)
    hidden = len(group.sensors) - len(exact)
    if not group.sensors:
        said.append(NONE_NEAR)
    if hidden:
        # Within the radius or just outside it: the register does not show where.
        said.append(_Counted(hidden).render(*_HIDDEN))
    return tuple(said)


def _join(*sentences: LocalizedText) -> LocalizedText:
    return LocalizedText(" ".join(one.nl for one in sentences), " ".join(one.en for one in sentences))
