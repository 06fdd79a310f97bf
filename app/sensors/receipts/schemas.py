"""The JSON of a receipt, and its schemas in the API document."""

import json
from datetime import UTC
from typing import Any, Final

from app.core.i18n import Language
from app.sensors.receipts.numbers import format_number
from app.sensors.receipts.queries import Receipt, Verification
from app.sensors.receipts.words import describe_lateness, describe_next, describe_objection, read_day

_TEXT: Final[dict[str, Any]] = {"type": "string"}
_DATE: Final[dict[str, Any]] = {"type": "string", "format": "date"}
_NAMED: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string", "format": "uuid"}, "name": _TEXT},
}

RECEIPT_MEMBERS: Final[dict[str, Any]] = {
    "number": {
        "type": "string",
        "description": "Twelve characters; the last one is a check.",
        "maxLength": 12,
    },
    "receivedAt": {"type": "string", "format": "date-time"},
    "href": {"type": "string", "format": "uri", "description": "The whole receipt."},
    "verification": {
        "type": "string",
        "format": "uri",
        "description": "The page on which everyone can verify it.",
    },
    "digest": {
        "type": "string",
        "description": "The hexadecimal SHA-256 of the text of `said`, in UTF-8, exactly as the receipt has it.",
    },
    "daysLate": {
        "type": "integer",
        "nullable": True,
        "description": "Days that the notification was late, 0 when on time; null where no term holds for it.",
    },
    "reviewUntil": {**_DATE, "description": "The day by which the municipality reviews it."},
}

SHORT_RECEIPT_SCHEMA: Final[dict[str, Any]] = {
    "title": "ShortReceipt",
    "type": "object",
    "required": ["number", "receivedAt", "href", "verification", "digest", "daysLate"],
    "properties": RECEIPT_MEMBERS,
}

RECEIPT_SCHEMA: Final[dict[str, Any]] = {
    "title": "Receipt",
    "type": "object",
    "required": [
        *SHORT_RECEIPT_SCHEMA["required"],
        "kind",
        "organisation",
        "duty",
        "next",
        "objection",
        "said",
    ],
    "properties": {
        **RECEIPT_MEMBERS,
        "kind": {"type": "string", "description": "The action, `import`, or `undo_import`."},
        "organisation": {**_NAMED, "description": "The owner of the registration."},
        "submittedBy": {**_NAMED, "description": "The organisation that submitted it."},
        "sensorId": {"type": "string", "format": "uuid"},
        "publicCode": _TEXT,
        "version": {"type": "integer"},
        "importId": {"type": "string", "format": "uuid"},
        "municipalityCodes": {"type": "array", "items": _TEXT},
        "registrationStatus": _TEXT,
        "duty": {
            "type": "object",
            "description": "Terms and texts of the municipality as they were in force on the day of the receipt.",
        },
        "onTime": {"type": "string", "description": "Whether it was on time, in words."},
        "next": {"type": "string", "description": "The consequence, on the day of the receipt."},
        "objection": {"type": "string", "description": "How to object, or whom to ask."},
        "said": {
            "type": "object",
            "nullable": True,
            "description": "The fields as submitted; of an import its counts. Null after the content was erased.",
        },
    },
}

VERIFICATION_SCHEMA: Final[dict[str, Any]] = {
    "title": "ReceiptVerification",
    "type": "object",
    "required": ["isGenuine"],
    "properties": {
        "isGenuine": {
            "type": "boolean",
            "description": "Whether the register gave a receipt with this number.",
        },
        "number": _TEXT,
        "receivedOn": _DATE,
        "publicCode": {"type": "string", "description": "Its sensor, while that is public."},
        "digestMatches": {
            "type": "boolean",
            "description": "Whether the digest is that of the receipt; absent when none was given.",
        },
    },
}


def write_short_receipt(found: Receipt, public_url: str) -> dict[str, Any]:
    """The members of a receipt that are in the answer to a submission."""
    written = {
        "number": found.number,
        "receivedAt": found.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "href": f"{public_url}/v1/receipts/{found.number}",
        "verification": write_verification_address(found.number, public_url),
        "digest": found.digest,
        "daysLate": found.days_late,
    }
    if found.review_until is not None:
        written["reviewUntil"] = found.review_until.isoformat()
    return written


def write_verification_address(number: str, public_url: str) -> str:
    """The address of the page that verifies a receipt."""
    return f"{public_url}/ontvangst?nummer={format_number(number)}"


def write_receipt(found: Receipt, whom: str | None, language: Language, public_url: str) -> str:
    """The JSON of a whole receipt, in which the text of `said` is exactly the one that the digest is of.

    `whom` is the municipality to ask, with how to reach it.
    """
    said = json.loads(found.said) if found.said else {}
    lateness = describe_lateness(found, said)
    written: dict[str, Any] = {
        **write_short_receipt(found, public_url),
        "kind": found.kind,
        "organisation": _drop_none({"id": str(found.organisation_id), "name": found.organisation}),
        "sensorId": _text(found.sensor_id),
        "publicCode": found.public_code,
        "version": found.version_number,
        "importId": _text(found.import_id),
        "municipalityCodes": found.municipality_codes,
        "registrationStatus": found.registration_status,
        "duty": found.duty,
        "next": describe_next(found, said).render(language),
        "objection": describe_objection(found, whom).render(language),
    }
    if found.submitted_by_id is not None:
        written["submittedBy"] = _drop_none({"id": str(found.submitted_by_id), "name": found.submitted_by})
    if lateness is not None:
        written["onTime"] = lateness.render(language)
    kept = {name: value for name, value in written.items() if value is not None or name == "daysLate"}
    body = json.dumps(kept, ensure_ascii=False)
    return f'{body[:-1]}, "said": {found.said or "null"}}}'


def write_verification(found: Verification | None, digest: str | None) -> dict[str, Any]:
    """The answer to everyone who has a number: nothing that is not public, but for the day."""
    if found is None:
        return {"isGenuine": False}
    written: dict[str, Any] = {
        "isGenuine": True,
        "number": found.number,
        "receivedOn": read_day(found).isoformat(),
    }
    if found.public_code is not None:
        written["publicCode"] = found.public_code
    if digest is not None:
        written["digestMatches"] = is_digest(found, digest)
    return written


def is_digest(found: Verification, typed: str) -> bool:
    """Whether a typed digest is that of the receipt."""
    return "".join(typed.split()).lower() == found.digest


def _drop_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
