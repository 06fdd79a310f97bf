"""The mode of an import that takes the rows without problems is called `valid_rows`; `sound` is a sensor type.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# No public question reads imports.
serves_previous_version = True

RENAME = """
ALTER TABLE register.sensor_import DROP CONSTRAINT ck_sensor_import_mode_known;
UPDATE register.sensor_import SET mode = '{new}' WHERE mode = '{old}';
ALTER TABLE register.sensor_import ADD CONSTRAINT ck_sensor_import_mode_known CHECK (mode IN ('all', '{new}'));
"""


def upgrade() -> None:
    op.execute(RENAME.format(old="sound", new="valid_rows"))


def downgrade() -> None:
    op.execute(RENAME.format(old="valid_rows", new="sound"))
