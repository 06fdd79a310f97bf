"""The answer of a spot in words: three short sentences at most, and one for cameras of which no view is registered."""

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
        """The words for one or for more, with the number in place of `{n}`."""
        chosen = more if self.number != 1 or self.is_least else one
        return LocalizedText(chosen.nl.format(n=self._write("nl")), chosen.en.format(n=self._write("en")))

    def _write(self, language: Language) -> str:
        least = LocalizedText("minstens ", "at least ").render(language) if self.is_least else ""
        return least + format_number(self.number, language)


@dataclass(frozen=True, slots=True)
class _Tally:
    """The numbers of a list of sensors by what the register says of today; each sensor is in one of them."""

    there: _Counted
    planned: _Counted
    overdue: _Counted

    @classmethod
    def of(cls, sensors: Iterable[SpotSensor], *, is_whole: bool) -> "_Tally":
        listed = tuple(sensors)
        there = sum(sensor.is_there for sensor in listed)
        planned = sum(sensor.is_planned for sensor in listed)
        overdue = len(listed) - there - planned
        return cls(*(_Counted(number, not is_whole) for number in (there, planned, overdue)))


def describe_spot(answer: SpotAnswer) -> LocalizedText:
    """Sensors that can see the spot, those near it, and those that come by or have no exact place, in this order."""
    exact = [sensor for sensor in answer.near.sensors if sensor.is_exact]
    hidden = [sensor for sensor in answer.near.sensors if not sensor.is_exact]
    sentences = (
        _describe_seeing(answer.seeing),
        _describe_near(answer, exact, has_hidden=bool(hidden)),
        _describe_passing_and_hidden(answer.passing, hidden),
    )
    said = [one for one in sentences if one]
    return LocalizedText(" ".join(one.nl for one in said), " ".join(one.en for one in said))


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


_MORE_PLANNED: Final = (
    LocalizedText("er komt later {n} bij", "{n} more will come later"),
    LocalizedText("er komen er later {n} bij", "{n} more will come later"),
)
_OVERDUE: Final = (
    LocalizedText(
        "{n} die al weg had moeten zijn, is er misschien nog",
        "{n} that should have been gone may still be there",
    ),
    LocalizedText(
        "{n} die al weg hadden moeten zijn, zijn er misschien nog",
        "{n} that should have been gone may still be there",
    ),
)
"""Parts of a sentence that has named the sensors before."""

_SEEING_CAMERAS: Final = (
    LocalizedText("op deze plek kan {n} camera u zien", "on this spot {n} camera can see you"),
    LocalizedText("op deze plek kunnen {n} camera's u zien", "on this spot {n} cameras can see you"),
)
_SEEING_OTHERS: Final = (
    LocalizedText("{n} sensor meet op deze plek", "{n} sensor measures on this spot"),
    LocalizedText("{n} sensoren meten op deze plek", "{n} sensors measure on this spot"),
)
_SEEING_OTHERS_TOO: Final = (
    LocalizedText(", en {n} andere sensor meet hier", ", and {n} other sensor measures here"),
    LocalizedText(", en {n} andere sensoren meten hier", ", and {n} other sensors measure here"),
)
_SEEING_NONE: Final = LocalizedText(
    "volgens het register kan geen sensor deze plek zien",
    "according to the register, no sensor can see this spot",
)
_SEEING_NONE_NOW: Final = LocalizedText(
    "volgens het register kan nu geen sensor deze plek zien",
    "according to the register, no sensor can see this spot now",
)
_SEEING_PLANNED: Final = (
    LocalizedText("later komt er {n} die dat kan", "{n} that can will come later"),
    LocalizedText("later komen er {n} die dat kunnen", "{n} that can will come later"),
)


def _describe_seeing(group: SpotGroup) -> LocalizedText:
    tally = _Tally.of(group.sensors, is_whole=group.is_whole)
    cameras = sum(sensor.is_camera for sensor in group.there)
    others = _Counted(len(group.there) - cameras, not group.is_whole)
    if cameras:
        first = _Counted(cameras, not group.is_whole).render(*_SEEING_CAMERAS)
        if others.number:
            more = others.render(*_SEEING_OTHERS_TOO)
            first = LocalizedText(first.nl + more.nl, first.en + more.en)
    elif others.number:
        first = others.render(*_SEEING_OTHERS)
    else:
        first = _SEEING_NONE_NOW if group.sensors else _SEEING_NONE
    planned = _MORE_PLANNED if tally.there.number else _SEEING_PLANNED
    return _write_sentence(first, *_render(tally.planned, planned), *_render(tally.overdue, _OVERDUE))


