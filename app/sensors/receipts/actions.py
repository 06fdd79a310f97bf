"""Writing receipts, in the transaction that writes what they are of."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import null, select, text, update
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.permissions import edited_organisations
from app.sensors.receipts.duty_snapshot import DutySnapshot, take_snapshot
from app.sensors.receipts.said import write_digest_sql, write_said_sql
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.receipts import receipt
from app.sensors.tables.register import sensor_version

OWING: Final = frozenset({"register", "submit", "amend", "remove", "withdraw", "restore", "transfer"})
"""Actions that owe a receipt: those by which an owner tells something on which a term or a right depends."""

FIRST: Final = "register"
"""The action that the term of notice is about."""

TRANSFER: Final = "transfer"
"""The action of which the former owner is named as who submitted, and so sees the receipt too."""

IMPORT: Final = "import"

UNDO: Final = "undo_import"

_S = RegistrationStatus

_TAKE_DUTIES: Final = """
given AS MATERIALIZED (
    SELECT code, decode(digest, 'hex') AS digest, content, notice_days, review_term_days
    FROM jsonb_to_recordset(CAST(:duties AS jsonb))
        AS given(code text, digest text, content jsonb, notice_days integer, review_term_days integer)
), stored AS (
    INSERT INTO register.receipt_duty (digest, content)
    SELECT DISTINCT ON (digest) digest, content FROM given ORDER BY digest
    ON CONFLICT DO NOTHING
)
"""

_PLACE_CODE: Final = "coalesce(place.municipality_code, place.municipality_codes[1], '')"

# A municipality that registers inside its boundary for another submits by itself.
_WRITE: Final = f"""
WITH {_TAKE_DUTIES}
INSERT INTO register.receipt (
    kind, received_at, organisation_id, submitted_by_id, sensor_id, version_id, municipality_codes,
    registration_status, duty_digest, days_late, review_until, said, digest)
SELECT :kind, chosen.recorded_at, chosen.owner_id, chosen.submitted_by_id, chosen.sensor_id, chosen.id,
    chosen.codes, chosen.registration_status, given.digest,
    CASE WHEN chosen.number = 1 AND :kind = '{FIRST}'
         THEN CASE WHEN chosen.notified_late
                   THEN greatest(given.notice_days - (chosen.placed_from - CAST(:today AS date)), 1) ELSE 0 END END,
    CASE WHEN chosen.registration_status = '{_S.SUBMITTED}'
         THEN CAST(:today AS date) + given.review_term_days END,
    chosen.said, {write_digest_sql("chosen.said")}
