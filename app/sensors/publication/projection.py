"""The statements that make a public row from a registered version, for one sensor or a million.

Hidden are: an internal sensor as a whole; of a generalised one the exact place (the middle of a 250 m cell is shown),
the fields that would reveal it, and its areas. The stricter of the visibility of a version and the present one of its
sensor applies, so that history never shows more than today. Source: decision 0003.
"""

from collections.abc import Iterator

from sqlalchemy import Table

from app.sensors.fields import DERIVED_LABELS, FIELD_BY_NAME, Field, FieldKind
from app.sensors.properties import PROPERTY_BY_NAME, PROPERTY_NAMES
from app.sensors.registration_status import PUBLISHED_SQL, RegistrationStatus
from app.sensors.tables.publication import QUERYABLE_FIELDS, past_version, published_sensor
from app.spatial.crs import Crs

GENERALISED_CELL_METRES = 250

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


_DERIVED: dict[str, tuple[FieldKind, str]] = {
    "publicCode": (FieldKind.TERM, "public_code"),
    "version": (FieldKind.NUMBER, "number"),
    "smartCityTheme": (FieldKind.TERMS, "smart_city_theme"),
    "operatingMunicipalities": (FieldKind.TERMS, "operating_municipalities"),
    "onBehalfOf": (FieldKind.ORGANISATION, "on_behalf_of_id"),
    "onBehalfOfName": (FieldKind.TEXT, "on_behalf_of_name"),
    "municipalityCode": (FieldKind.TERM, "municipality_code"),
    "municipalityName": (FieldKind.TEXT, "municipality_name"),
    "municipalityCodes": (FieldKind.TERMS, "municipality_codes"),
    "notifiedLate": (FieldKind.BOOLEAN, "notified_late"),
    "lastConfirmedOn": (FieldKind.DATE, "last_confirmed_on"),
    "confirmBy": (FieldKind.DATE, "confirm_by"),
    "registeredAt": (FieldKind.TERM, _MOMENT.format("registered_at")),
    "updatedAt": (FieldKind.TERM, _MOMENT.format("published_at")),
}


def _list_properties() -> Iterator[tuple[str, FieldKind, str]]:
    """Name, kind and SQL of each stored property, in their order; the status is added on reading."""
    for name in PROPERTY_NAMES:
        if name in _DERIVED:
            yield name, *_DERIVED[name]
        elif name in FIELD_BY_NAME:
            yield name, FIELD_BY_NAME[name].kind, _public_value(FIELD_BY_NAME[name])
        elif name != "operationalStatus":
            yield name, FieldKind.TEXT, f"{name.removesuffix('Name')}_name"


_FIRST = "publicCode"
"""The first property: no comma precedes it."""


def _write_property(name: str, kind: FieldKind, value: str) -> str:
    """SQL of one pair of the JSON text and the comma before it.

    The value of an empty property is `null`: programs take the columns of a layer from its first page. Source: decision
    0032.
    """
    comma = "" if name == _FIRST else ","
    return f"""'{comma}"{name}":' || coalesce({_write_value(name, kind, value)}, 'null')"""


def _write_value(name: str, kind: FieldKind, value: str) -> str:
    """SQL of the JSON text of a value; NULL for an empty one."""
    if kind is FieldKind.NUMBER and PROPERTY_BY_NAME[name].type == "number":
        # A decimal number has a decimal point, also 12.0: programs take 12 for the sign of a column of integers.
        return f"CASE WHEN {value} = trunc({value}) THEN {value} || '.0' ELSE CAST({value} AS text) END"
    if kind in (FieldKind.NUMBER, FieldKind.BOOLEAN):
        return f"CAST({value} AS text)"
    if kind in (FieldKind.TERM, FieldKind.ORGANISATION, FieldKind.DATE):
        # Codes, ids and dates need no escaping.
        return f"""'"' || {value} || '"'"""
    if kind is FieldKind.TERMS:
        # To GDAL an empty list is a text; a null leaves the column to the lists that are not empty.
        value = f"nullif({value}, '{{}}')"
    return f"CAST(to_json({value}) AS text)"


# Concatenated pair by pair: row_to_json takes twice as long.
_PROPERTIES = f"concat({', '.join(_write_property(*listed) for listed in _list_properties())}, '}}}}')"

_OWN_SEARCHED_COLUMNS = ("name", "locationDescription")
_COMMON_SEARCHED_COLUMNS = ("summary", "measures", "purpose", "project")
"""Texts that many sensors share and that are never hidden: with the name of the owner they are stemmed once."""

_SEARCHED_COLUMNS = ", ".join(f"v.{FIELD_BY_NAME[name].column}" for name in _COMMON_SEARCHED_COLUMNS)

_CURRENT = f"""
    SELECT *, visibility AS governing FROM register.sensor_version AS version
    WHERE sensor_id = given.id AND {PUBLISHED_SQL}
"""

