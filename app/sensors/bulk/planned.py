"""The places of records before they are written: where new and changed sensors would be, and where refused ones are."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.bulk.results import PlannedPlace
from app.sensors.bulk.same_place import compare_places

MAX_PLANNED: Final = 2_000
"""Maximum number of records of each outcome: a map with more is no preview."""

# A changed record is of a sensor that the principal may change: only of these the registered place is given.
_PLANNED: Final = f"""
SELECT staged.key, decision.state, staged.reference, decision.code,
    ST_X(staged.location), ST_Y(staged.location), ST_X(current.location), ST_Y(current.location)
FROM (
    SELECT *, row_number() OVER (PARTITION BY state ORDER BY key) AS position
    FROM staged_decision WHERE state <> 'unchanged'
) AS decision
JOIN staged_sensor AS staged USING (key)
LEFT JOIN register.sensor_version AS current ON current.id = decision.before_id AND decision.state = 'changed'
    AND NOT {compare_places("location_rd")}
WHERE position <= {MAX_PLANNED}
ORDER BY staged.key
"""


def find_planned(session: Session) -> list[PlannedPlace]:
    """The first records of each outcome in the order of the file, once `classify` has compared them."""
    return [
        PlannedPlace(key, outcome, reference, code, _point(lon, lat), _point(former_lon, former_lat))
        for key, outcome, reference, code, lon, lat, former_lon, former_lat in session.execute(text(_PLANNED))
    ]


def _point(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    return None if lon is None or lat is None else (lon, lat)