FROM (
    SELECT version.id, version.sensor_id, version.number, version.recorded_at, version.owner_id,
        version.registration_status, version.notified_late, version.placed_from,
        coalesce(place.municipality_codes, '{{}}') AS codes, {_PLACE_CODE} AS code,
        CASE WHEN :kind = '{TRANSFER}' THEN (
                 SELECT former.owner_id FROM register.sensor_version AS former
                 WHERE former.sensor_id = version.sensor_id AND former.superseded_at = version.recorded_at
                 LIMIT 1)
             WHEN version.owner_id = ANY(CAST(:organisations AS uuid[])) THEN version.owner_id
             ELSE coalesce(
                 CAST(CAST(:municipal AS jsonb) ->> {_PLACE_CODE} AS uuid), (CAST(:organisations AS uuid[]))[1])
        END AS submitted_by_id,
        {write_said_sql("version")} AS said
    FROM register.sensor_version AS version
    LEFT JOIN register.sensor_place AS place ON place.version_id = version.id
    WHERE version.id = ANY(CAST(:versions AS uuid[]))
    OFFSET 0
) AS chosen
JOIN given USING (code)
WHERE chosen.submitted_by_id IS NOT NULL
"""

_CODES: Final = f"""
SELECT DISTINCT {_PLACE_CODE}
FROM unnest(CAST(:versions AS uuid[])) AS chosen(id)
LEFT JOIN register.sensor_place AS place ON place.version_id = chosen.id
"""


def write_receipts(
    session: Session, context: ActionContext, action: str, version_ids: Collection[UUID]
) -> None:
    """Write the receipt of each of these versions, which one action made and which have their places.

    An action that owes none, or of a principal who acts for no organisation, writes nothing.
    """
    organisations = sorted(edited_organisations(context.principal))
    if action not in OWING or not version_ids or not organisations:
        return
    versions = sorted(version_ids)
    codes = session.scalars(text(_CODES), {"versions": versions}).all()
    values = {
        "kind": action,
        "today": context.today,
        "versions": versions,
        "organisations": organisations,
        "municipal": json.dumps(
            {
                grant.municipality_code: str(grant.organisation_id)
                for grant in context.principal.grants
                if grant.municipality_code and grant.role == "editor"
            }
        ),
        "duties": _dump(
            _take_snapshots(session, context, codes),
        ),
    }
    session.execute(text(_WRITE), values)


def _take_snapshots(
    session: Session, context: ActionContext, codes: Iterable[str]
) -> dict[str, DutySnapshot]:
    """The duty of today by the code of its municipality, which is empty where there is none."""
    return {
        code: take_snapshot(session, code or None, context.today, default_days=context.notification_term_days)
        for code in sorted(codes)
    }


def _dump(duties: Mapping[str, DutySnapshot]) -> str:
    return json.dumps(
        [
            {
                "code": code,
                "digest": duty.digest,
                "content": duty.content,
                "notice_days": duty.notice_days,
                "review_term_days": duty.review_term_days,
            }
            for code, duty in duties.items()
        ],
        ensure_ascii=False,
    )


_GROUP_IMPORT: Final = f"""
SELECT version.owner_id, {_PLACE_CODE} AS code, count(*) AS sensors,
    count(*) FILTER (WHERE staged.is_registered AND version.notified_late) AS late,
    min(version.placed_from) FILTER (WHERE staged.is_registered AND version.notified_late) AS first_placed,
    bool_or(staged.is_registered) AS has_new,
    count(*) FILTER (WHERE version.registration_status = '{_S.SUBMITTED}') AS submitted,
    count(*) FILTER (WHERE staged.is_registered) AS new,
    count(*) FILTER (WHERE NOT staged.is_registered AND NOT staged.is_ended) AS changed,
    count(*) FILTER (WHERE staged.is_ended) AS ended
FROM (SELECT version_id, key IS NOT NULL AND before_id IS NULL AS is_registered, key IS NULL AS is_ended
      FROM staged_write) AS staged
JOIN register.sensor_version AS version ON version.id = staged.version_id
LEFT JOIN register.sensor_place AS place ON place.version_id = staged.version_id
GROUP BY 1, 2 ORDER BY 1, 2
"""

_WRITE_IMPORT: Final = f"""
WITH {_TAKE_DUTIES}
INSERT INTO register.receipt (
    kind, received_at, organisation_id, submitted_by_id, import_id, municipality_codes, duty_digest, days_late,
    review_until, said, digest)
SELECT '{IMPORT}', :moment, :owner, :submitted_by, :import_id, '{{}}', (SELECT digest FROM given), :days_late,
    :review_until, CAST(:said AS jsonb), {write_digest_sql("CAST(:said AS jsonb)")}
