"""Classification of the staged records: new, changed, unchanged or refused, for all of them at once.

Each statement answers one question for every record: is it registered, in which municipality, may it be written. The
last one combines the answers, one row for each record.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Boolean, Double, Row, Text, column, insert, literal, select, table, text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.duties.set_statements import DUTY_IN_FORCE_SQL, is_late_sql
from app.municipalities.queries import lock_municipalities_shared, select_places, select_touched
from app.sensors.bulk.checking import CHECKED_COLUMNS
from app.sensors.bulk.duplicates import write_register_warnings
from app.sensors.bulk.results import Classification
from app.sensors.bulk.same_place import PLACE_COLUMNS, compare_places
from app.sensors.bulk.staging import MAY_CHANGE
from app.sensors.registration.permissions import publishes_at_once_sql
from app.sensors.registration_status import JOIN_CURRENT_SQL
from app.sensors.tables.register import DUPLICATE_METRES

MAX_NAMED: Final = 20
"""Maximum number of missing and of ambiguous records listed in a report."""

_COMPARED_COLUMNS: Final = tuple(
    name
    for name in CHECKED_COLUMNS
    if name not in ("warnings", *PLACE_COLUMNS, *(place.removesuffix("_rd") for place in PLACE_COLUMNS))
)


_MATCH: Final = f"""
INSERT INTO staged_match
SELECT staged.key, sensor.id, current.id, {MAY_CHANGE},
    NOT staged.is_whole AND staged.base_version_id IS DISTINCT FROM current.id,
    NOT staged.is_refused AND current.id IS NOT NULL
        AND ({", ".join(f"staged.{name}" for name in _COMPARED_COLUMNS)})
            IS NOT DISTINCT FROM ({", ".join(f"current.{name}" for name in _COMPARED_COLUMNS)})
        AND {" AND ".join(map(compare_places, PLACE_COLUMNS))}
FROM staged_sensor AS staged
JOIN register.sensor USING (owner_id, reference)
LEFT JOIN {JOIN_CURRENT_SQL}
LEFT JOIN register.sensor_place AS current_place ON current_place.version_id = current.id
"""

_REPEATED: Final = """
INSERT INTO staged_repeated
SELECT owner_id, reference FROM staged_sensor WHERE owner_id IS NOT NULL AND reference IS NOT NULL
GROUP BY owner_id, reference HAVING count(*) > 1
"""

# Unchanged records need no municipality.
_TO_PLACE: Final = """
FROM staged_sensor AS staged LEFT JOIN staged_match AS match USING (key)
WHERE NOT coalesce(match.is_same AND match.may_change, false)
"""

# Inserted in the order of their places, so that neighbours lie together.
_POINTS: Final = f"""
INSERT INTO staged_point
SELECT staged.key, staged.location_rd, CAST(floor(ST_X(staged.location_rd) / {DUPLICATE_METRES}) AS integer),
    CAST(floor(ST_Y(staged.location_rd) / {DUPLICATE_METRES}) AS integer),
    staged.owner_id, staged.sensor_type, staged.reference, staged.view_direction_deg,
    NOT staged.is_refused AND coalesce(staged.removed_on > :today, true), match.before_id IS NOT NULL
{_TO_PLACE} AND staged.location_rd IS NOT NULL
ORDER BY staged.location_rd
"""

# An area given as municipality codes touches the neighbouring ones too, and is not looked up by geometry.
_AREAS: Final = (
    f"""
    INSERT INTO staged_area SELECT staged.key, staged.observed_area_rd, false
    {_TO_PLACE} AND staged.observed_area_rd IS NOT NULL
    """,
    f"""
    INSERT INTO staged_area SELECT staged.key, staged.operating_area_rd, true
    {_TO_PLACE} AND staged.operating_area_rd IS NOT NULL AND staged.operating_municipalities IS NULL
    """,
    f"""
    INSERT INTO staged_touch SELECT staged.key, unnest(staged.operating_municipalities), true
    {_TO_PLACE} AND staged.operating_municipalities IS NOT NULL
    """,
)

_INDEXES: Final = (
    "CREATE INDEX ON staged_point USING gist (point_rd)",
    "CREATE INDEX ON staged_area USING gist (area_rd)",
    "ANALYZE staged_point",
    "ANALYZE staged_area",
)

_LATE: Final = is_late_sql(
    code="place.code",
    codes="touch.operating_codes",
    duty="duty",
    sensor_type="staged.sensor_type",
    owner_type="owner.organisation_type",
    days="staged.placed_from - CAST(:today AS date)",
)
"""`lateness.is_notified_late` as SQL."""

_DECIDE: Final = f"""
WITH {DUTY_IN_FORCE_SQL}
INSERT INTO staged_decision
SELECT key, sensor_id, before_id,
    CASE WHEN is_refused OR is_repeated OR is_outside OR is_forbidden OR belongs_to_other OR is_stale
            OR is_of_ended THEN 'refused'
         WHEN is_same THEN 'unchanged'
         WHEN before_id IS NULL THEN 'new'
         ELSE 'changed' END,
    code, codes, publishes_at_once, CASE WHEN NOT is_own THEN owner_id END, is_late,
    is_repeated, is_outside, is_forbidden, belongs_to_other, is_stale, is_of_ended, owner_id, reference,
    location_rd
