"""Move the audit trail into a schema of its own, which a role that the register does not have can own.

An administrator makes that schema by `migrations/audit.sql`, before this migration or after it. Where it is not there yet,
it is made here and belongs to the register's user.

Revision ID: 0027
Revises: 0026
"""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Public questions do not read the audit trail.
serves_previous_version = True

_AUDIT_SQL = Path(__file__).parent.parent / "audit.sql"

_COLUMNS = "id, recorded_at, principal_id, on_behalf_of, action, subject_kind, subject_ids, details, digest, reason, request_id"

_FORMER = """
CREATE TABLE register.audit_entry (
    id uuid CONSTRAINT pk_audit_entry PRIMARY KEY DEFAULT register.uuid7(),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    principal_id uuid CONSTRAINT fk_audit_entry_principal_id REFERENCES register.principal (id),
    on_behalf_of uuid CONSTRAINT fk_audit_entry_on_behalf_of REFERENCES publication.organisation (id),
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_ids text[] NOT NULL,
    details jsonb NOT NULL,
    digest text,
    reason text,
    request_id text
);
CREATE INDEX ix_audit_entry_subject_ids ON register.audit_entry USING gin (subject_ids);
CREATE TRIGGER audit_entry_is_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON register.audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
"""


def upgrade() -> None:
    # On the driver's own connection: SQLAlchemy would take `:=` and `%I` for parameters.
    op.get_bind().connection.driver_connection.execute(_AUDIT_SQL.read_bytes())
    op.execute(
        f"INSERT INTO audit.audit_entry ({_COLUMNS}) SELECT {_COLUMNS} FROM register.audit_entry ON CONFLICT (id) DO NOTHING"
    )
    op.execute("DROP TABLE register.audit_entry")


def downgrade() -> None:
    # The entries in the schema `audit` stay there: the register may not delete them.
    op.execute(_FORMER)
    op.execute(f"INSERT INTO register.audit_entry ({_COLUMNS}) SELECT {_COLUMNS} FROM audit.audit_entry")
