"""The one statement that makes a public row from a registered version, for one sensor or a million.

What it hides: an internal sensor has no row; a generalised one stands in the middle of a 250 m cell, without the
fields that would give its place away, and without areas. The strictest of a version's own visibility and the
sensor's present one counts, so that history never tells more than today may. Source: decision 0003.
"""

from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, FIELDS, Field, Kind
from app.sensors.published import QUERYABLE_FIELDS, published_sensor, published_version

CELL_METRES = 250

HIDDEN_AFTER_DAYS = 91
"""An expired sensor leaves the default answers on this day after its end: 90 full days later."""

_MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


_SPECIAL = {
    "locationAccuracy": (
        "CASE WHEN generalised OR location_rd IS NULL THEN 'generalised' ELSE location_accuracy END"
    ),
    "visibility": "CASE WHEN generalised THEN 'generalised' ELSE visibility END",
}


def _public_value(field: Field) -> str:
    if field.precise:
        return f"CASE WHEN NOT generalised THEN {field.column} END"
    return _SPECIAL.get(field.name, field.column)


def _property(field: Field) -> str:
    if field.kind is Kind.ORGANISATION:
        # Flat for GIS tools: the id that a search takes, and the name that a person reads.
        return f'{field.column} AS "{field.name}", {field.name}_name AS "{field.name}Name"'
    return f'{_public_value(field)} AS "{field.name}"'


_DERIVED = {
    "publicCode": "public_code",
    "version": "number",
    "smartCityTheme": "smart_city_theme",
    "operatingMunicipalities": "operating_municipalities",
    "onBehalfOf": "on_behalf_of_id",
    "onBehalfOfName": "on_behalf_of_name",
    "municipalityCode": "municipality_code",
    "municipalityCodes": "municipality_codes",
    "notifiedLate": "notified_late",
    "lastConfirmedOn": "last_confirmed_on",
    "confirmBy": "confirm_by",
    "registeredAt": _MOMENT.format("registered_at"),
    "updatedAt": _MOMENT.format("published_at"),
}

PROPERTY_NAMES: tuple[str, ...] = (
    "operationalStatus",
    "publicCode",
    *(
        name
        for field in FIELDS
        if not field.is_geometry
        for name in ((field.name, f"{field.name}Name") if field.kind is Kind.ORGANISATION else (field.name,))
    ),
    *(name for name in _DERIVED if name != "publicCode"),
)
"""The properties of a published sensor, in their order; `operationalStatus` is put before them on reading."""

_PROPERTIES = ",\n            ".join(
    (
        'public_code AS "publicCode"',
        *(_property(field) for field in FIELDS if not field.is_geometry),
        *(f'{expression} AS "{name}"' for name, expression in _DERIVED.items() if name != "publicCode"),
    )
)

# A field's column can be named without a prefix from here on. The sensor's present visibility is found by a window
# and not by a join with itself: the planner may not know yet how many versions there are.
_SOURCE = f"""
WITH version AS (
    SELECT *, first_value(visibility) OVER (PARTITION BY sensor_id ORDER BY number DESC) AS governing
    FROM register.sensor_version
    WHERE sensor_id = ANY(:ids) AND registration_status = 'published'
),
described AS (
    SELECT v.*, s.public_code, s.registered_at, p.municipality_code,
        governing = 'generalised' OR visibility = 'generalised' AS generalised,
        p.municipality_codes AS touched_codes,
        owner.name AS owner_name, operator.name AS operator_name, controller.name AS controller_name,
        represented.name AS on_behalf_of_name,
        coalesce((SELECT array_agg(DISTINCT t.broader ORDER BY t.broader) FROM publication.term t
                  WHERE t.vocabulary = 'themes' AND t.code = ANY(v.themes) AND t.broader IS NOT NULL),
                 '{{}}') AS smart_city_theme,
        coalesce(v.location_rd, ST_PointOnSurface(v.operating_area_rd)) AS exact_rd
    FROM version v
    JOIN register.sensor s ON s.id = v.sensor_id
    JOIN register.sensor_place p ON p.version_id = v.id
    JOIN publication.organisation owner ON owner.id = v.owner_id
    LEFT JOIN publication.organisation operator ON operator.id = v.operator_id
    LEFT JOIN publication.organisation controller ON controller.id = v.controller_id
    LEFT JOIN publication.organisation represented ON represented.id = v.on_behalf_of_id
    WHERE governing <> 'internal' AND visibility <> 'internal'
),
snapped AS (
    SELECT described.*,
        CASE WHEN generalised AND municipality_code IS NOT NULL THEN ARRAY[municipality_code]
             ELSE touched_codes END AS municipality_codes,
        CASE WHEN generalised
             THEN ST_SetSRID(ST_MakePoint(
                 (floor(ST_X(exact_rd) / {CELL_METRES}) + 0.5) * {CELL_METRES},
                 (floor(ST_Y(exact_rd) / {CELL_METRES}) + 0.5) * {CELL_METRES}), 28992)
             ELSE exact_rd END AS place_rd
    FROM described
),
placed AS (
    SELECT snapped.*,
        CASE WHEN NOT generalised AND location IS NOT NULL THEN location
             ELSE ST_Transform(place_rd, 4258) END AS place
    FROM snapped
)"""