FROM (
    SELECT *,
        NOT is_outside AND NOT publishes_at_once AND (NOT is_refused OR code IS NOT NULL)
            AND NOT CASE WHEN before_id IS NULL THEN is_own ELSE may_change END AS is_forbidden,
        before_id IS NOT NULL AND NOT may_change AND publishes_at_once AS belongs_to_other
    FROM (
        SELECT staged.key, staged.owner_id, staged.reference, staged.location_rd, staged.is_refused,
            match.sensor_id, match.before_id,
            coalesce(match.may_change, false) AS may_change,
            coalesce(match.is_same, false) AS is_same,
            coalesce(match.is_stale AND (match.may_change OR match.before_id IS NULL), false) AS is_stale,
            coalesce(staged.owner_id = ANY(:organisations), false) AS is_own,
            match.before_id IS NULL AND coalesce(staged.owner_id IN (
                SELECT id FROM publication.organisation WHERE ended_at IS NOT NULL), false) AS is_of_ended,
            repeated.reference IS NOT NULL AS is_repeated,
            staged.location_rd IS NOT NULL AND place.code IS NULL
                AND NOT coalesce(match.is_same AND match.may_change, false) AS is_outside,
            {
    publishes_at_once_sql(
        owner_id="staged.owner_id",
        has_location="staged.location_rd IS NOT NULL",
        code="place.code",
        codes="touch.operating_codes",
    )
} AS publishes_at_once,
            {_LATE} AS is_late,
            place.code,
            CASE WHEN touch.codes IS NULL THEN array_remove(ARRAY[place.code], NULL)
                 ELSE ARRAY(SELECT DISTINCT code FROM unnest(touch.codes || place.code) AS code
                            WHERE code IS NOT NULL ORDER BY code) END AS codes
        FROM staged_sensor AS staged
        LEFT JOIN staged_match AS match USING (key)
        LEFT JOIN staged_repeated AS repeated USING (owner_id, reference)
        LEFT JOIN staged_place AS place USING (key)
        LEFT JOIN (
            SELECT key, array_agg(code) AS codes, array_agg(code) FILTER (WHERE is_operating) AS operating_codes
            FROM staged_touch GROUP BY key
        ) AS touch USING (key)
        LEFT JOIN publication.organisation AS owner ON owner.id = staged.owner_id
        LEFT JOIN duty_in_force AS duty ON duty.municipality_code = place.code
    ) AS checked
) AS classified
"""

# Such a record may be any sensor of the owner. For a repeated reference, or that of a sensor elsewhere, it is unknown
# which record is right.
_FIND_UNCLEAR: Final = """
SELECT key, count(*) OVER () AS records
FROM staged_decision AS decision LEFT JOIN staged_match AS match USING (key)
WHERE state = 'refused' AND (
    owner_id IS DISTINCT FROM :owner OR reference IS NULL OR is_repeated
    OR match.before_id IS NOT NULL AND NOT match.may_change)
