"""Every column of the schema `register` that can hold text or names an account, with the kind of personal data in it.

A test compares this with the tables: the person who adds such a column says here what it holds. Columns of other types
(dates, numbers, ids of organisations and sensors) belong to the row that they are in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TableData:
    """Contents of a table.

    `personal` has the kind (a name of `KINDS`) by column, `plain` the columns that hold nothing of a person. `persons`
    are the columns that name an account: its rows are exported to that person, with the columns of `exported`.
    """

    personal: Mapping[str, str]
    plain: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    exported: tuple[str, ...] = ()


TABLES: Final[Mapping[str, TableData]] = {
    "principal": TableData(
        {"name": "account", "handle": "account"},
        persons=("id",),
        exported=("id", "name", "handle", "signed_in_on", "created_at", "ended_at"),
    ),
    "person_identity": TableData(
        {"issuer": "account", "subject": "account", "principal_id": "account"},
        persons=("principal_id",),
        exported=("issuer", "subject", "created_at"),
    ),
    "machine_identity": TableData(
        {"principal_id": "act"},
        ("issuer", "subject"),
        persons=("principal_id",),
        exported=("issuer", "subject", "created_at"),
    ),
    "access_grant": TableData(
        {"principal_id": "act"},
        ("role",),
        persons=("principal_id",),
        exported=("role", "organisation_id", "created_at", "ended_at"),
    ),
    "api_key": TableData(
        {"principal_id": "act", "issued_by": "act"},
        ("scopes", "prefix", "token_hash"),
        persons=("principal_id", "issued_by"),
        exported=("prefix", "scopes", "created_at", "expires_at", "revoked_at", "last_used_on"),
    ),
    "person_session": TableData(
        {
            "principal_id": "session",
            "issuer": "session",
            "subject": "session",
            "provider_session": "session",
            "browser": "session",
        },
        ("token_hash", "method"),
        persons=("principal_id",),
        exported=(
            "method",
            "browser",
            "issuer",
            "subject",
            "created_at",
            "seen_at",
            "expires_at",
            "ended_at",
        ),
    ),
    "invitation": TableData(
        {"name": "invitation", "email": "invitation", "invited_by": "act", "accepted_by": "invitation"},
        ("token_hash", "role", "language"),
        persons=("accepted_by",),
        exported=("name", "email", "role", "organisation_id", "created_at", "expires_at", "ended_at"),
    ),
    "idempotency_key": TableData(
        {"principal_id": "repeated request", "headers": "repeated request", "body": "repeated request"},
        ("key", "request_digest"),
        persons=("principal_id",),
        exported=("key", "status", "created_at"),
    ),
    "sign_in": TableData(
        {"return_to": "sign-in", "browser_hash": "sign-in"}, ("state_hash", "nonce", "code_verifier")
    ),
    "sign_in_link": TableData(
        {"address": "sign-in", "return_to": "sign-in", "browser_hash": "sign-in"}, ("token_hash", "ending")
    ),
    "used_logout_token": TableData({"token_id": "sign-in"}, ("issuer",)),
    "rate_limit": TableData({"key": "rate limit"}),
    "rate_limit_salt": TableData({}, ("salt",)),
    "join_request": TableData(
        {
            "organisation": "join request",
            "person_name": "join request",
            "person_email": "join request",
            "decided_by": "act",
        },
        ("token_hash", "municipality_code", "language"),
        persons=("decided_by",),
        exported=("id", "created_at", "decided_at"),
    ),
    "organisation_contact": TableData(
        {
            "contact_person": "contact",
            "personal_email": "contact",
            "phone": "contact",
            "notifier": "contact",
            "private_name": "contact",
            "private_kvk_number": "contact",
            "address": "contact",
        },
        ("language",),
    ),
    "outgoing_mail": TableData(
        {"receiver": "mail", "subject": "mail", "body": "mail", "last_error": "mail"},
        ("kind", "language", "status"),
    ),
    "sensor_draft": TableData(
        {"answers": "draft", "saves": "draft", "created_by": "draft"},
        persons=("created_by",),
        exported=("id", "organisation_id", "answers", "created_at", "saved_at"),
    ),
    "sensor_import": TableData(
        {
            "principal_id": "act",
            "file_name": "import",
            "defaults": "import",
            "report": "import",
            "failure_nl": "import",
            "failure_en": "import",
        },
        (
            *("sha256", "format", "layout", "mode", "mapping", "mapping_name", "language", "request_id"),
            *("status", "progress", "failure_code"),
        ),
        persons=("principal_id",),
        exported=("id", "file_name", "size_bytes", "status", "created_at", "finished_at"),
    ),
    "sensor_import_piece": TableData({"content": "import"}),
    "sensor_import_place": TableData({"reference": "import"}, ("outcome", "table_name", "municipality_code")),
    "sensor_import_problem": TableData(
        {
            "reference": "import",
            "detail_nl": "import",
            "detail_en": "import",
            "value": "import",
            "suggestion": "import",
        },
        ("table_name", "column_letter", "heading", "field", "code"),
    ),
    "behalf_notice": TableData(
        {"reason": "answer", "answered_by": "act"},
        ("municipality_code", "token_hash", "answer"),
        persons=("answered_by",),
        exported=("id", "organisation_id", "answer", "reason", "answered_at"),
    ),
    "review_remark": TableData(
        {"text": "remark", "principal_id": "act"},
        ("kind", "field"),
        persons=("principal_id",),
        exported=("sensor_id", "version_number", "kind", "field", "text", "organisation_id", "recorded_at"),
    ),
    "review_notice": TableData({}, ("municipality_code", "kind")),
    "trusted_organisation": TableData(
        {"trusted_by": "act"},
        ("municipality_code",),
        persons=("trusted_by",),
        exported=("municipality_code", "organisation_id"),
    ),
    "report": TableData(
        {"email_encrypted": "reporter", "text": "report", "answer": "report", "answered_by": "act"},
        ("token_hash", "language", "kind", "status", "municipality_code"),
        persons=("answered_by",),
        exported=("id", "kind", "status", "answer", "created_at", "ended_at"),
    ),
    "report_note": TableData(
        {"text": "report", "principal_id": "act"},
        persons=("principal_id",),
        exported=("report_id", "text", "organisation_id", "created_at"),
    ),
    "sighting": TableData({}, ("kind",)),
    "receipt": TableData(
        {"said": "registration text"},
        ("number", "kind", "municipality_codes", "registration_status", "duty_digest", "digest"),
    ),
    "receipt_duty": TableData({}, ("digest", "content")),
    "sensor_transfer": TableData(
        {"reason": "remark", "offered_by": "act", "decided_by": "act"},
        ("decision",),
        persons=("decided_by", "offered_by"),
        exported=("sensor_id", "decision", "reason"),
    ),
    "heading_mapping": TableData({}, ("name", "document")),
    "daily_task": TableData({}, ("name",)),
    "job_failure": TableData({}, ("reason",)),
    "link_check": TableData({}, ("url_hash", "url", "host", "reason")),
    "reminded_sensor": TableData({}, ("due_kind",)),
    "reminder": TableData({}, ("token_hash",)),
    "sensor": TableData({}, ("public_code", "reference")),
    "sensor_place": TableData({}, ("municipality_code", "municipality_codes")),
    "term_use": TableData({}, ("vocabulary", "code")),
}
"""By table. `sensor_version` is left out: all of its texts are of the kind `registration text`."""

REGISTRATIONS: Final = "sensor_version"

BY_ADDRESS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "outgoing_mail": ("receiver", ("kind", "subject", "status", "created_at", "ended_at")),
    "invitation": ("email", ("name", "email", "role", "organisation_id", "created_at", "expires_at")),
    "join_request": ("person_email", ("person_name", "person_email", "created_at", "decided_at")),
    "sign_in_link": ("address", ("address", "expires_at", "ended_at", "ending")),
    "organisation_contact": (
        "personal_email",
        ("organisation_id", "contact_person", "personal_email", "phone"),
    ),
}
"""Tables that know a person by an address of mail: its column, and the columns that are exported."""
