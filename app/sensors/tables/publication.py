"""The tables of the publication: one row per public sensor, with the columns to search and the text to send.

`published_sensor` holds what is public now, `past_version` what was public before, and `published_version` both, with
the moment at which each ended: `asOf` only swaps the table. No stored text has a value that depends on the date: the
status is added on reading.
"""

from typing import Any, Final

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from app.core.database import Base
from app.sensors.change_kind import ChangeKind
from app.sensors.fields import FIELDS, FieldKind
from app.sensors.registration_status import list_sql

QUERYABLE_FIELDS = tuple(field for field in FIELDS if field.queryable)
"""Fields that a search can use; each has a column in the publication."""

_COLUMN_TYPE: dict[FieldKind, Any] = {
    FieldKind.TERMS: ARRAY(Text),
    FieldKind.ORGANISATION: Uuid,
    FieldKind.BOOLEAN: Boolean,
    FieldKind.NUMBER: Double,
}

MAPPED_COLUMNS = (
    "sensor_type",
    "owner_id",
    "personal_data",
    "mobility",
    "open_data",
    "themes",
    "smart_city_theme",
    "placed_from",
    "active_until",
    "removed_on",
    "confirm_by",
    "height_m",
    "updated_at",
    "version",
)
"""Columns in the index of the sort key: searches on these alone do not read the table."""


def _published_columns() -> list[Column[object]]:
    return [
        Column("id", Uuid, nullable=False),
        Column("public_code", Text, nullable=False),
        Column("version", Integer, nullable=False),
        # Hilbert number of the place: pages follow storage, neighbours lie together.
        Column("sort_key", BigInteger, nullable=False),
        Column("longitude", Double, nullable=False),
        Column("latitude", Double, nullable=False),
        Column("x", Double, nullable=False),
        Column("y", Double, nullable=False),
        *(Column(field.column, _COLUMN_TYPE.get(field.kind, Text)) for field in QUERYABLE_FIELDS),
        Column("smart_city_theme", ARRAY(Text), nullable=False),
        # Names as they are shown, to search and to sort by.
        Column("owner_name", Text),
        Column("municipality_code", Text),
        Column("municipality_name", Text),
        Column("municipality_codes", ARRAY(Text), nullable=False),
        Column("placed_from", Date, nullable=False),
        Column("active_until", Date, nullable=False),
        Column("removed_on", Date),
        Column("confirm_by", Date, nullable=False),
        # The first day on which the default answers no longer hold the sensor.
        Column("hidden_from", Date, nullable=False),
        # To the second, as published: a value that was read can be used in a search.
        Column("updated_at", DateTime(timezone=True), nullable=False),
        # The same moment, exact: a version is valid from it until the next begins, half-open.
        Column("valid_from", DateTime(timezone=True), nullable=False),
        # Parts of the GeoJSON: the head with the geometry in each system, and the properties up to the end.
        Column("feature_crs84", Text, nullable=False),
        Column("feature_rd", Text, nullable=False),
        Column("feature_properties", Text, nullable=False),
        # The words of the public texts, in Dutch stems: `q` searches these.
        Column("words", TSVECTOR, nullable=False),
    ]


def _in_order(column: str) -> Index:
    """An index of the sensors with one value, in their order, that also counts those shown by default."""
    name = f"ix_published_sensor_{column}"
    return Index(name, column, "sort_key", "id", postgresql_include=["hidden_from"])


_metadata = Base.metadata

