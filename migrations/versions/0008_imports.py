"""Imports: files of sensors that were uploaded, how far each is, what was found, and the files themselves.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE register.sensor_import (
    id UUID DEFAULT register.uuid7() NOT NULL,
    principal_id UUID,
    owner_id UUID,
    file_name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT,
    layout TEXT,
    mode TEXT DEFAULT 'all' NOT NULL,
    complete BOOLEAN DEFAULT false NOT NULL,
    apply_at_once BOOLEAN DEFAULT false NOT NULL,
    defaults JSONB DEFAULT '{}' NOT NULL,
    language TEXT DEFAULT 'nl' NOT NULL,
    request_id TEXT,
    status TEXT DEFAULT 'waiting' NOT NULL,
    cancel_requested BOOLEAN DEFAULT false NOT NULL,
    progress JSONB DEFAULT '{}' NOT NULL,
    report JSONB,
    failure_nl TEXT,
    failure_en TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sensor_import PRIMARY KEY (id),
    CONSTRAINT fk_sensor_import_principal_id FOREIGN KEY (principal_id) REFERENCES register.principal (id),
    CONSTRAINT fk_sensor_import_owner_id FOREIGN KEY (owner_id) REFERENCES publication.organisation (id),
    CONSTRAINT ck_sensor_import_mode_known CHECK (mode IN ('all', 'sound')),
    CONSTRAINT ck_sensor_import_status_known CHECK (status IN (
        'waiting', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'failed', 'cancelled'
    )),
    CONSTRAINT ck_sensor_import_language_known CHECK (language IN ('nl', 'en'))
);
CREATE INDEX ix_sensor_import_principal_id_id ON register.sensor_import (principal_id, id);
CREATE INDEX ix_sensor_import_owner_id ON register.sensor_import (owner_id);

CREATE TABLE register.sensor_import_problem (
    import_id UUID NOT NULL,
    position INTEGER NOT NULL,
    table_name TEXT,
    row_number INTEGER NOT NULL,
    heading TEXT,
    field TEXT,
    code TEXT NOT NULL,
    detail_nl TEXT NOT NULL,
    detail_en TEXT NOT NULL,
    value JSONB,
    suggestion JSONB,
    is_warning BOOLEAN NOT NULL,
    CONSTRAINT pk_sensor_import_problem PRIMARY KEY (import_id, position),
    CONSTRAINT fk_sensor_import_problem_import_id FOREIGN KEY (import_id)
        REFERENCES register.sensor_import (id) ON DELETE CASCADE
);

CREATE TABLE register.sensor_import_piece (
    import_id UUID NOT NULL,
    number INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_sensor_import_piece PRIMARY KEY (import_id, number),
    CONSTRAINT fk_sensor_import_piece_import_id FOREIGN KEY (import_id)
        REFERENCES register.sensor_import (id) ON DELETE CASCADE
);
-- Workbooks are packed already, and packing a table of text again costs more than it saves.
ALTER TABLE register.sensor_import_piece ALTER COLUMN content SET STORAGE EXTERNAL;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute(
        "DROP TABLE register.sensor_import_piece, register.sensor_import_problem, register.sensor_import"
    )
