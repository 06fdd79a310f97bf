"""Vocabularies and their first terms; the terms themselves are in 0003_terms.csv, for people to read."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

VALID_FROM = date(2026, 1, 1)

TABLES = """
CREATE TABLE publication.vocabulary (
    name text CONSTRAINT pk_vocabulary PRIMARY KEY,
    position integer NOT NULL,
    label_nl text NOT NULL,
    label_en text NOT NULL,
    definition_nl text NOT NULL,
    definition_en text NOT NULL
);

CREATE TABLE publication.term (
    vocabulary text NOT NULL
        CONSTRAINT fk_term_vocabulary REFERENCES publication.vocabulary (name),
    code text NOT NULL CONSTRAINT ck_term_code_plain CHECK (code ~ '^[a-z][a-z0-9_]*$'),
    parent_code text,
    broader text,
    position integer NOT NULL,
    label_nl text NOT NULL,
    label_en text NOT NULL,
    definition_nl text NOT NULL,
    definition_en text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    uri text NOT NULL CONSTRAINT uq_term_uri UNIQUE,
    CONSTRAINT pk_term PRIMARY KEY (vocabulary, code),
    CONSTRAINT ck_term_period_not_empty CHECK (valid_until > valid_from)
);

CREATE TABLE publication.vocabulary_stamp (
    only_row boolean CONSTRAINT pk_vocabulary_stamp PRIMARY KEY DEFAULT true,
    id uuid NOT NULL,
    CONSTRAINT ck_vocabulary_stamp_only_row CHECK (only_row)
);
INSERT INTO publication.vocabulary_stamp (id) VALUES (gen_random_uuid());
"""

# A random stamp, not a counter: a number could be given out again after a rollback, for other terms.
TRIGGERS = """
CREATE FUNCTION register.stamp_vocabularies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE publication.vocabulary_stamp SET id = gen_random_uuid();
    RETURN NULL;
END
$$;
CREATE TRIGGER vocabulary_is_stamped
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON publication.vocabulary
    FOR EACH STATEMENT EXECUTE FUNCTION register.stamp_vocabularies();
CREATE TRIGGER term_is_stamped
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON publication.term
    FOR EACH STATEMENT EXECUTE FUNCTION register.stamp_vocabularies();
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(TRIGGERS)
    op.bulk_insert(_table("vocabulary", "position"), _read("0003_vocabularies.csv"))
    op.bulk_insert(_table("term", "position", "valid_from"), _read_terms())


def downgrade() -> None:
    op.execute("DROP TABLE publication.vocabulary_stamp, publication.term, publication.vocabulary")
    op.execute("DROP FUNCTION register.stamp_vocabularies()")


def _read(name: str) -> list[dict[str, object]]:
    """The rows of a file, numbered in their order within their vocabulary."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    positions: Counter[str] = Counter()
    numbered: list[dict[str, object]] = []
    for row in rows:
        positions[row.get("vocabulary", "")] += 1
        numbered.append({**row, "position": positions[row.get("vocabulary", "")]})
    return numbered


def _read_terms() -> list[dict[str, object]]:
    return [
        {
            **row,
            "parent_code": row["parent_code"] or None,
            "broader": row["broader"] or None,
            "valid_from": VALID_FROM,
            "uri": f"/v1/vocabularies/{row['vocabulary']}/terms/{row['code']}",
        }
        for row in _read("0003_terms.csv")
    ]


def _table(name: str, *not_text: str) -> sa.TableClause:
    texts = {
        "vocabulary": ("name", "label_nl", "label_en", "definition_nl", "definition_en"),
        "term": (
            *("vocabulary", "code", "parent_code", "broader", "uri"),
            *("label_nl", "label_en", "definition_nl", "definition_en"),
        ),
    }[name]
    types = {"position": sa.Integer(), "valid_from": sa.Date()}
    columns = [sa.column(column, types.get(column, sa.Text())) for column in (*texts, *not_text)]
    return sa.table(name, *columns, schema="publication")