"""


def write_import_receipts(
    session: Session, context: ActionContext, import_id: UUID, moment: datetime, digest: str
) -> None:
    """Write the receipt of an import as a whole, for each owner in it, from `staged_write` and what it wrote.

    `digest` is that of all versions of the import, which the audit trail has too.
    """
    groups: dict[UUID, list[Any]] = {}
    for row in session.execute(text(_GROUP_IMPORT)):
        groups.setdefault(row.owner_id, []).append(row)
    duties = _take_snapshots(session, context, {row.code for rows in groups.values() for row in rows})
    organisations = sorted(edited_organisations(context.principal))
    for owner, rows in groups.items():
        said = {
            **{name: sum(getattr(row, name) for row in rows) for name in ("new", "changed", "ended")},
            "versionsDigest": digest,
            "municipalities": [_describe_group(row, duties[row.code], context) for row in rows],
        }
        session.execute(
            text(_WRITE_IMPORT),
            {
                "moment": moment,
                "owner": owner,
                "submitted_by": owner if owner in organisations or not organisations else organisations[0],
                "import_id": import_id,
                # Duties of several municipalities are not those of the whole: each has its own below.
                "duties": _dump({row.code: duties[row.code] for row in rows} if len(rows) == 1 else {}),
                "days_late": max(
                    (_count_days(row, duties[row.code], context) for row in rows if row.has_new), default=None
                ),
                "review_until": max(
                    (
                        context.today + timedelta(days=duties[row.code].review_term_days)
                        for row in rows
                        if row.submitted
                    ),
                    default=None,
                ),
                "said": json.dumps(said),
            },
        )


_WRITE_UNDO: Final = f"""
INSERT INTO register.receipt (
    kind, received_at, organisation_id, submitted_by_id, import_id, municipality_codes, said, digest)
SELECT '{UNDO}', :moment, undone.owner_id,
    CASE WHEN undone.owner_id = ANY(CAST(:organisations AS uuid[])) THEN undone.owner_id
         ELSE coalesce((CAST(:organisations AS uuid[]))[1], undone.owner_id) END,
    :import_id, '{{}}', undone.said, {write_digest_sql("undone.said")}
FROM (
    SELECT imported.owner_id, jsonb_build_object(
        'withdrawn', count(*) FILTER (WHERE reversed.status = '{_S.WITHDRAWN}'),
        'restored', count(*) FILTER (WHERE reversed.status IS DISTINCT FROM '{_S.WITHDRAWN}'),
        'versionsDigest', CAST(:digest AS text)) AS said
    FROM register.sensor_version AS imported
    LEFT JOIN (SELECT imported_id, min(status) AS status FROM staged_reversal GROUP BY imported_id) AS reversed
        ON reversed.imported_id = imported.id
    WHERE imported.import_id = :import_id
    GROUP BY imported.owner_id
) AS undone
"""


def write_undo_receipts(
    session: Session, context: ActionContext, import_id: UUID, moment: datetime, digest: str
) -> None:
    """Write the receipt of undoing an import as a whole, for each owner in it, from `staged_reversal`.

    No term depends on it, so it has no duty. `digest` is that of the versions that undoing wrote.
    """
    values = {
        "import_id": import_id,
        "moment": moment,
        "digest": digest,
        "organisations": sorted(edited_organisations(context.principal)),
    }
    session.execute(text(_WRITE_UNDO), values)


def _describe_group(row: Any, duty: DutySnapshot, context: ActionContext) -> dict[str, Any]:
    return {
        **({"code": row.code} if row.code else {}),
        "sensors": row.sensors,
        "late": row.late,
        "daysLate": _count_days(row, duty, context),
        "underReview": row.submitted,
        "noticeDays": duty.notice_days,
        "reviewTermDays": duty.review_term_days,
    }


def _count_days(row: Any, duty: DutySnapshot, context: ActionContext) -> int:
    """How late the latest of a group is; 0 where none is."""
    if not row.late:
        return 0
    days: int = (row.first_placed - context.today).days
    return max(1, duty.notice_days - days)


def erase_receipts(session: Session, sensor_ids: Iterable[UUID]) -> None:
    """Remove what receipts of erased versions of these sensors say; number, moment and digest stay."""
    erased = select(sensor_version.c.id).where(
        sensor_version.c.sensor_id.in_(list(sensor_ids)), sensor_version.c.erased
    )
    session.execute(
        update(receipt)
        .where(receipt.c.version_id.in_(erased), receipt.c.said.is_not(None))
        .values(said=null())
    )
