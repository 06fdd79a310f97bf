"""Published features carry every property, and are found at the coordinates that they are published with.

The text of a feature left empty properties out, and wrote 12.0 as 12. Places to search by were finer than places as
published. This rewrites the publication as a set, from its own texts; no version and no change number is written. Sort
keys stay, and with them clusters and links: the ranges of a search have a margin for the rounding.

Revision ID: 0022
Revises: 0021
"""

from typing import Final

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before sends the stored texts as they are."""

PROPERTIES: Final = (
    "publicCode", "reference", "name", "summary", "sensorType", "sensorTypeOther", "sensorSubtype", "measures", "manufacturer", "model",
    "supplier", "specificationUrl", "connectivity", "owner", "ownerName", "operator", "operatorName", "controller", "controllerName",
    "mobility", "locationAccuracy", "locationAccuracyM", "locationDescription", "postcode", "houseNumber", "heightM", "heightReference",
    "viewDirectionDeg", "viewAngleDeg", "viewRangeM", "mounting", "bgtId", "purpose", "themes", "project", "personalData", "gdprBases",
    "legalBasisText", "legalBasisUrl", "legitimateInterest", "privacyStatementUrl", "processingRegisterUrl", "dpiaStatus",
    "dpiaReference", "dpiaUrl", "dpiaDate", "retentionKind", "retentionPeriod", "recipients", "storage", "thirdCountry", "dataTypes",
    "processing", "openData", "dataUrl", "moreInfoUrl", "algorithmRegisterUrl", "placedFrom", "activeUntil", "removedOn", "visibility",
    "visibilityReason", "version", "smartCityTheme", "operatingMunicipalities", "onBehalfOf", "onBehalfOfName", "municipalityCode",
    "municipalityCodes", "notifiedLate", "lastConfirmedOn", "confirmBy", "registeredAt", "updatedAt",
)  # fmt: skip
"""Every stored property, in the order of a feature; the first is never empty."""

DECIMALS: Final = frozenset(
    ("locationAccuracyM", "heightM", "viewDirectionDeg", "viewAngleDeg", "viewRangeM")
)
LISTS: Final = frozenset(
    ("themes", "gdprBases", "dataTypes", "processing", "smartCityTheme", "operatingMunicipalities", "municipalityCodes")
)  # fmt: skip


def _write(name: str) -> str:
    """SQL of one pair of the JSON text; the record has each value as it is written in JSON, and no value for null."""
    value = f'value."{name}"::text'
    if name in DECIMALS:
        value = f"CASE WHEN {value} ~ '[.e]' THEN {value} ELSE {value} || '.0' END"
    elif name in LISTS:
        value = f"nullif({value}, '[]')"
    comma = "," if name != PROPERTIES[0] else ""
    return f"""'{comma}"{name}":' || coalesce({value}, 'null')"""


REWRITE: Final = """
UPDATE publication.{table} SET
    feature_properties = (
        SELECT concat({pairs}, '}}}}')
        FROM json_to_record(CAST('{{' || left(feature_properties, -1) AS json)) AS value ({record})
    ),
    longitude = round(longitude * 1e7) / 1e7,
    latitude = round(latitude * 1e7) / 1e7,
    x = round(x * 1e3) / 1e3,
    y = round(y * 1e3) / 1e3
"""

# Through the text that is published: a rounded number may be a last bit beside it.
ROUND_AREA: Final = """
UPDATE publication.published_area SET {column} = ST_ForcePolygonCCW(ST_Multi(
    ST_SetSRID(ST_GeomFromGeoJSON(ST_AsGeoJSON(ST_ReducePrecision({column}, 1e-{decimals}), {decimals}, 0)), {srid})
))
WHERE NOT ST_IsEmpty(ST_ReducePrecision({column}, 1e-{decimals}))
"""


def upgrade() -> None:
    pairs = ", ".join(map(_write, PROPERTIES))
    record = ", ".join(f'"{name}" json' for name in PROPERTIES)
    for table in ("published_sensor", "past_version"):
        op.execute(REWRITE.format(table=table, pairs=pairs, record=record))
    for column, decimals, srid in (("area", 7, 4258), ("area_rd", 3, 28992)):
        op.execute(ROUND_AREA.format(column=column, decimals=decimals, srid=srid))


def downgrade() -> None:
    """The version before sends the texts as they are, and no program needs the rounded digits: both stay."""
