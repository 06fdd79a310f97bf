"""Municipalities: editions, boundaries in both systems, their parts, and succession.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE publication.municipality_edition (
            edition integer NOT NULL,
            approximate boolean NOT NULL,
            source text NOT NULL,
            attribution text NOT NULL,
            loaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            in_force boolean NOT NULL,
            CONSTRAINT pk_municipality_edition PRIMARY KEY (edition),
            CONSTRAINT ck_municipality_edition_year CHECK (edition BETWEEN 1900 AND 2100)
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX uq_municipality_edition_in_force
            ON publication.municipality_edition (in_force) WHERE in_force
    """)
    op.execute("""
        CREATE TABLE publication.municipality (
            edition integer NOT NULL,
            code text NOT NULL,
            name text NOT NULL,
            province text,
            boundary public.geometry(MultiPolygon, 4258) NOT NULL,
            boundary_rd public.geometry(MultiPolygon, 28992) NOT NULL,
            label_point public.geometry(Point, 4258) NOT NULL,
            label_point_rd public.geometry(Point, 28992) NOT NULL,
            extent double precision[] NOT NULL,
            extent_rd double precision[] NOT NULL,
            CONSTRAINT pk_municipality PRIMARY KEY (edition, code),
            CONSTRAINT ck_municipality_code CHECK (code ~ '^GM[0-9]{4}$'),
            CONSTRAINT fk_municipality_edition FOREIGN KEY (edition)
                REFERENCES publication.municipality_edition (edition) ON DELETE CASCADE
        )
    """)
    op.execute("""
        CREATE INDEX ix_municipality_boundary
            ON publication.municipality USING gist (boundary)
    """)
    op.execute(
        "CREATE INDEX ix_municipality_boundary_rd ON publication.municipality USING gist (boundary_rd)"
    )
    op.execute("""
        CREATE TABLE publication.municipality_part (
            edition integer NOT NULL,
            code text NOT NULL,
            part integer NOT NULL,
            part_rd public.geometry(Polygon, 28992) NOT NULL,
            CONSTRAINT pk_municipality_part PRIMARY KEY (edition, code, part),
            CONSTRAINT fk_municipality_part_edition_code FOREIGN KEY (edition, code)
                REFERENCES publication.municipality (edition, code) ON DELETE CASCADE
        )
    """)
    op.execute(
        "CREATE INDEX ix_municipality_part_part_rd ON publication.municipality_part USING gist (part_rd)"
    )
    op.execute("""
        CREATE TABLE publication.municipality_succession (
            code text NOT NULL,
            since_edition integer NOT NULL,
            successor_code text NOT NULL,
            share double precision NOT NULL,
            CONSTRAINT pk_municipality_succession PRIMARY KEY (code, since_edition),
            CONSTRAINT ck_municipality_succession_share CHECK (share > 0 AND share <= 1),
            CONSTRAINT fk_municipality_succession_since_edition FOREIGN KEY (since_edition)
                REFERENCES publication.municipality_edition (edition) ON DELETE CASCADE
        )
    """)


def downgrade() -> None:
    for table in (
        "municipality_succession",
        "municipality_part",
        "municipality",
        "municipality_edition",
    ):
        op.execute(f"DROP TABLE publication.{table}")
