"""Run by alembic: migrates the database of the connection that app/core/migrations.py hands over."""

from typing import Any

from alembic import context
from geoalchemy2 import alembic_helpers

from app.core.migrations import MIGRATION_LOCK
from app.tables import METADATA, SCHEMAS


def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:  # noqa: FBT001 (alembic's)
    """Whether a table or index is the register's, not one of PostGIS."""
    schema = getattr(thing, "schema", None) or getattr(getattr(thing, "table", None), "schema", None)
    return schema in SCHEMAS and alembic_helpers.include_object(thing, name, kind, reflected, compared)


def run_migrations() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise SystemExit("Migrate by `sensor-register migrate`; alembic alone does not know the database.")
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_schemas=True,
        include_object=is_ours,
        render_item=alembic_helpers.render_item,
    )
    with context.begin_transaction():
        # Two servers that start at once migrate one after the other.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        context.run_migrations()


run_migrations()