# The visibility with which a registration was withdrawn governs its history too.
_PAST = f"""
    SELECT * FROM (
        SELECT *, first_value(visibility) OVER (ORDER BY number DESC) AS governing
        FROM register.sensor_version
        WHERE sensor_id = given.id
            AND registration_status IN ('{RegistrationStatus.PUBLISHED}', '{RegistrationStatus.WITHDRAWN}')
    ) AS published
    WHERE registration_status = '{RegistrationStatus.PUBLISHED}' AND superseded_at IS NOT NULL AND redacted_at IS NULL
"""


def _round_place(point: str, crs: Crs, across: str, up: str) -> str:
    """SQL of two columns with the coordinates of a point, to the decimals with which the system is published.

    They are rounded here and nowhere else, so that a sensor is found at its own published coordinates.
    """
    unit = f"1e{crs.decimals}"
    return (
        f"round(ST_X({point}) * {unit}) / {unit} AS {across}, round(ST_Y({point}) * {unit}) / {unit} AS {up}"
    )


# From `described` on, columns of fields need no prefix.
#
# The planner knows the number of ids, but has no statistics of versions that were just written. OFFSET 0 makes it look
# each up by the index: a batch has twenty thousand, the tables, which it would otherwise read, a million. It also
# prevents that an expression is computed again at each use.
_SOURCE = f"""
WITH version AS (
    SELECT v.*, concat_ws(' ', owner.name, {_SEARCHED_COLUMNS}) AS searched_text, owner.name AS owner_name,
        operator.name AS operator_name, controller.name AS controller_name, represented.name AS on_behalf_of_name
    FROM unnest(CAST(:ids AS uuid[])) AS given (id)
    CROSS JOIN LATERAL ({{version}} OFFSET 0) AS v
    LEFT JOIN publication.organisation owner ON owner.id = v.owner_id
    LEFT JOIN publication.organisation operator ON operator.id = v.operator_id
    LEFT JOIN publication.organisation controller ON controller.id = v.controller_id
    LEFT JOIN publication.organisation represented ON represented.id = v.on_behalf_of_id
    OFFSET 0
),
common_words AS (
    SELECT searched_text, strip(to_tsvector('dutch', searched_text)) AS words
    FROM (SELECT DISTINCT searched_text FROM version) AS texts
),
sorted AS (
    SELECT themes, coalesce(array_agg(DISTINCT t.broader ORDER BY t.broader) FILTER (WHERE t.broader IS NOT NULL),
        '{{{{}}}}') AS smart_city_theme
    FROM (SELECT DISTINCT themes FROM version) AS chosen
    LEFT JOIN publication.term t ON t.vocabulary = 'themes' AND t.code = ANY(themes)
    GROUP BY themes
),
described AS (
    SELECT v.*, smart_city_theme, s.public_code, s.registered_at, p.municipality_code,
        municipality.name AS municipality_name,
        governing = 'generalised' OR visibility = 'generalised' AS generalised,
        p.municipality_codes AS touched_codes, common_words.words AS common_words,
        coalesce(v.location_rd, ST_PointOnSurface(v.operating_area_rd)) AS exact_rd
    FROM version v
    JOIN common_words USING (searched_text)
    JOIN sorted USING (themes)
    CROSS JOIN LATERAL (SELECT * FROM register.sensor WHERE id = v.sensor_id OFFSET 0) AS s
    CROSS JOIN LATERAL (SELECT * FROM register.sensor_place WHERE version_id = v.id OFFSET 0) AS p
    LEFT JOIN publication.municipality ON municipality.code = p.municipality_code
        AND municipality.edition = (SELECT edition FROM publication.municipality_edition WHERE in_force)
    WHERE governing <> 'internal' AND visibility <> 'internal'
),
snapped AS (
    SELECT described.*,
        CASE WHEN generalised AND municipality_code IS NOT NULL THEN ARRAY[municipality_code]
             ELSE touched_codes END AS municipality_codes,
        CASE WHEN generalised
             THEN ST_SetSRID(ST_MakePoint(
                 (floor(ST_X(exact_rd) / {GENERALISED_CELL_METRES}) + 0.5) * {GENERALISED_CELL_METRES},
                 (floor(ST_Y(exact_rd) / {GENERALISED_CELL_METRES}) + 0.5) * {GENERALISED_CELL_METRES}), 28992)
             ELSE exact_rd END AS place_rd
    FROM described
),
placed AS (
    SELECT snapped.*, {_round_place("place_rd", Crs.RD, "x", "y")},
        {_round_place("place", Crs.CRS84, "longitude", "latitude")}
    FROM snapped
    CROSS JOIN LATERAL (
        SELECT CASE WHEN NOT generalised AND location IS NOT NULL THEN location
                    ELSE ST_Transform(place_rd, 4258) END AS place
    ) AS degrees
    OFFSET 0
)"""

# `strip` removes the positions of the words: half the size, and a search does not use them.
_WORDS = "common_words || strip(to_tsvector('dutch', concat_ws(' ', {})))".format(
    ", ".join(_public_value(FIELD_BY_NAME[name]) for name in _OWN_SEARCHED_COLUMNS)
)

