"""The duty to notify of a municipality: what its rule asks of owners, and what it promises itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.core.i18n import LocalizedText

DEFAULT_NOTICE_DAYS: Final = 5
"""Days before placing, where a municipality has no profile and the settings say nothing else."""

TEXTS: Final = ("exemptions", "legal_title", "legal_text", "receipt_text", "objection_text")
"""The texts of a profile, each in Dutch and English."""

COLUMNS: Final = (
    *("municipality_code", "valid_from", "is_mandatory", "sensor_types", "owner_types", "notice_days"),
    *("removal_notified", "change_notified", "legal_url", "is_example", *TEXTS),
    *("review_term_days", "comment_term_days", "report_term_days"),
)
"""Columns of the table of profiles, by the names of the fields of a duty."""


@dataclass(frozen=True, slots=True)
class Duty:
    """The rule of one municipality from a day on. Without a profile nothing is mandatory, and `valid_from` is None.

    `sensor_types` and `owner_types` are the kinds that it concerns; empty means every kind. `notice_days` is how many
    days before placing a sensor has to be notified. The terms are days in which the municipality answers: a submission
    (`review`), a request for comment of another municipality (`comment`), and the report of a resident (`report`).
    """

    municipality_code: str | None
    valid_from: date | None = None
    is_mandatory: bool = False
    sensor_types: tuple[str, ...] = ()
    owner_types: tuple[str, ...] = ()
    notice_days: int = DEFAULT_NOTICE_DAYS
    removal_notified: bool = False
    change_notified: bool = False
    exemptions: LocalizedText | None = None
    legal_title: LocalizedText | None = None
    legal_text: LocalizedText | None = None
    legal_url: str | None = None
    review_term_days: int = 14
    comment_term_days: int = 7
    report_term_days: int = 28
    receipt_text: LocalizedText | None = None
    objection_text: LocalizedText | None = None
    is_example: bool = False

    @property
    def has_profile(self) -> bool:
        """Whether the municipality stated its rule; otherwise everything is the default."""
        return self.valid_from is not None

    def covers(self, sensor_type: str, owner_type: str) -> bool:
        """Whether the rule concerns sensors of this kind of owners of this kind."""
        return (not self.sensor_types or sensor_type in self.sensor_types) and (
            not self.owner_types or owner_type in self.owner_types
        )

    def is_late(self, *, sensor_type: str, owner_type: str, placed_from: date, notified_on: date) -> bool:
        """Whether a sensor was notified fewer days before it is placed than the rule asks; False where it asks none."""
        return self.covers(sensor_type, owner_type) and (placed_from - notified_on).days < self.notice_days


def duty_of_row(row: Mapping[str, Any]) -> Duty:
    """The duty in a row of the table, with its days as dates or as texts."""
    values: dict[str, Any] = {name: row[name] for name in COLUMNS}
    if isinstance(values["valid_from"], str):
        values["valid_from"] = date.fromisoformat(values["valid_from"])
    for name in ("sensor_types", "owner_types"):
        values[name] = tuple(values[name])
    for name in TEXTS:
        values[name] = LocalizedText(**values[name]) if values[name] else None
    return Duty(**values)


def choose_duty(
    duties: tuple[Duty, ...],
    municipality_code: str | None,
    day: date,
    default_days: int = DEFAULT_NOTICE_DAYS,
) -> Duty:
    """The duty in force on a day, of all of one municipality; a voluntary one where it has none yet."""
    begun = [duty for duty in duties if duty.valid_from is not None and duty.valid_from <= day]
    if not begun:
        return Duty(municipality_code, notice_days=default_days)
    return max(begun, key=lambda duty: duty.valid_from or day)
