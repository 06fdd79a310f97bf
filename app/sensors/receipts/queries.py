"""Reading receipts: those of an organisation, one for who may see it, and whether a number is genuine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.permissions import may_see_private
from app.access.principal import Principal
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.organisations.queries import find_organisation, get_face
from app.sensors.receipts.numbers import is_receipt_number, tidy_number

RECEIPT_UNKNOWN: Final = LocalizedText(
    "Er is geen ontvangstbevestiging met dit nummer, of u mag haar niet zien.",
    "There is no receipt with this number, or you may not see it.",
)

PAGE_RECEIPTS: Final = 50


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt, with the public names of its organisations.

    `said` is the text of the JSON that the digest is of, None after its content was erased. `duty` are the terms and
    texts as they were then: empty for an import in several municipalities.
    """

    number: str
    kind: str
    received_at: datetime
    organisation_id: UUID
    organisation: str | None
    submitted_by_id: UUID | None
    submitted_by: str | None
    sensor_id: UUID | None
    version_id: UUID | None
    version_number: int | None
    public_code: str | None
    import_id: UUID | None
    municipality_codes: list[str]
    registration_status: str | None
    duty: Mapping[str, Any]
    days_late: int | None
    review_until: date | None
    said: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class ListedReceipt:
    """A receipt in a list; `subject` is the name, or else the reference, of a sensor."""

    number: str
    kind: str
    received_at: datetime
    public_code: str | None
    subject: str | None
    days_late: int | None
    review_until: date | None


@dataclass(frozen=True, slots=True)
class Verification:
    """Facts of a genuine receipt that everyone may have. `public_code` is None unless the sensor is public today."""

    number: str
    received_at: datetime
    digest: str
    public_code: str | None


_SELECT: Final = """
SELECT receipt.number, receipt.kind, receipt.received_at, receipt.organisation_id,
    owner.name AS organisation, receipt.submitted_by_id, other.name AS submitted_by,
    receipt.sensor_id, receipt.version_id, version.number AS version_number, sensor.public_code, receipt.import_id,
    receipt.municipality_codes, receipt.registration_status, coalesce(duty.content, '{}') AS duty, receipt.days_late,
    receipt.review_until, CAST(receipt.said AS text) AS said, encode(receipt.digest, 'hex') AS digest
FROM register.receipt
LEFT JOIN register.sensor ON sensor.id = receipt.sensor_id
LEFT JOIN register.sensor_version AS version ON version.id = receipt.version_id
LEFT JOIN register.receipt_duty AS duty ON duty.digest = receipt.duty_digest
LEFT JOIN publication.organisation AS owner ON owner.id = receipt.organisation_id
LEFT JOIN publication.organisation AS other ON other.id = receipt.submitted_by_id
"""

_BY_NUMBER: Final = f"{_SELECT} WHERE receipt.number = :number"
_BY_VERSION: Final = f"{_SELECT} WHERE receipt.version_id = :version_id"

# A sensor that was imported has the receipt of its import, until it is changed by itself.
_NEWEST: Final = """
SELECT number FROM (
    (SELECT number, received_at FROM register.receipt
     WHERE sensor_id = :sensor_id ORDER BY received_at DESC LIMIT 1)
    UNION ALL
    (SELECT receipt.number, receipt.received_at
     FROM register.sensor_version AS version
     JOIN register.receipt USING (import_id)
     WHERE version.sensor_id = :sensor_id AND receipt.organisation_id = version.owner_id
     ORDER BY version.number DESC, receipt.received_at DESC LIMIT 1)
) AS found ORDER BY received_at DESC LIMIT 1
"""

_NEWEST_OF_MANY: Final = """
SELECT sensor.public_code, newest.number
FROM register.sensor
JOIN LATERAL (
    SELECT number FROM register.receipt WHERE sensor_id = sensor.id ORDER BY received_at DESC LIMIT 1
) AS newest ON true
WHERE sensor.public_code = ANY(:codes) ORDER BY sensor.public_code
"""

_LIST: Final = """
SELECT receipt.number, receipt.kind, receipt.received_at, sensor.public_code,
    coalesce(version.name, nullif(version.reference, '')) AS subject, receipt.days_late, receipt.review_until
FROM (
    SELECT * FROM register.receipt WHERE organisation_id = :organisation_id
    ORDER BY received_at DESC, number DESC LIMIT :limit OFFSET :offset
) AS receipt
LEFT JOIN register.sensor ON sensor.id = receipt.sensor_id
LEFT JOIN register.sensor_version AS version ON version.id = receipt.version_id
ORDER BY receipt.received_at DESC, receipt.number DESC
"""