_NEAR: Final = (
    LocalizedText(
        f"binnen {RADIUS} meter staat {{n}} sensor in gebruik",
        f"within {RADIUS} metres there is {{n}} sensor in use",
    ),
    LocalizedText(
        f"binnen {RADIUS} meter staan {{n}} sensoren in gebruik",
        f"within {RADIUS} metres there are {{n}} sensors in use",
    ),
)
_NEAR_TOO: Final = (
    LocalizedText(
        f"binnen {RADIUS} meter staat nog {{n}} andere sensor in gebruik",
        f"within {RADIUS} metres there is {{n}} other sensor in use",
    ),
    LocalizedText(
        f"binnen {RADIUS} meter staan nog {{n}} andere sensoren in gebruik",
        f"within {RADIUS} metres there are {{n}} other sensors in use",
    ),
)
_NEAR_PLANNED: Final = (
    LocalizedText(
        f"binnen {RADIUS} meter komt later {{n}} sensor",
        f"within {RADIUS} metres {{n}} sensor will come later",
    ),
    LocalizedText(
        f"binnen {RADIUS} meter komen later {{n}} sensoren",
        f"within {RADIUS} metres {{n}} sensors will come later",
    ),
)
_NEAR_OVERDUE: Final = (
    LocalizedText(
        f"binnen {RADIUS} meter staat misschien nog {{n}} sensor die al weg had moeten zijn",
        f"within {RADIUS} metres there may still be {{n}} sensor that should have been gone",
    ),
    LocalizedText(
        f"binnen {RADIUS} meter staan misschien nog {{n}} sensoren die al weg hadden moeten zijn",
        f"within {RADIUS} metres there may still be {{n}} sensors that should have been gone",
    ),
)
_NEAR_NONE: Final = LocalizedText(
    f"binnen {RADIUS} meter staan geen sensoren in het register",
    f"within {RADIUS} metres there are no sensors in the register",
)
_NEAR_NONE_ELSE: Final = LocalizedText(
    f"binnen {RADIUS} meter staan geen andere sensoren in het register",
    f"within {RADIUS} metres there are no other sensors in the register",
)


def _describe_near(answer: SpotAnswer, exact: list[SpotSensor], *, has_hidden: bool) -> LocalizedText | None:
    """The sensors at an exact place; no "none" where a hidden one may stand within the distance."""
    tally = _Tally.of(exact, is_whole=answer.near.is_whole)
    has_seeing = bool(answer.seeing.sensors)
    if tally.there.number:
        first = tally.there.render(*(_NEAR_TOO if has_seeing else _NEAR))
        return _write_sentence(
            first, *_render(tally.planned, _MORE_PLANNED), *_render(tally.overdue, _OVERDUE)
        )
    if tally.planned.number:
        return _write_sentence(tally.planned.render(*_NEAR_PLANNED), *_render(tally.overdue, _OVERDUE))
    if tally.overdue.number:
        return _write_sentence(tally.overdue.render(*_NEAR_OVERDUE))
    if has_hidden:
        return None
    return _write_sentence(_NEAR_NONE_ELSE if has_seeing else _NEAR_NONE)


_PASSING: Final = (
    LocalizedText("een mobiele sensor komt hier soms langs", "a mobile sensor sometimes comes by"),
    LocalizedText("{n} mobiele sensoren komen hier soms langs", "{n} mobile sensors sometimes come by"),
)
_PASSING_PLANNED: Final = (
    LocalizedText(
        "later komt hier soms een mobiele sensor langs", "a mobile sensor will sometimes come by later"
    ),
    LocalizedText(
        "later komen hier soms {n} mobiele sensoren langs", "{n} mobile sensors will sometimes come by later"
    ),
)
_PASSING_OVERDUE: Final = (
    LocalizedText(
        "een mobiele sensor die al weg had moeten zijn, komt hier misschien nog langs",
        "a mobile sensor that should have been gone may still come by",
    ),
    LocalizedText(
        "{n} mobiele sensoren die al weg hadden moeten zijn, komen hier misschien nog langs",
        "{n} mobile sensors that should have been gone may still come by",
    ),
)
_HIDDEN: Final = (
    LocalizedText(
        "van {n} sensor%s is de precieze plek niet openbaar",
        "the exact place of {n} sensor near by%s is not public",
    ),
    LocalizedText(
        "van {n} sensoren%s is de precieze plek niet openbaar",
        "the exact place of {n} sensors near by%s is not public",
    ),
)


def _describe_passing_and_hidden(group: SpotGroup, hidden: list[SpotSensor]) -> LocalizedText | None:
    tally = _Tally.of(group.sensors, is_whole=group.is_whole)
    kinds = ((tally.there, _PASSING), (tally.planned, _PASSING_PLANNED), (tally.overdue, _PASSING_OVERDUE))
    passing = [part for counted, words in kinds for part in _render(counted, words)]
    if not hidden:
        return _write_sentence(*passing) if passing else None
    last = _describe_hidden(hidden)
    if not passing:
        return _write_sentence(last)
    joined = LocalizedText(f"{passing[-1].nl}, en {last.nl}", f"{passing[-1].en}, and {last.en}")
    return _write_sentence(*passing[:-1], joined)


def _describe_hidden(hidden: list[SpotSensor]) -> LocalizedText:
    """The sensors within the radius or just outside it: the register does not show where."""
    tally = _Tally.of(hidden, is_whole=True)
    planned, overdue = tally.planned.number, tally.overdue.number
    nl, en = [], []
    if planned:
        nl.append(f"{planned} gepland")
        en.append(f"{planned} planned")
    if overdue:
        nl.append(
            f"{overdue} had al weg moeten zijn" if overdue == 1 else f"{overdue} hadden al weg moeten zijn"
        )
        en.append(f"{overdue} should have been gone")
    words = _Counted(len(hidden)).render(*_HIDDEN)
    of_which = [f" ({', '.join(parts)})" if parts else "" for parts in (nl, en)]
    return LocalizedText(words.nl % f" in de buurt{of_which[0]}", words.en % of_which[1])


def _render(counted: _Counted, words: tuple[LocalizedText, LocalizedText]) -> tuple[LocalizedText, ...]:
    return (counted.render(*words),) if counted.number else ()


def _write_sentence(*parts: LocalizedText) -> LocalizedText:
    """The parts as one sentence, with a capital and a full stop."""
    nl, en = ("; ".join(part.render(language) for part in parts) for language in ("nl", "en"))
    return LocalizedText(f"{nl[0].upper()}{nl[1:]}.", f"{en[0].upper()}{en[1:]}.")