_HEAD = """'{"type":"Feature","id":"' || sensor_id || '","geometry":{"type":"Point","coordinates":[' """

_EXPRESSIONS: dict[str, str] = {
    "id": "sensor_id",
    "public_code": "public_code",
    "version": "number",
    "sort_key": "register.hilbert_number(x, y)",
    "longitude": "longitude",
    "latitude": "latitude",
    "x": "x",
    "y": "y",
    **{field.column: _public_value(field) for field in QUERYABLE_FIELDS},
    "smart_city_theme": "smart_city_theme",
    "owner_name": "owner_name",
    "municipality_code": "municipality_code",
    "municipality_name": "municipality_name",
    "municipality_codes": "municipality_codes",
    "placed_from": "placed_from",
    "active_until": "active_until",
    "removed_on": "removed_on",
    "confirm_by": "confirm_by",
    "hidden_from": f"least(removed_on, active_until + {HIDDEN_AFTER_DAYS})",
    "updated_at": "date_trunc('second', published_at)",
    "feature_crs84": f"{_HEAD} || longitude || ',' || latitude || ']}}'",
    "feature_rd": f"{_HEAD} || x || ',' || y || ']}}'",
    "feature_properties": _PROPERTIES,
    "words": _WORDS,
    "valid_from": "published_at",
    "valid_until": "superseded_at",
}


def _project(table: Table, version: str) -> str:
    names = [column.name for column in table.columns]
    return f"""
INSERT INTO {table} ({", ".join(names)})
{_SOURCE.format(version=version)}
SELECT {", ".join(_EXPRESSIONS[name] for name in names)}
FROM placed
"""


PROJECT_SENSORS = _project(published_sensor, _CURRENT)
"""Inserts the present version of the sensors `:ids`, as it may be seen today."""

PROJECT_PAST = _project(past_version, _PAST)
"""Inserts every earlier version of the sensors `:ids`, as it may be seen today."""


def _round_area(observed: str, operating: str, crs: Crs) -> str:
    """SQL of the area of a sensor with its corners as they are published, so that it is found at each of them.

    An area smaller than the rounding would vanish; it stays as it is.
    """
    either = f"""CASE WHEN {observed} IS NULL THEN {operating} WHEN {operating} IS NULL THEN {observed}
         ELSE ST_Union({observed}, {operating}) END"""
    # GEOS rounds so that an area stays valid, at six times the price, and few areas need it. Its outer rings are
    # clockwise, where RFC 7946, 3.1.6, has them counter-clockwise. OFFSET 0: an area is computed once, not at each use.
    reduced = f"ST_ReducePrecision(area, 1e-{crs.decimals})"
    return f"""(SELECT ST_ForcePolygonCCW(ST_Multi(CASE WHEN ST_IsValid(written) THEN written
            WHEN ST_IsEmpty({reduced}) THEN area ELSE {_round_corners(reduced, crs)} END))
        FROM (SELECT {either} AS area OFFSET 0) AS exact
        CROSS JOIN LATERAL (SELECT {_round_corners("area", crs)} AS written OFFSET 0) AS rounded)"""


def _round_corners(area: str, crs: Crs) -> str:
    """SQL of the area with each corner rounded, through text: arithmetic may be a last bit beside the number in it."""
    return f"ST_RemoveRepeatedPoints(ST_GeomFromText(ST_AsText({area}, {crs.decimals}), ST_SRID({area})))"


def _project_areas(source: str, valid_until: str) -> str:
    return f"""
INSERT INTO publication.published_area
    (id, version, sort_key, area_kind, area, area_rd, valid_from, valid_until)
SELECT p.id, p.version, p.sort_key,
    CASE WHEN v.operating_area IS NULL THEN 'observed' ELSE 'operating' END,
    {_round_area("v.observed_area", "v.operating_area", Crs.CRS84)},
    {_round_area("v.observed_area_rd", "v.operating_area_rd", Crs.RD)},
    p.valid_from, {valid_until}
FROM {source} AS p
CROSS JOIN LATERAL (
    SELECT observed_area, observed_area_rd, operating_area, operating_area_rd
    FROM register.sensor_version WHERE sensor_id = p.id AND number = p.version OFFSET 0
) AS v
WHERE p.visibility = 'public' AND (v.observed_area IS NOT NULL OR v.operating_area IS NOT NULL)
"""


PROJECT_AREAS = _project_areas("sensors", "CAST(NULL AS timestamptz)")
"""Inserts observed and operating areas, as part of the statement that writes the sensors under the name `sensors`;
a generalised sensor has neither."""

PROJECT_PAST_AREAS = _project_areas(
    "(SELECT * FROM publication.past_version WHERE id = ANY(:ids))", "p.valid_until"
)
"""Inserts the areas of every earlier version of the sensors `:ids`."""

assert set(DERIVED_LABELS) <= set(PROPERTY_NAMES) | {"registrationStatus"}  # noqa: S101 - two lists that must stay together