_COUNT: Final = "SELECT count(*) FROM register.receipt WHERE organisation_id = :organisation_id"

_VERIFY: Final = """
SELECT receipt.number, receipt.received_at, encode(receipt.digest, 'hex') AS digest, published.public_code
FROM register.receipt
LEFT JOIN LATERAL (
    SELECT sensor.public_code FROM publication.published_sensor
    JOIN register.sensor ON sensor.id = published_sensor.id
    WHERE published_sensor.id = receipt.sensor_id LIMIT 1
) AS published ON true
WHERE receipt.number = :number
"""


def get_receipt(session: Session, principal: Principal, typed: str) -> Receipt:
    """The receipt with this number, for those who may see it. Raises: NotFound, which does not say which it is."""
    number = tidy_number(typed)
    row = None
    if is_receipt_number(number):
        row = session.execute(text(_BY_NUMBER), {"number": number}).mappings().one_or_none()
    found = Receipt(**row) if row is not None else None
    if found is None or not may_see_receipt(principal, found):
        raise NotFound(RECEIPT_UNKNOWN)
    return found


def may_see_receipt(principal: Principal, found: Receipt) -> bool:
    """Whether a receipt is shown: to its owner, to the organisation that submitted it, and to its municipalities."""
    if may_see_private(principal, found.organisation_id):
        return True
    if found.submitted_by_id is not None and may_see_private(principal, found.submitted_by_id):
        return True
    return any(grant.municipality_code in found.municipality_codes for grant in principal.grants)


def find_receipt_of_version(session: Session, version_id: UUID) -> Receipt | None:
    """The receipt of a version; None where it owed none, or came with an import."""
    row = session.execute(text(_BY_VERSION), {"version_id": version_id}).mappings().one_or_none()
    return Receipt(**row) if row is not None else None


def find_newest_number(session: Session, sensor_id: UUID) -> str | None:
    """The number of the newest receipt about a sensor, that of an import included."""
    number: str | None = session.scalar(text(_NEWEST), {"sensor_id": sensor_id})
    return number


def list_newest_numbers(session: Session, public_codes: Sequence[str]) -> list[tuple[str, str]]:
    """The number of the newest receipt of each of these sensors alone, with its registration number."""
    rows = session.execute(text(_NEWEST_OF_MANY), {"codes": list(public_codes)})
    return [(row.public_code, row.number) for row in rows]


def find_import_number(session: Session, organisation_id: UUID, import_id: UUID) -> str | None:
    """The number of the receipt of an import for one owner, or of undoing it; None until it was applied."""
    statement = (
        "SELECT number FROM register.receipt WHERE import_id = :import_id AND organisation_id = :owner"
        " ORDER BY received_at DESC LIMIT 1"
    )
    number: str | None = session.scalar(text(statement), {"import_id": import_id, "owner": organisation_id})
    return number


def list_receipts(
    session: Session, organisation_id: UUID, *, page: int = 1, limit: int = PAGE_RECEIPTS
) -> tuple[Sequence[ListedReceipt], int]:
    """One page of the receipts of an organisation, newest first, and the number of all of them."""
    values = {"organisation_id": organisation_id, "limit": limit, "offset": (page - 1) * limit}
    rows = session.execute(text(_LIST), values).mappings()
    return [ListedReceipt(**row) for row in rows], session.execute(text(_COUNT), values).scalar_one()


def verify_receipt(session: Session, typed: str) -> Verification | None:
    """The facts of a genuine receipt; None for a number that the register never gave."""
    number = tidy_number(typed)
    if not is_receipt_number(number):
        return None
    row = session.execute(text(_VERIFY), {"number": number}).mappings().one_or_none()
    return Verification(**row) if row is not None else None


def find_whom_to_ask(session: Session, found: Receipt) -> str | None:
    """The municipality of a receipt with how to reach it; None where it does not take part in the register."""
    code = found.duty.get("municipalityCode") or next(iter(found.municipality_codes), None)
    organisation_id = find_organisation(session, code) if code else None
    if organisation_id is None:
        return None
    face = get_face(session, organisation_id)
    reached = face.public_email or face.public_phone or face.contact_url or face.website
    return f"{face.name} ({reached})" if reached else face.name
