"""Mail that waits to be sent, sign-in by a link that is sent by mail, and rate limits.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before does not know the new tables, and knows the ways to sign in that it uses itself."""


def upgrade() -> None:
    _make_outbox()
    _make_links()
    op.create_table(
        "rate_limit",
        sa.Column("key", postgresql.BYTEA(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_limit"),
        schema="register",
    )
    op.create_index("ix_rate_limit_free_at", "rate_limit", ["free_at"], schema="register")
    op.create_table(
        "rate_limit_salt",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", postgresql.BYTEA(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_rate_limit_salt"),
        schema="register",
    )


def _make_outbox() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'sent', 'refused', 'expired', 'uncertain')",
            name=op.f("ck_outgoing_mail_status_known"),
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_outgoing_mail_language_known")),
        sa.CheckConstraint(
            "(status = 'waiting') = (ended_at IS NULL)", name=op.f("ck_outgoing_mail_end_dated")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (body IS NOT NULL)", name=op.f("ck_outgoing_mail_body_while_waiting")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mail"),
        schema="register",
    )
    op.create_index(
        "ix_outgoing_mail_next_attempt_at",
        "outgoing_mail",
        ["next_attempt_at"],
        schema="register",
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "mail_handover",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["register.outgoing_mail.id"],
            name="fk_mail_handover_mail_id_outgoing_mail",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mail_handover"),
        schema="register",
    )
    op.create_index("ix_mail_handover_mail_id", "mail_handover", ["mail_id"], schema="register")


def _make_links() -> None:
    op.add_column(
        "invitation",
        sa.Column("by_link", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="register",
    )
    op.create_table(
        "sign_in_link",
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("browser_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint("ending IN ('used', 'replaced')", name=op.f("ck_sign_in_link_ending_known")),
        sa.CheckConstraint(
            "(ending IS NULL) = (ended_at IS NULL)", name=op.f("ck_sign_in_link_ending_dated")
        ),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_sign_in_link_token_hash_is_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["register.invitation.id"], name="fk_sign_in_link_invitation_id_invitation"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_link"),
        schema="register",
    )
    op.create_index("ix_sign_in_link_address", "sign_in_link", ["address"], schema="register")
    _name_methods("'provider', 'demo', 'link'")


def _name_methods(methods: str) -> None:
    for name in ("ck_person_session_method_known", "ck_person_session_ck_person_session_method_known"):
        # The second is the name under which revision 0033 made it.
        op.execute(f"ALTER TABLE register.person_session DROP CONSTRAINT IF EXISTS {name}")
    op.execute(
        "ALTER TABLE register.person_session ADD CONSTRAINT ck_person_session_method_known"
        f" CHECK (method IN ({methods}))"
    )


def downgrade() -> None:
    op.execute("DELETE FROM register.person_session WHERE method = 'link'")
    _name_methods("'provider', 'demo'")
    for table in ("sign_in_link", "mail_handover", "outgoing_mail", "rate_limit_salt", "rate_limit"):
        op.drop_table(table, schema="register")
    op.drop_column("invitation", "by_link", schema="register")
