"""The decision behind a sensor, its use of AI, and the end of its security updates.

Published texts have every property: the new ones are written into them as empty. No version and no change number is
written.

Revision ID: 0036
Revises: 0035
"""

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

COLUMNS = (
    ("authorisation_decided_by", sa.Text()),
    ("authorisation_decided_on", sa.Date()),
    ("authorisation_valid_until", sa.Date()),
    ("authorisation_reference", sa.Text()),
    ("authorisation_url", sa.Text()),
    ("ai_use", sa.Text()),
    ("ai_notice", sa.Boolean()),
    ("ai_registry_url", sa.Text()),
    ("security_support_until", sa.Date()),
)

VOCABULARY = """
INSERT INTO publication.vocabulary (name, position, label_nl, label_en, definition_nl, definition_en)
SELECT 'aiUse', max(position) + 1, 'Gebruik van AI', 'Use of AI',
    'Wat kunstmatige intelligentie (AI) met de gegevens van de sensor doet.',
    'What artificial intelligence (AI) does with the data of the sensor.'
FROM publication.vocabulary
"""

AUTHORISATION = "".join(
    f',"{name}":null'
    for name in (
        *("authorisationDecidedBy", "authorisationDecidedOn", "authorisationValidUntil"),
        *("authorisationReference", "authorisationUrl", "aiUse", "aiNotice", "aiRegistryUrl"),
    )
)
SECURITY = ',"securitySupportUntil":null'

# A quotation mark within a text has a backslash before it: a comma and a name in quotation marks is a property.
ADD_PROPERTIES = """
UPDATE publication.{table} SET feature_properties = replace(
    replace(feature_properties, :first, :authorisation || :first), :second, :security || :second
)
WHERE strpos(feature_properties, :authorisation) = 0
"""
REMOVE_PROPERTIES = """
UPDATE publication.{table} SET feature_properties = regexp_replace(
    feature_properties,
    ',"(authorisation[A-Za-z]+|ai(Use|Notice|RegistryUrl)|securitySupportUntil)":(null|true|false|"(\\\\.|[^"\\\\])*")',
    '', 'g'
)
"""
VALID_FROM = date(2026, 1, 1)

TABLES = ("published_sensor", "past_version")

COLUMNS_OF_VIEW = """
SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = CAST('publication.published_sensor' AS regclass) AND attnum > 0 AND NOT attisdropped
"""

VIEW = """
CREATE VIEW publication.published_version AS
SELECT {columns}, CAST(NULL AS timestamptz) AS valid_until FROM publication.published_sensor
UNION ALL
SELECT {columns}, valid_until FROM publication.past_version
"""


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("sensor_version", sa.Column(name, kind), schema="register")
    op.execute(VOCABULARY)
    texts = ("vocabulary", "code", "label_nl", "label_en", "definition_nl", "definition_en", "uri")
    term = sa.table(
        "term",
        *(sa.column(name, sa.Text()) for name in texts),
        sa.column("position", sa.Integer()),
        sa.column("valid_from", sa.Date()),
        schema="publication",
    )
    op.bulk_insert(term, _read_terms())
    inserted = {"authorisation": AUTHORISATION, "security": SECURITY}
    inserted |= {"first": ',"placedFrom":', "second": ',"visibility":'}
    op.execute("DROP VIEW publication.published_version")
    for table in TABLES:
        op.add_column(table, sa.Column("ai_use", sa.Text()), schema="publication")
        op.get_bind().execute(sa.text(ADD_PROPERTIES.format(table=table)), inserted)
    _make_view()


def downgrade() -> None:
    op.execute("DROP VIEW publication.published_version")
    for table in TABLES:
        op.execute(REMOVE_PROPERTIES.format(table=table))
        op.drop_column(table, "ai_use", schema="publication")
    _make_view()
    op.execute("DELETE FROM publication.term WHERE vocabulary = 'aiUse'")
    op.execute("DELETE FROM publication.vocabulary WHERE name = 'aiUse'")
    for name, _ in reversed(COLUMNS):
        op.drop_column("sensor_version", name, schema="register")


def _read_terms() -> list[dict[str, object]]:
    """The terms of the new list; they are in 0036_terms.csv, for people to read."""
    with (Path(__file__).parent / "0036_terms.csv").open(encoding="utf-8", newline="") as file:
        return [
            {name: row[name] for name in row if row[name]}
            | {"position": position, "valid_from": VALID_FROM}
            | {"uri": f"/v1/vocabularies/{row['vocabulary']}/terms/{row['code']}"}
            for position, row in enumerate(csv.DictReader(file), start=1)
        ]


def _make_view() -> None:
    op.execute(sa.text(VIEW.format(columns=op.get_bind().scalar(sa.text(COLUMNS_OF_VIEW)))))