ORDER BY key LIMIT :most
"""

_FIND_MISSING: Final = f"""
INSERT INTO staged_missing
SELECT sensor.id, current.id, sensor.reference, current.placed_from > :today,
    {
    publishes_at_once_sql(
        owner_id="sensor.owner_id",
        has_location="current.location_rd IS NOT NULL",
        code="current_place.municipality_code",
        codes="coalesce(current.operating_municipalities, current_place.municipality_codes)",
    )
}
FROM register.sensor
JOIN {JOIN_CURRENT_SQL}
LEFT JOIN register.sensor_place AS current_place ON current_place.version_id = current.id
LEFT JOIN staged_sensor AS staged ON (staged.owner_id, staged.reference) = (sensor.owner_id, sensor.reference)
WHERE sensor.owner_id = :owner AND staged.key IS NULL AND current.removed_on IS NULL AND {MAY_CHANGE}
"""

_COUNT_AWAITING: Final = """
SELECT (SELECT count(*) FROM staged_decision WHERE state IN ('new', 'changed') AND NOT publishes_at_once)
    + (SELECT count(*) FROM staged_missing WHERE NOT publishes_at_once AND NOT is_planned)
"""


def classify(
    session: Session, context: ActionContext, rights: Mapping[str, Any], complete_for: UUID | None
) -> Classification:
    """Classify every record; with `complete_for` also find the other sensors of that owner.

    While a refused record may be any of these, none of them counts as missing: it may be in the file.
    """
    lock_municipalities_shared(session)
    values = {**rights, "today": context.today, "owner": complete_for}
    values["notification_term_days"] = context.notification_term_days
    session.execute(text("CREATE UNIQUE INDEX ON staged_sensor (key)"))
    session.execute(text("ANALYZE staged_sensor (key, owner_id, reference)"))
    for statement in (_MATCH, _REPEATED):
        session.execute(text(statement), values)
    session.execute(text("ANALYZE staged_match"))
    for statement in (_POINTS, *_AREAS, *_INDEXES):
        session.execute(text(statement), values)
    _find_places(session)
    session.execute(text("ANALYZE staged_place"))
    session.execute(text("ANALYZE staged_touch"))
    session.execute(text(_DECIDE), values)
    session.execute(text("CREATE UNIQUE INDEX ON staged_decision (key)"))
    session.execute(text("ANALYZE staged_decision (key, sensor_id, state)"))
    write_register_warnings(session, context)
    unclear: Sequence[Row[Any]] = ()
    if complete_for is not None:
        unclear = session.execute(text(_FIND_UNCLEAR), values | {"most": MAX_NAMED}).all()
        if not unclear:
            session.execute(text(_FIND_MISSING), values)
    return _count(session, unclear)


def _find_places(session: Session) -> None:
    points = table(
        "staged_point", column("id", BigInteger), column("point_rd", Geometry("POINT", srid=28992))
    )
    place = table(
        "staged_place", column("key", BigInteger), column("code", Text), column("distance_m", Double)
    )
    session.execute(insert(place).from_select(["key", "code", "distance_m"], select_places(points)))
    area = table(
        "staged_area",
        column("id", BigInteger),
        column("area_rd", Geometry("MULTIPOLYGON", srid=28992)),
        column("is_operating", Boolean),
    )
    touch = table(
        "staged_touch", column("key", BigInteger), column("code", Text), column("is_operating", Boolean)
    )
    for is_operating in (False, True):
        areas = select(area).where(area.c.is_operating.is_(is_operating)).subquery("areas")
        touched = select_touched(areas).subquery("touched")
        rows = select(touched.c.id, touched.c.code, literal(is_operating))
        session.execute(insert(touch).from_select(["key", "code", "is_operating"], rows))


def _count(session: Session, unclear: Sequence[Row[Any]]) -> Classification:
    states = "SELECT state, count(*) AS records FROM staged_decision GROUP BY state"
    counts = {row.state: row.records for row in session.execute(text(states))}
    missing = session.execute(text("SELECT count(*) FROM staged_missing")).scalar_one()
    awaiting_review = session.execute(text(_COUNT_AWAITING)).scalar_one()
    named = session.scalars(
        text("SELECT reference FROM staged_missing ORDER BY reference LIMIT :most"),
        {"most": MAX_NAMED},
    )
    return Classification(
        new=counts.get("new", 0),
        changed=counts.get("changed", 0),
        unchanged=counts.get("unchanged", 0),
        refused=counts.get("refused", 0),
        awaiting_review=awaiting_review,
        missing=missing,
        missing_references=tuple(named),
        unclear=unclear[0].records if unclear else 0,
        unclear_keys=tuple(row.key for row in unclear),
    )
