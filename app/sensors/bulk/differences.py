"""Differences between changed records and their registered versions: by field, by distance and by municipality."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.core.i18n import LANGUAGES, Language, LocalizedText
from app.municipalities.queries import load_directory
from app.organisations.queries import find_faces
from app.sensors.bulk.results import Crossing, Differences, FieldChange, FieldChanges, Move
from app.sensors.bulk.same_place import compare_places
from app.sensors.fields import FIELDS, Field, FieldKind
from app.sensors.presentation import UNNAMED, Labels, format_value
from app.sensors.properties import describe_field
from app.sensors.registration.queries import version_as_request
from app.sensors.tables.register import sensor_version
from app.vocabularies.terms import Vocabularies

MAX_EXAMPLES: Final = 3
"""Maximum number of values listed for each field."""
MAX_LISTED: Final = 20
"""Maximum number of moves and of crossings listed."""
FAR_METRES: Final = 100
"""Moves over this distance are reported."""

_CHANGED: Final = """
FROM staged_decision AS decision
JOIN staged_sensor AS staged USING (key)
JOIN register.sensor_version AS current ON current.id = decision.before_id
WHERE decision.state = 'changed'
"""


def _differs(field: Field) -> str:
    if field.is_geometry:
        return f"NOT {compare_places(f'{field.column}_rd')}"
    return f"staged.{field.column} IS DISTINCT FROM current.{field.column}"


# One pass over the changed records, in the order of the file.
_COUNT: Final = f"""
SELECT {
    ", ".join(
        f'count(*) FILTER (WHERE "{field.name}") AS "{field.name}_count", '
        f'(array_agg(key) FILTER (WHERE "{field.name}"))[1:{MAX_EXAMPLES}] AS "{field.name}_keys"'
        for field in FIELDS
    )
}
FROM (SELECT key, {", ".join(f'{_differs(field)} AS "{field.name}"' for field in FIELDS)} {
    _CHANGED
} ORDER BY key)
    AS compared
"""

_COLUMNS: Final = sorted(
    {"operating_municipalities", "observed_area_derived", *(field.column for field in FIELDS)}
)
_GIVEN: Final = f"""
SELECT key, reference AS known_as, {", ".join(_COLUMNS)} FROM staged_sensor WHERE key = ANY(:keys)
"""
_REGISTERED: Final = f"""
SELECT key, {", ".join(f"version.{name}" for name in _COLUMNS)}
FROM staged_decision JOIN register.sensor_version AS version ON version.id = before_id WHERE key = ANY(:keys)
"""

_MOVES: Final = f"""
SELECT key, staged.reference AS known_as, distance_m, count(*) OVER () AS records
FROM (
    SELECT key, staged.reference, ST_Distance(staged.location_rd, current.location_rd) AS distance_m {_CHANGED}
) AS staged
WHERE distance_m > {FAR_METRES} ORDER BY distance_m DESC, key LIMIT {MAX_LISTED}
"""

_CROSSINGS: Final = f"""
SELECT key, staged.reference AS known_as, registered.municipality_code AS before, decision.code AS after,
    count(*) OVER () AS records
{_CHANGED.replace("WHERE", "JOIN register.sensor_place AS registered ON registered.version_id = current.id WHERE")}
    AND registered.municipality_code <> decision.code
ORDER BY key LIMIT {MAX_LISTED}
"""


def find_differences(session: Session, vocabularies: Vocabularies) -> Differences:
    """Count what the changed records change, once `classify` has compared them with the register."""
    counted = session.execute(text(_COUNT)).mappings().one()
    changed = [field for field in FIELDS if counted[f"{field.name}_count"]]
    keys = sorted({key for field in changed for key in counted[f"{field.name}_keys"]})
    given, registered = _read_values(session, _GIVEN, keys), _read_values(session, _REGISTERED, keys)
    texts = _Texts(session, vocabularies, [*given.values(), *registered.values()])

    def describe(field: Field, key: int) -> FieldChange:
        before, after = registered[key].get(field.name), given[key].get(field.name)
        return FieldChange(
            key, given[key]["reference"], texts.describe(field, before), texts.describe(field, after)
        )

    moves = session.execute(text(_MOVES)).all()
    crossings = session.execute(text(_CROSSINGS)).all()
    return Differences(
        tuple(
            FieldChanges(
                field.name,
                counted[f"{field.name}_count"],
                tuple(describe(field, key) for key in counted[f"{field.name}_keys"]),
            )
            for field in changed
        ),
        _count(moves),
        tuple(Move(row.key, row.known_as, row.distance_m) for row in moves),
        _count(crossings),
        tuple(
            Crossing(
                row.key, row.known_as, texts.name_municipality(row.before), texts.name_municipality(row.after)
            )
            for row in crossings
        ),
    )


def _count(rows: Sequence[Row[Any]]) -> int:
    return rows[0].records if rows else 0


def _read_values(session: Session, statement: str, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    typed = text(statement).columns(**{name: sensor_version.c[name].type for name in _COLUMNS})
    rows = session.execute(typed, {"keys": list(keys)}) if keys else ()
    return {row.key: version_as_request(row) for row in rows}


class _Texts:
    """Values of fields as text for people, in both languages."""

    def __init__(
        self, session: Session, vocabularies: Vocabularies, versions: Sequence[Mapping[str, Any]]
    ) -> None:
        directory = load_directory(session)
        self._labels = {language: Labels(language, vocabularies, directory) for language in LANGUAGES}
        ids = {
            UUID(version[field.name])
            for version in versions
            for field in FIELDS
            if field.kind is FieldKind.ORGANISATION and field.name in version
        }
        self._names = {str(one): face.name or UNNAMED.nl for one, face in find_faces(session, ids).items()}

    def describe(self, field: Field, value: Any) -> LocalizedText | None:
        """The value as text; None for no value."""
        if value is None:
            return None
        if isinstance(value, Point):
            place = f"{value.y:.5f}, {value.x:.5f}"
            return LocalizedText(place, place)
        if field.kind is FieldKind.AREA:
            names = [self.name_municipality(code) for code in value] if isinstance(value, list) else []
            return LocalizedText(", ".join(names) or "een gebied", ", ".join(names) or "an area")
        value = self._names.get(value, value) if field.kind is FieldKind.ORGANISATION else value
        return LocalizedText(*(self._render(field, value, language) for language in LANGUAGES))

    def name_municipality(self, code: str) -> str:
        return self._labels["nl"].name_municipality(code)

    def _render(self, field: Field, value: Any, language: Language) -> str:
        return ", ".join(format_value(describe_field(field), value, self._labels[language]).words)