published_sensor = Table(
    "published_sensor",
    _metadata,
    *_published_columns(),
    PrimaryKeyConstraint("id"),
    Index("uq_published_sensor_public_code", "public_code", unique=True),
    # Answers a box, and the clusters of a map with its filters, without reading the table; only sensors that are
    # shown one by one are read from it.
    Index(
        "ix_published_sensor_sort_key",
        "sort_key",
        "id",
        unique=True,
        postgresql_include=["hidden_from", "longitude", "latitude", "x", "y", *MAPPED_COLUMNS],
    ),
    _in_order("sensor_type"),
    _in_order("owner_id"),
    _in_order("personal_data"),
    _in_order("owner_name"),
    _in_order("municipality_code"),
    _in_order("municipality_name"),
    Index("ix_published_sensor_name", "name"),
    Index("ix_published_sensor_reference", "reference"),
    Index("ix_published_sensor_bgt_id", "bgt_id"),
    _in_order("project"),
    # Dates by which a status or a period is searched.
    Index("ix_published_sensor_placed_from", "placed_from"),
    Index("ix_published_sensor_active_until", "active_until"),
    Index("ix_published_sensor_removed_on", "removed_on", postgresql_where=text("removed_on IS NOT NULL")),
    Index("ix_published_sensor_confirm_by", "confirm_by"),
    # The start page shows the latest.
    Index("ix_published_sensor_updated_at", "updated_at", "id"),
    Index("ix_published_sensor_themes", "themes", postgresql_using="gin"),
    Index("ix_published_sensor_words", "words", postgresql_using="gin"),
    # Past versions have no rows in `municipality_sensor`.
    Index("ix_published_sensor_municipality_codes", "municipality_codes", postgresql_using="gin"),
    # Sensors that the counts of several municipalities together would count more than once.
    Index(
        "ix_published_sensor_several_municipalities",
        "id",
        postgresql_where=text("cardinality(municipality_codes) > 1"),
    ),
    schema="publication",
)

past_version = Table(
    "past_version",
    _metadata,
    *_published_columns(),
    Column("valid_until", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("id", "version"),
    CheckConstraint("valid_until >= valid_from", name="valid_period"),
    Index("ix_past_version_sort_key", "sort_key", "id"),
    Index("ix_past_version_municipality_codes", "municipality_codes", postgresql_using="gin"),
    schema="publication",
)

published_version = Table(
    "published_version",
    # A view, not in the metadata of the tables: current rows are not stored twice.
    MetaData(),
    *_published_columns(),
    Column("valid_until", DateTime(timezone=True)),
    schema="publication",
)

published_area = Table(
    "published_area",
    _metadata,
    Column("id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sort_key", BigInteger, nullable=False),
    Column("area_kind", Text, nullable=False),
    Column("area", Geometry("MULTIPOLYGON", srid=4258, spatial_index=False), nullable=False),
    Column("area_rd", Geometry("MULTIPOLYGON", srid=28992, spatial_index=False), nullable=False),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True)),
    PrimaryKeyConstraint("id", "version"),
    CheckConstraint("area_kind IN ('observed', 'operating')", name="area_kind"),
    Index("ix_published_area_area", "area", postgresql_using="gist"),
    Index("ix_published_area_area_rd", "area_rd", postgresql_using="gist"),
    Index("ix_published_area_sort_key", "sort_key", "id"),
    schema="publication",
)

