"""The answer of a spot in words: a sentence for each group, and one for cameras of which no view is registered."""

from dataclasses import dataclass
from typing import Final

from app.core.formatting import format_number
from app.core.i18n import Language, LocalizedText
from app.places.spot import BANDS, UNKNOWN_VIEW_METRES, SpotAnswer, SpotGroup

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
    """The sensors that are there today, in sentences; planned sensors and those that should be gone are apart."""
    return _join(
        *_describe_seeing(answer.seeing),
        *_describe_passing(answer.passing),
        *_describe_near(answer.near),
        *_describe_absent(answer),
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
    if said:
        return tuple(said)
    return (
        LocalizedText(
            "Er staat geen sensor in het register die deze plek kan zien.",
            "The register has no sensor that can see this spot.",
        ),
    )


def _describe_passing(group: SpotGroup) -> tuple[LocalizedText, ...]:
    if not group.there:
        return ()
    return (
        _Counted(len(group.there), not group.is_whole).render(
            LocalizedText("{n} sensor komt hier soms langs.", "{n} sensor sometimes comes by."),
            LocalizedText("{n} sensoren komen hier soms langs.", "{n} sensors sometimes come by."),
        ),
    )


def _describe_absent(answer: SpotAnswer) -> tuple[LocalizedText, ...]:
    """The sensors in the lists that are not counted in the other sentences."""
    groups = (answer.seeing, answer.passing, answer.near)
    absent = sum(len(group.sensors) - len(group.there) for group in groups)
    if not absent:
        return ()
    return (
        _Counted(absent, not all(group.is_whole for group in groups)).render(
            LocalizedText(
                "In de lijst staat ook {n} sensor die nog moet komen, of al weg had moeten zijn.",
                "The list also has {n} sensor that is still to come, or should have been gone.",
            ),
            LocalizedText(
                "In de lijst staan ook {n} sensoren die nog moeten komen, of al weg hadden moeten zijn.",
                "The list also has {n} sensors that are still to come, or should have been gone.",
            ),
        ),
    )


def _describe_near(group: SpotGroup) -> tuple[LocalizedText, ...]:
    exact = [sensor for sensor in group.there if sensor.is_exact]
    hidden = len(group.there) - len(exact)
    said = [
        _Counted(len(exact), not group.is_whole).render(
            LocalizedText(
                f"Binnen {RADIUS} meter staat nog {{n}} andere sensor.",
                f"Within {RADIUS} metres there is {{n}} other sensor.",
            ),
            LocalizedText(
                f"Binnen {RADIUS} meter staan nog {{n}} andere sensoren.",
                f"Within {RADIUS} metres there are {{n}} other sensors.",
            ),
        )
        if exact
        else LocalizedText(
            f"Binnen {RADIUS} meter staan geen andere sensoren in het register.",
            f"Within {RADIUS} metres there are no other sensors in the register.",
        )
    ]
    if hidden:
        # Within the radius or just outside it: the register does not show where.
        said.append(
            _Counted(hidden).render(
                LocalizedText(
                    "Van {n} sensor in de buurt is de precieze plek niet openbaar.",
                    "The exact place of {n} sensor near by is not public.",
                ),
                LocalizedText(
                    "Van {n} sensoren in de buurt is de precieze plek niet openbaar.",
                    "The exact place of {n} sensors near by is not public.",
                ),
            )
        )
    return tuple(said)


def _join(*sentences: LocalizedText) -> LocalizedText:
    return LocalizedText(" ".join(one.nl for one in sentences), " ".join(one.en for one in sentences))
