"""Sensors and their versions, the publication made from them, and the change numbers.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE register.sensor (
    id UUID DEFAULT register.uuid7() NOT NULL,
    public_code TEXT DEFAULT register.public_code(nextval('register.public_code_number')) NOT NULL,
    owner_id UUID NOT NULL,
    reference TEXT NOT NULL,
    registered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_sensor PRIMARY KEY (id),
    CONSTRAINT uq_sensor_owner_id_reference UNIQUE (owner_id, reference),
    CONSTRAINT uq_sensor_public_code UNIQUE (public_code),
    CONSTRAINT fk_sensor_owner_id FOREIGN KEY(owner_id) REFERENCES publication.organisation (id)
);

CREATE TABLE register.sensor_version (
    id UUID DEFAULT register.uuid7() NOT NULL,
    sensor_id UUID NOT NULL,
    number INTEGER NOT NULL,
    registration_status TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    superseded_at TIMESTAMP WITH TIME ZONE,
    reference TEXT NOT NULL,
    name TEXT,
    summary TEXT,
    sensor_type TEXT NOT NULL,
    sensor_type_other TEXT,
    sensor_subtype TEXT,
    measures TEXT NOT NULL,
    manufacturer TEXT,
    model TEXT,
    supplier TEXT,
    specification_url TEXT,
    connectivity TEXT,
    owner_id UUID NOT NULL,
    operator_id UUID,
    controller_id UUID,
    mobility TEXT NOT NULL,
    location geometry(POINT,4258),
    location_rd geometry(POINT,28992),
    operating_area geometry(MULTIPOLYGON,4258),
    operating_area_rd geometry(MULTIPOLYGON,28992),
    location_accuracy TEXT,
    location_accuracy_m DOUBLE PRECISION,
    location_description TEXT,
    postcode TEXT,
    house_number TEXT,
    height_m DOUBLE PRECISION,
    height_reference TEXT,
    view_direction_deg DOUBLE PRECISION,
    view_angle_deg DOUBLE PRECISION,
    view_range_m DOUBLE PRECISION,
    observed_area geometry(MULTIPOLYGON,4258),
    observed_area_rd geometry(MULTIPOLYGON,28992),
    mounting TEXT,
    bgt_id TEXT,
    purpose TEXT NOT NULL,
    themes TEXT[] NOT NULL,
    project TEXT,
    personal_data TEXT NOT NULL,
    gdpr_bases TEXT[],
    legal_basis_text TEXT,
    legal_basis_url TEXT,
    legitimate_interest TEXT,
    privacy_statement_url TEXT,
    processing_register_url TEXT,
    dpia_status TEXT,
    dpia_reference TEXT,
    dpia_url TEXT,
    dpia_date DATE,
    retention_kind TEXT,
    retention_period TEXT,
    recipients TEXT,
    storage TEXT,
    third_country TEXT,
    data_types TEXT[],
    processing TEXT[],
    open_data BOOLEAN,
    data_url TEXT,
    more_info_url TEXT,
    algorithm_register_url TEXT,
    placed_from DATE NOT NULL,
    active_until DATE NOT NULL,
    removed_on DATE,
    visibility TEXT,
    visibility_reason TEXT,
    operating_municipalities TEXT[],
    observed_area_derived BOOLEAN DEFAULT false NOT NULL,
    on_behalf_of_id UUID,
    notified_late BOOLEAN DEFAULT false NOT NULL,
    last_confirmed_on DATE NOT NULL,
    confirm_by DATE NOT NULL,
    warnings JSONB DEFAULT '[]' NOT NULL,
    CONSTRAINT pk_sensor_version PRIMARY KEY (id),
    CONSTRAINT uq_sensor_version_sensor_id_number UNIQUE (sensor_id, number),
    CONSTRAINT fk_sensor_version_sensor_id FOREIGN KEY(sensor_id) REFERENCES register.sensor (id),
    CONSTRAINT fk_sensor_version_owner_id FOREIGN KEY(owner_id) REFERENCES publication.organisation (id),
    CONSTRAINT fk_sensor_version_operator_id FOREIGN KEY(operator_id) REFERENCES publication.organisation (id),
    CONSTRAINT fk_sensor_version_controller_id FOREIGN KEY(controller_id) REFERENCES publication.organisation (id),
    CONSTRAINT fk_sensor_version_on_behalf_of_id FOREIGN KEY(on_behalf_of_id) REFERENCES publication.organisation (id)
);
CREATE INDEX ix_sensor_version_location_rd ON register.sensor_version USING gist (location_rd);
CREATE INDEX ix_sensor_version_owner_id ON register.sensor_version (owner_id);
CREATE UNIQUE INDEX uq_sensor_version_open ON register.sensor_version (sensor_id) WHERE registration_status IN ('draft', 'submitted', 'changes_requested') AND superseded_at IS NULL;
CREATE UNIQUE INDEX uq_sensor_version_published ON register.sensor_version (sensor_id) WHERE registration_status = 'published' AND superseded_at IS NULL;

CREATE TABLE register.sensor_place (
    version_id UUID NOT NULL,
    municipality_code TEXT,
    municipality_codes TEXT[] NOT NULL,
    CONSTRAINT pk_sensor_place PRIMARY KEY (version_id),
    CONSTRAINT fk_sensor_place_version_id FOREIGN KEY(version_id) REFERENCES register.sensor_version (id)
);

CREATE TABLE publication.published_sensor (
    id UUID NOT NULL,
    public_code TEXT NOT NULL,
    version INTEGER NOT NULL,
    sort_key BIGINT NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    x DOUBLE PRECISION NOT NULL,
    y DOUBLE PRECISION NOT NULL,
    geom geometry(POINT,4258) NOT NULL,
    geom_rd geometry(POINT,28992) NOT NULL,
    reference TEXT,
    sensor_type TEXT,
    sensor_subtype TEXT,
    connectivity TEXT,
    owner_id UUID,
    operator_id UUID,
    mobility TEXT,
    location_accuracy TEXT,
    height_reference TEXT,
    mounting TEXT,
    bgt_id TEXT,
    themes TEXT[],
    project TEXT,
    personal_data TEXT,
    gdpr_bases TEXT[],
    dpia_status TEXT,
    retention_kind TEXT,
    data_types TEXT[],
    processing TEXT[],
    open_data BOOLEAN,
    visibility TEXT,
    smart_city_theme TEXT[] NOT NULL,
    municipality_code TEXT,
    municipality_codes TEXT[] NOT NULL,
    placed_from DATE NOT NULL,
    active_until DATE NOT NULL,
    removed_on DATE,
    confirm_by DATE NOT NULL,
    hidden_from DATE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    feature_crs84 TEXT NOT NULL,
    feature_rd TEXT NOT NULL,
    feature_properties TEXT NOT NULL,
    CONSTRAINT pk_published_sensor PRIMARY KEY (id)
);
CREATE INDEX ix_published_sensor_active_until ON publication.published_sensor (active_until);
CREATE INDEX ix_published_sensor_bgt_id ON publication.published_sensor (bgt_id);
CREATE INDEX ix_published_sensor_confirm_by ON publication.published_sensor (confirm_by);
CREATE INDEX ix_published_sensor_geom ON publication.published_sensor USING gist (geom);
CREATE INDEX ix_published_sensor_geom_rd ON publication.published_sensor USING gist (geom_rd);
CREATE INDEX ix_published_sensor_owner_id ON publication.published_sensor (owner_id, sort_key, id) INCLUDE (hidden_from);
CREATE INDEX ix_published_sensor_personal_data ON publication.published_sensor (personal_data, sort_key, id) INCLUDE (hidden_from);
CREATE INDEX ix_published_sensor_placed_from ON publication.published_sensor (placed_from);
CREATE INDEX ix_published_sensor_project ON publication.published_sensor (project, sort_key, id) INCLUDE (hidden_from);
CREATE INDEX ix_published_sensor_reference ON publication.published_sensor (reference);
CREATE INDEX ix_published_sensor_removed_on ON publication.published_sensor (removed_on);
CREATE INDEX ix_published_sensor_sensor_type ON publication.published_sensor (sensor_type, sort_key, id) INCLUDE (hidden_from);
CREATE UNIQUE INDEX ix_published_sensor_sort_key ON publication.published_sensor (sort_key, id) INCLUDE (hidden_from, longitude, latitude, x, y);
CREATE INDEX ix_published_sensor_themes ON publication.published_sensor USING gin (themes);
CREATE UNIQUE INDEX uq_published_sensor_public_code ON publication.published_sensor (public_code);

CREATE TABLE publication.published_version (
    id UUID NOT NULL,
    public_code TEXT NOT NULL,
    version INTEGER NOT NULL,
    sort_key BIGINT NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    x DOUBLE PRECISION NOT NULL,
    y DOUBLE PRECISION NOT NULL,
    geom geometry(POINT,4258) NOT NULL,
    geom_rd geometry(POINT,28992) NOT NULL,
    reference TEXT,
    sensor_type TEXT,
    sensor_subtype TEXT,
    connectivity TEXT,
    owner_id UUID,
    operator_id UUID,
    mobility TEXT,
    location_accuracy TEXT,
    height_reference TEXT,
    mounting TEXT,
    bgt_id TEXT,
    themes TEXT[],
    project TEXT,
    personal_data TEXT,
    gdpr_bases TEXT[],
    dpia_status TEXT,
    retention_kind TEXT,
    data_types TEXT[],
    processing TEXT[],
    open_data BOOLEAN,
    visibility TEXT,
    smart_city_theme TEXT[] NOT NULL,
    municipality_code TEXT,
    municipality_codes TEXT[] NOT NULL,
    placed_from DATE NOT NULL,
    active_until DATE NOT NULL,
    removed_on DATE,
    confirm_by DATE NOT NULL,
    hidden_from DATE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    feature_crs84 TEXT NOT NULL,
    feature_rd TEXT NOT NULL,
    feature_properties TEXT NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_published_version PRIMARY KEY (id, version),
    CONSTRAINT ck_published_version_valid_period CHECK (valid_until >= valid_from)
);
CREATE INDEX ix_published_version_geom_rd ON publication.published_version USING gist (geom_rd);
CREATE INDEX ix_published_version_municipality_codes ON publication.published_version USING gin (municipality_codes);
CREATE INDEX ix_published_version_sort_key ON publication.published_version (sort_key, id);

CREATE TABLE publication.published_area (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    sort_key BIGINT NOT NULL,
    area_kind TEXT NOT NULL,
    area geometry(MULTIPOLYGON,4258) NOT NULL,
    area_rd geometry(MULTIPOLYGON,28992) NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_published_area PRIMARY KEY (id, version),
    CONSTRAINT ck_published_area_area_kind CHECK (area_kind IN ('observed', 'operating'))
);
CREATE INDEX ix_published_area_area ON publication.published_area USING gist (area);
CREATE INDEX ix_published_area_area_rd ON publication.published_area USING gist (area_rd);
CREATE INDEX ix_published_area_sort_key ON publication.published_area (sort_key, id);

CREATE TABLE publication.municipality_sensor (
    municipality_code TEXT NOT NULL,
    sort_key BIGINT NOT NULL,
    id UUID NOT NULL,
    hidden_from DATE NOT NULL
);
CREATE INDEX ix_municipality_sensor_id ON publication.municipality_sensor (id);
CREATE UNIQUE INDEX uq_municipality_sensor_municipality_code_sort_key_id ON publication.municipality_sensor (municipality_code, sort_key, id) INCLUDE (hidden_from);

CREATE TABLE publication.sensor_count (
    municipality_code TEXT NOT NULL,
    hidden_from DATE NOT NULL,
    sensors BIGINT NOT NULL,
    CONSTRAINT pk_sensor_count PRIMARY KEY (municipality_code, hidden_from)
);

CREATE TABLE publication.change (
    number BIGINT NOT NULL,
    sensor_id UUID NOT NULL,
    kind TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_change PRIMARY KEY (number)
);
CREATE INDEX ix_change_sensor_id ON publication.change (sensor_id);
"""

# A row's texts stay in the row and uncompressed: reading them is what the publication is for. PostgreSQL would
# otherwise compress and move them out as soon as a row is over 2 kB.
STORAGE = """
ALTER TABLE publication.published_sensor SET (toast_tuple_target = 8160);
ALTER TABLE publication.published_sensor
    ALTER COLUMN feature_crs84 SET STORAGE EXTERNAL,
    ALTER COLUMN feature_rd SET STORAGE EXTERNAL,
    ALTER COLUMN feature_properties SET STORAGE EXTERNAL;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(STORAGE)


def downgrade() -> None:
    for table in ("change", "sensor_count", "municipality_sensor", "published_area", "published_version"):
        op.execute(f"DROP TABLE publication.{table}")
    op.execute("DROP TABLE publication.published_sensor")
    for table in ("sensor_place", "sensor_version", "sensor"):
        op.execute(f"DROP TABLE register.{table}")
