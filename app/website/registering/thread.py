"""Remarks of a review in words: what was asked, answered, rejected or commented, by whom and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.core.formatting import format_datetime
from app.core.i18n import LocalizedText
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.presentation import Labels
from app.sensors.registration.remarks import Remark

_TITLES: Final[Mapping[str, LocalizedText]] = {
    "change_request": LocalizedText("Wijzigingen gevraagd", "Changes requested"),
    "rejection": LocalizedText("Afgewezen", "Rejected"),
    "comment": LocalizedText("Opmerking", "Comment"),
    "answer": LocalizedText("Antwoord van de indiener", "Answer of the submitter"),
}


@dataclass(frozen=True, slots=True)
class RemarkInWords:
    """One remark; `field` is the label of the field that it is about, empty for the whole registration."""

    title: str
    field: str
    text: str
    author: str
    moment: str


def word_remarks(remarks: Iterable[Remark], labels: Labels) -> list[RemarkInWords]:
    """The thread in words, in its order."""
    return [
        RemarkInWords(
            title=labels.render(_TITLES[one.kind]),
            field=labels.render(FIELD_BY_NAME[one.field].label) if one.field in FIELD_BY_NAME else "",
            text=one.text,
            author=f"{labels.render(one.author)}, {one.organisation}" if one.author else one.organisation,
            moment=format_datetime(one.recorded_at, labels.language),
        )
        for one in remarks
    ]
