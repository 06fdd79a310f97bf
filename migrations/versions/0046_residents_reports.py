"""Residents' reports with their notes and sightings, and what becomes public of them.

Revision ID: 0046
Revises: 0045
"""

from typing import Final

from alembic import op
from sqlalchemy import text

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before knows none of these tables."""

KINDS: Final = "('missing', 'wrong', 'gone', 'still_there', 'question', 'complaint', 'reaction')"

TABLES: Final = f"""
CREATE TABLE register.report (
    id UUID DEFAULT register.uuid7() NOT NULL,
    kind TEXT NOT NULL,
    status TEXT DEFAULT 'received' NOT NULL,
    revision INTEGER DEFAULT 1 NOT NULL,
    sensor_id UUID,
    location geometry(POINT, 4258),
    location_rd geometry(POINT, 28992),
    municipality_code TEXT,
    text TEXT NOT NULL,
    email_encrypted BYTEA,
    token_hash BYTEA NOT NULL,
    language TEXT NOT NULL,
    may_publish BOOLEAN NOT NULL,
    due_on DATE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    announced_at TIMESTAMP WITH TIME ZONE,
    reminded_at TIMESTAMP WITH TIME ZONE,
    forwarded_to UUID,
    forwarded_at TIMESTAMP WITH TIME ZONE,
    answer TEXT,
    answered_by UUID,
    answered_for UUID,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_report PRIMARY KEY (id),
    CONSTRAINT uq_report_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_report_kind_known CHECK (kind IN {KINDS}),
    CONSTRAINT ck_report_status_known CHECK (status IN ('received', 'forwarded', 'answered', 'rejected')),
    CONSTRAINT ck_report_language_known CHECK (language IN ('nl', 'en')),
    CONSTRAINT ck_report_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
    CONSTRAINT ck_report_about_something CHECK (sensor_id IS NOT NULL OR location IS NOT NULL),
    CONSTRAINT ck_report_place_in_both_systems CHECK ((location IS NULL) = (location_rd IS NULL)),
    CONSTRAINT ck_report_text_length CHECK (char_length(text) <= 2000),
    CONSTRAINT ck_report_forwarded_to_someone CHECK (status <> 'forwarded' OR forwarded_to IS NOT NULL),
    CONSTRAINT ck_report_end_dated CHECK ((status IN ('answered', 'rejected')) = (ended_at IS NOT NULL)),
    CONSTRAINT ck_report_end_with_answer CHECK ((ended_at IS NULL) = (answer IS NULL)),
    CONSTRAINT fk_report_sensor_id_sensor FOREIGN KEY (sensor_id) REFERENCES register.sensor (id),
    CONSTRAINT fk_report_forwarded_to_organisation
        FOREIGN KEY (forwarded_to) REFERENCES publication.organisation (id),
    CONSTRAINT fk_report_answered_by_principal FOREIGN KEY (answered_by) REFERENCES register.principal (id),
    CONSTRAINT fk_report_answered_for_organisation
        FOREIGN KEY (answered_for) REFERENCES publication.organisation (id)
);
CREATE INDEX ix_report_sensor_id ON register.report (sensor_id);
CREATE INDEX ix_report_municipality_code_due_on ON register.report (municipality_code, due_on, id);
CREATE INDEX ix_report_forwarded_to_due_on ON register.report (forwarded_to, due_on, id)
    WHERE forwarded_to IS NOT NULL;
CREATE INDEX ix_report_due_on ON register.report (due_on, id) WHERE ended_at IS NULL;
CREATE INDEX ix_report_ended_at ON register.report (ended_at) WHERE email_encrypted IS NOT NULL;
CREATE TABLE register.report_note (
    id UUID DEFAULT register.uuid7() NOT NULL,
    report_id UUID NOT NULL,
    principal_id UUID NOT NULL,
    organisation_id UUID,
    text TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_report_note PRIMARY KEY (id),
    CONSTRAINT fk_report_note_report_id_report
        FOREIGN KEY (report_id) REFERENCES register.report (id) ON DELETE CASCADE,
    CONSTRAINT fk_report_note_principal_id_principal
        FOREIGN KEY (principal_id) REFERENCES register.principal (id),
    CONSTRAINT fk_report_note_organisation_id_organisation
        FOREIGN KEY (organisation_id) REFERENCES publication.organisation (id)
);
CREATE INDEX ix_report_note_report_id ON register.report_note (report_id);
CREATE TABLE register.sighting (
    sensor_id UUID NOT NULL,
    kind TEXT NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sighting PRIMARY KEY (sensor_id, kind),
    CONSTRAINT ck_sighting_kind_known CHECK (kind IN ('gone', 'still_there')),
    CONSTRAINT fk_sighting_sensor_id_sensor FOREIGN KEY (sensor_id) REFERENCES register.sensor (id)
);
CREATE TABLE publication.sighting_hint (
    sensor_id UUID NOT NULL,
    gone DOUBLE PRECISION NOT NULL,
    still_there DOUBLE PRECISION NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sighting_hint PRIMARY KEY (sensor_id)
);
CREATE TABLE publication.published_answer (
    report_id UUID NOT NULL,
    sensor_id UUID NOT NULL,
    organisation_id UUID,
    kind TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_on DATE NOT NULL,
    CONSTRAINT pk_published_answer PRIMARY KEY (report_id),
    CONSTRAINT ck_published_answer_kind_known CHECK (kind IN {KINDS})
);
CREATE INDEX ix_published_answer_sensor_id ON publication.published_answer (sensor_id, answered_on);
CREATE TABLE publication.report_count (
    municipality_code TEXT NOT NULL,
    year SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    received INTEGER DEFAULT 0 NOT NULL,
    answered INTEGER DEFAULT 0 NOT NULL,
    rejected INTEGER DEFAULT 0 NOT NULL,
    in_time INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_report_count PRIMARY KEY (municipality_code, year, kind),
    CONSTRAINT ck_report_count_kind_known CHECK (kind IN {KINDS})
)
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(text(statement))


def downgrade() -> None:
    for table in (
        "publication.report_count",
        "publication.published_answer",
        "publication.sighting_hint",
        "register.sighting",
        "register.report_note",
        "register.report",
    ):
        op.execute(text(f"DROP TABLE {table}"))
