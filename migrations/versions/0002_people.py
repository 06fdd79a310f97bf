"""Organisations, principals with their keys and grants, kept answers, and the audit trail."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ORGANISATIONS = """
CREATE TABLE publication.organisation (
    id uuid CONSTRAINT pk_organisation PRIMARY KEY DEFAULT register.uuid7(),
    name text,
    organisation_type text NOT NULL,
    tooi_code text,
    municipality_code text,
    kvk_number text,
    oin text,
    website text,
    public_email text,
    public_phone text,
    contact_url text,
    dpo_contact text,
    revision integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_organisation_private_person_unnamed
        CHECK (organisation_type <> 'private_person' OR name IS NULL),
    CONSTRAINT ck_organisation_public_body_named
        CHECK (name IS NOT NULL OR organisation_type IN ('private_person', 'company')),
    CONSTRAINT ck_organisation_unnamed_without_number
        CHECK (name IS NOT NULL OR kvk_number IS NULL),
    CONSTRAINT ck_organisation_reachable
        CHECK (public_email IS NOT NULL OR public_phone IS NOT NULL OR contact_url IS NOT NULL),
    CONSTRAINT ck_organisation_municipality_has_code
        CHECK ((organisation_type = 'municipality') = (municipality_code IS NOT NULL))
);
CREATE UNIQUE INDEX uq_organisation_tooi_code ON publication.organisation (tooi_code);
CREATE UNIQUE INDEX uq_organisation_municipality_code ON publication.organisation (municipality_code);

CREATE TABLE register.organisation_contact (
    organisation_id uuid CONSTRAINT pk_organisation_contact PRIMARY KEY
        CONSTRAINT fk_organisation_contact_organisation_id REFERENCES publication.organisation (id),
    contact_person text,
    personal_email text,
    phone text,
    notifier text,
    sole_trader boolean NOT NULL DEFAULT false,
    private_name text,
    private_kvk_number text,
    address text,
    email_confirmed_functional boolean NOT NULL DEFAULT false
);
"""

ACCESS = """
CREATE TABLE register.principal (
    id uuid CONSTRAINT pk_principal PRIMARY KEY DEFAULT register.uuid7(),
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE register.api_key (
    id uuid CONSTRAINT pk_api_key PRIMARY KEY DEFAULT register.uuid7(),
    principal_id uuid NOT NULL
        CONSTRAINT fk_api_key_principal_id REFERENCES register.principal (id),
    prefix text NOT NULL CONSTRAINT uq_api_key_prefix UNIQUE,
    token_hash bytea NOT NULL
        CONSTRAINT ck_api_key_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_on date
);
CREATE INDEX ix_api_key_principal_id ON register.api_key (principal_id);

CREATE TABLE register.access_grant (
    id uuid CONSTRAINT pk_access_grant PRIMARY KEY DEFAULT register.uuid7(),
    principal_id uuid NOT NULL
        CONSTRAINT fk_access_grant_principal_id REFERENCES register.principal (id),
    role text NOT NULL
        CONSTRAINT ck_access_grant_role_known
        CHECK (role IN ('editor', 'reviewer', 'auditor', 'administrator')),
    organisation_id uuid
        CONSTRAINT fk_access_grant_organisation_id REFERENCES publication.organisation (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_access_grant_organisation_named
        CHECK (organisation_id IS NOT NULL OR role IN ('auditor', 'administrator'))
);
CREATE UNIQUE INDEX uq_access_grant_principal_id_role_organisation_id
    ON register.access_grant (principal_id, role, organisation_id) NULLS NOT DISTINCT;
CREATE INDEX ix_access_grant_organisation_id ON register.access_grant (organisation_id);

CREATE TABLE register.idempotency_key (
    principal_id uuid NOT NULL
        CONSTRAINT fk_idempotency_key_principal_id REFERENCES register.principal (id),
    key text NOT NULL,
    request_digest text NOT NULL,
    status smallint NOT NULL,
    headers jsonb NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency_key PRIMARY KEY (principal_id, key)
);
CREATE INDEX ix_idempotency_key_created_at ON register.idempotency_key (created_at);
"""

AUDIT = """
CREATE TABLE register.audit_entry (
    id uuid CONSTRAINT pk_audit_entry PRIMARY KEY DEFAULT register.uuid7(),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    principal_id uuid
        CONSTRAINT fk_audit_entry_principal_id REFERENCES register.principal (id),
    on_behalf_of uuid
        CONSTRAINT fk_audit_entry_on_behalf_of REFERENCES publication.organisation (id),
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_ids text[] NOT NULL,
    details jsonb NOT NULL,
    digest text,
    reason text,
    request_id text
);
CREATE INDEX ix_audit_entry_subject_ids ON register.audit_entry USING gin (subject_ids);

CREATE FUNCTION register.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of %.% are never changed or deleted', TG_TABLE_SCHEMA, TG_TABLE_NAME;
END
$$;
CREATE TRIGGER audit_entry_is_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON register.audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
"""


def upgrade() -> None:
    op.execute(ORGANISATIONS)
    op.execute(ACCESS)
    op.execute(AUDIT)


def downgrade() -> None:
    op.execute("DROP TABLE register.audit_entry")
    op.execute("DROP FUNCTION register.refuse_change()")
    op.execute(
        "DROP TABLE register.idempotency_key, register.access_grant, register.api_key, register.principal"
    )
    op.execute("DROP TABLE register.organisation_contact, publication.organisation")