municipality_sensor = Table(
    "municipality_sensor",
    _metadata,
    Column("municipality_code", Text, nullable=False),
    Column("sort_key", BigInteger, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("hidden_from", Date, nullable=False),
    Index(
        "uq_municipality_sensor_municipality_code_sort_key_id",
        "municipality_code",
        "sort_key",
        "id",
        unique=True,
        postgresql_include=["hidden_from"],
    ),
    schema="publication",
)

WHOLE_COLLECTION: Final = ""
"""The code under which `sensor_count` counts the whole collection."""

sensor_count = Table(
    "sensor_count",
    _metadata,
    # The code '' counts the whole collection. A sensor counts until its hidden_from.
    Column("municipality_code", Text, nullable=False),
    Column("hidden_from", Date, nullable=False),
    Column("sensors", BigInteger, nullable=False),
    PrimaryKeyConstraint("municipality_code", "hidden_from"),
    # Half of each block is free: a changed count stays in its block, and the counts of a municipality stay together.
    postgresql_with={"fillfactor": 50},
    schema="publication",
)

sensor_statistic = Table(
    "sensor_statistic",
    _metadata,
    # Within which sensors are counted: a municipality or a kind of sensor, by the name of the dimension and the value,
    # '' for none. Each sensor has one kind, so that all kinds together are the whole collection.
    Column("scope", Text, nullable=False),
    Column("scope_value", Text, nullable=False),
    # A name of `dimensions.py`; the value of its column as text, '' for none.
    Column("dimension", Text, nullable=False),
    Column("value", Text, nullable=False),
    # Whether the default answers have these sensors.
    Column("is_shown", Boolean, nullable=False),
    Column("sensors", BigInteger, nullable=False),
    PrimaryKeyConstraint("scope", "dimension", "scope_value", "is_shown", "value"),
    postgresql_with={"fillfactor": 50},
    schema="publication",
)

sensor_area = Table(
    "sensor_area",
    _metadata,
    # The municipalities that sensors lie in together.
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("municipality_codes", ARRAY(Text), nullable=False),
    Index("uq_sensor_area_municipality_codes", "municipality_codes", unique=True),
    schema="publication",
)

sensor_profile = Table(
    "sensor_profile",
    _metadata,
    # Columns of sensors that are alike; their dates lie before or after every day, as they did on the stored day.
    Column("id", Integer, Identity(always=True), primary_key=True),
    # The other columns as one text, since those may be empty.
    Column("profile", Text, nullable=False),
    Column("sensor_type", Text),
    Column("themes", ARRAY(Text)),
    Column("smart_city_theme", ARRAY(Text), nullable=False),
    Column("personal_data", Text),
    Column("gdpr_bases", ARRAY(Text)),
    Column("mobility", Text),
    *(
        Column(name, Date, nullable=False)
        for name in ("removed_on", "active_until", "placed_from", "confirm_by", "hidden_from")
    ),
    Index("uq_sensor_profile_profile", "profile", unique=True),
    schema="publication",
)

alike_sensors = Table(
    "alike_sensors",
    _metadata,
    # The number of sensors of an owner with one profile in one area; 0 and the nil UUID stand for all areas and owners.
    # The rows referred to are never deleted.
    Column("area_id", Integer, nullable=False),
    Column("owner_id", Uuid, nullable=False),
    Column("profile_id", Integer, nullable=False),
    Column("sensors", BigInteger, nullable=False),
    PrimaryKeyConstraint("area_id", "owner_id", "profile_id"),
    Index("ix_alike_sensors_owner_id", "owner_id"),
    postgresql_with={"fillfactor": 90},
    schema="publication",
)

sensor_cluster = Table(
    "sensor_cluster",
    _metadata,
    # The facet '' counts all sensors shown by default, another one value of one property.
    Column("facet", Text, nullable=False),
    Column("value", Text, nullable=False),
    # A cell is 2 m wide at level 0 and twice as wide at each next level; its number is the prefix of its sort keys.
    Column("level", Integer, nullable=False),
    Column("cell", BigInteger, nullable=False),
    Column("sensors", BigInteger, nullable=False),
    Column("personal_data_sensors", BigInteger, nullable=False),
    # Sums of millimetres in RD and of 1e-7 degree: integers, so that subtraction is exact.
    *(Column(f"sum_{axis}", BigInteger, nullable=False) for axis in ("x", "y", "longitude", "latitude")),
    PrimaryKeyConstraint("facet", "value", "level", "cell"),
    schema="publication",
)

sensor_cluster_day = Table(
    "sensor_cluster_day",
    _metadata,
    # One row: the day for which the clusters and the statistics are counted.
    Column(
        "single", Boolean, CheckConstraint("single", name="single"), primary_key=True, server_default=true()
    ),
    Column("day", Date, nullable=False),
    schema="publication",
)

change = Table(
    "change",
    _metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("sensor_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(f"kind IN {list_sql(ChangeKind)}", name="kind"),
    schema="publication",
)
