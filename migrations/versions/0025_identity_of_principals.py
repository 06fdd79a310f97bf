"""Principals are identities with a handle of their own, and what they may do has an end.

Keys get the grant that they were issued for where their principal has one grant alone; other keys keep every grant of
their principal, as they had.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# The publication gets one column that no public question reads.
serves_previous_version = True

PRINCIPALS = """
ALTER TABLE register.principal
    ADD COLUMN handle text,
    ADD COLUMN ended_at timestamptz,
    ADD CONSTRAINT ck_principal_handle_plain CHECK (handle ~ '^[!-~]{1,254}$');
CREATE UNIQUE INDEX uq_principal_handle ON register.principal (lower(handle));
"""

# Principals of the register itself were found by name. They never had a key or a grant, as a person of that name has.
OWN_PRINCIPALS = """
UPDATE register.principal SET handle = own.handle
FROM (VALUES ('Command line', 'system:command-line'), ('Seeding', 'system:seeding')) AS own (name, handle)
WHERE principal.id = (
    SELECT id FROM register.principal AS oldest
    WHERE oldest.name = own.name
        AND NOT EXISTS (SELECT FROM register.api_key WHERE principal_id = oldest.id)
        AND NOT EXISTS (SELECT FROM register.access_grant WHERE principal_id = oldest.id)
    ORDER BY created_at, id LIMIT 1
)
"""

GRANTS = """
ALTER TABLE register.access_grant ADD COLUMN ended_at timestamptz;
DROP INDEX register.uq_access_grant_principal_id_role_organisation_id;
CREATE UNIQUE INDEX uq_access_grant_principal_id_role_organisation_id
    ON register.access_grant (principal_id, role, organisation_id) NULLS NOT DISTINCT WHERE ended_at IS NULL;
"""

KEYS = """
ALTER TABLE register.api_key ADD COLUMN grant_id uuid
    CONSTRAINT fk_api_key_grant_id REFERENCES register.access_grant (id);
CREATE INDEX ix_api_key_grant_id ON register.api_key (grant_id);
UPDATE register.api_key SET grant_id = single.id
FROM (
    SELECT principal_id, CAST(min(CAST(id AS text)) AS uuid) AS id
    FROM register.access_grant GROUP BY principal_id HAVING count(*) = 1
) AS single
WHERE single.principal_id = api_key.principal_id;
"""

IMPORTS = """
ALTER TABLE register.sensor_import ADD COLUMN key_id uuid
    CONSTRAINT fk_sensor_import_key_id REFERENCES register.api_key (id);
"""

ORGANISATIONS = "ALTER TABLE publication.organisation ADD COLUMN ended_at timestamptz"


def upgrade() -> None:
    for statement in (PRINCIPALS, OWN_PRINCIPALS, GRANTS, KEYS, IMPORTS, ORGANISATIONS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE publication.organisation DROP COLUMN ended_at")
    op.execute("ALTER TABLE register.sensor_import DROP COLUMN key_id")
    # An ended grant would be in force again in the schema before.
    op.execute("ALTER TABLE register.api_key DROP COLUMN grant_id")
    op.execute("DELETE FROM register.access_grant WHERE ended_at IS NOT NULL")
    op.execute("ALTER TABLE register.access_grant DROP COLUMN ended_at")
    op.execute(
        "CREATE UNIQUE INDEX uq_access_grant_principal_id_role_organisation_id"
        " ON register.access_grant (principal_id, role, organisation_id) NULLS NOT DISTINCT"
    )
    op.execute("ALTER TABLE register.principal DROP COLUMN ended_at, DROP COLUMN handle")
