-- The audit trail, in a schema whose owner is a role that the register is not a member of: the register adds entries and
-- reads them, and cannot change, delete or drop them, whatever statement it is made to run.
--
-- An administrator of the database runs this once, before or after the migrations; it can be repeated. The register's
-- user is the owner of the database, or the one that the setting register.user names:
--     PGOPTIONS="-c register.user=sensor_register" psql -d sensor_register -f migrations/audit.sql
-- Run by the register's user itself (as a migration does where no one else did) the table is made, and is its own.
DO $audit$
DECLARE
    register_user name := coalesce(
        nullif(current_setting('register.user', true), ''),
        (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()));
BEGIN
    -- Two databases of one server may be prepared at the same moment, and roles belong to the server.
    PERFORM pg_advisory_xact_lock(5746211);
    IF to_regnamespace('audit') IS NULL THEN
        CREATE SCHEMA audit;
        CREATE TABLE audit.audit_entry (
            id uuid CONSTRAINT pk_audit_entry PRIMARY KEY,
            recorded_at timestamptz NOT NULL DEFAULT now(),
            -- Without foreign keys: an entry stays true when what it names is gone.
            principal_id uuid,
            on_behalf_of uuid,
            action text NOT NULL,
            subject_kind text NOT NULL,
            subject_ids text[] NOT NULL,
            details jsonb NOT NULL,
            digest text,
            reason text,
            request_id text
        );
        CREATE INDEX ix_audit_entry_subject_ids ON audit.audit_entry USING gin (subject_ids);
        CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'entries of %.% are never changed or deleted', TG_TABLE_SCHEMA, TG_TABLE_NAME;
        END
        $$;
        CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.audit_entry
            FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
    END IF;
    IF current_user <> register_user OR pg_has_role(
        current_user, (SELECT relowner FROM pg_class WHERE oid = 'audit.audit_entry'::regclass), 'MEMBER')
    THEN
        CREATE INDEX IF NOT EXISTS ix_audit_entry_principal_id ON audit.audit_entry (principal_id, id);
    END IF;
    IF current_user <> register_user THEN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sensor_register_audit') THEN
            BEGIN
                CREATE ROLE sensor_register_audit NOLOGIN;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END;
        END IF;
        ALTER SCHEMA audit OWNER TO sensor_register_audit;
        ALTER TABLE audit.audit_entry OWNER TO sensor_register_audit;
        ALTER FUNCTION audit.refuse_change() OWNER TO sensor_register_audit;
        EXECUTE format('REVOKE ALL ON SCHEMA audit FROM %I', register_user);
        EXECUTE format('REVOKE ALL ON audit.audit_entry FROM %I', register_user);
        EXECUTE format('GRANT USAGE ON SCHEMA audit TO %I', register_user);
        EXECUTE format('GRANT SELECT, INSERT ON audit.audit_entry TO %I', register_user);
    END IF;
END
$audit$;
