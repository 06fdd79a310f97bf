"""The duty that a submission falls under, as a receipt stores it."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core.i18n import LocalizedText
from app.duties.queries import find_duty

_MEMBERS: Final = {
    "municipalityCode": "municipality_code",
    "validFrom": "valid_from",
    "isMandatory": "is_mandatory",
    "isExample": "is_example",
    "noticeDays": "notice_days",
    "reviewTermDays": "review_term_days",
    "legalTitle": "legal_title",
    "legalText": "legal_text",
    "legalUrl": "legal_url",
    "receiptText": "receipt_text",
    "objectionText": "objection_text",
}


@dataclass(frozen=True, slots=True)
class DutySnapshot:
    """A duty in force on a day: its content as JSON, the digest of that, and the terms in days."""

    content: dict[str, Any]
    digest: str
    notice_days: int
    review_term_days: int


def take_snapshot(
    session: Session, municipality_code: str | None, day: date, *, default_days: int
) -> DutySnapshot:
    """The duty of a municipality on a day; without a profile nothing is mandatory, and the notice is `default_days`."""
    duty = find_duty(session, municipality_code, day, default_days=default_days)
    content = {member: _write(getattr(duty, name)) for member, name in _MEMBERS.items()}
    content = {member: value for member, value in content.items() if value is not None}
    digest = sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return DutySnapshot(content, digest, duty.notice_days, duty.review_term_days)


def _write(value: Any) -> Any:
    if isinstance(value, LocalizedText):
        return {"nl": value.nl, "en": value.en}
    return value.isoformat() if isinstance(value, date) else value