_WORDED = ("name", "summary", "measures", "purpose", "project", "locationDescription")

# Without the places of the words in the text: half the size, and a search asks only whether they are there.
_WORDS = "strip(to_tsvector('dutch', concat_ws(' ', owner_name, {})))".format(
    ", ".join(_public_value(FIELD_BY_NAME[name]) for name in _WORDED)
)

_HEAD = """'{"type":"Feature","id":"' || sensor_id || '","geometry":{"type":"Point","coordinates":[' """

_EXPRESSIONS: dict[str, str] = {
    "id": "sensor_id",
    "public_code": "public_code",
    "version": "number",
    "sort_key": "register.hilbert_number(ST_X(place_rd), ST_Y(place_rd))",
    "longitude": "ST_X(place)",
    "latitude": "ST_Y(place)",
    "x": "ST_X(place_rd)",
    "y": "ST_Y(place_rd)",
    "geom": "place",
    "geom_rd": "place_rd",
    **{field.column: _public_value(field) for field in QUERYABLE_FIELDS},
    "smart_city_theme": "smart_city_theme",
    "municipality_code": "municipality_code",
    "municipality_codes": "municipality_codes",
    "placed_from": "placed_from",
    "active_until": "active_until",
    "removed_on": "removed_on",
    "confirm_by": "confirm_by",
    "hidden_from": f"least(removed_on, active_until + {HIDDEN_AFTER_DAYS})",
    "updated_at": "published_at",
    "feature_crs84": (
        f"{_HEAD} || round(ST_X(place)::numeric, 7)::float8 || ',' || round(ST_Y(place)::numeric, 7)::float8 || ']}}'"
    ),
    "feature_rd": (
        f"{_HEAD} || round(ST_X(place_rd)::numeric, 3)::float8 || ','"
        " || round(ST_Y(place_rd)::numeric, 3)::float8 || ']}'"
    ),
    "feature_properties": f"""substr(json_strip_nulls((
        SELECT row_to_json(properties) FROM (SELECT
            {_PROPERTIES}
        ) AS properties))::text, 2) || '}}'""",
    "name": _public_value(FIELD_BY_NAME["name"]),
    "words": _WORDS,
    "valid_from": "published_at",
    "valid_until": "superseded_at",
}

_VERSION_COLUMNS = [column.name for column in published_version.columns]
_SENSOR_COLUMNS = ", ".join(column.name for column in published_sensor.columns)

PROJECT_VERSIONS = f"""
INSERT INTO publication.published_version ({", ".join(_VERSION_COLUMNS)})
{_SOURCE}
SELECT {", ".join(_EXPRESSIONS[name] for name in _VERSION_COLUMNS)}
FROM placed
"""
"""Every published version of the sensors `:ids` as it may be seen today."""

PROJECT_SENSORS = f"""
INSERT INTO publication.published_sensor ({_SENSOR_COLUMNS})
SELECT {_SENSOR_COLUMNS} FROM publication.published_version
WHERE id = ANY(:ids) AND valid_until IS NULL
"""
"""The versions among them that are current; run after `PROJECT_VERSIONS`."""

PROJECT_AREAS = """
INSERT INTO publication.published_area
    (id, version, sort_key, area_kind, area, area_rd, valid_from, valid_until)
SELECT p.id, p.version, p.sort_key,
    CASE WHEN v.operating_area IS NULL THEN 'observed' ELSE 'operating' END,
    CASE WHEN v.observed_area IS NULL THEN v.operating_area WHEN v.operating_area IS NULL THEN v.observed_area
         ELSE ST_Multi(ST_Union(v.observed_area, v.operating_area)) END,
    CASE WHEN v.observed_area IS NULL THEN v.operating_area_rd
         WHEN v.operating_area IS NULL THEN v.observed_area_rd
         ELSE ST_Multi(ST_Union(v.observed_area_rd, v.operating_area_rd)) END,
    p.valid_from, p.valid_until
FROM publication.published_version p
JOIN register.sensor_version v ON v.sensor_id = p.id AND v.number = p.version
WHERE p.id = ANY(:ids) AND p.visibility = 'public'
    AND (v.observed_area IS NOT NULL OR v.operating_area IS NOT NULL)
"""
"""What they observe and where they move; a generalised sensor shows neither."""

assert set(DERIVED_LABELS) <= set(PROPERTY_NAMES) | {"registrationStatus"}  # noqa: S101 - two lists that must stay together
