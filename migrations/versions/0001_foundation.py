"""The two schemas, PostGIS, and the functions that number things.

Revision ID: 0001
Revises:
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# RFC 9562: 48 bits of Unix milliseconds, then version 7, then random. gen_random_uuid() gives a
# version 4; two more bits make its version nibble a 7.
UUID7 = """
CREATE FUNCTION register.uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6),
            52, 1), 53, 1),
        'hex')::uuid
$$
"""

# Six figures in base 29 (digits and consonants that cannot be misread) and a check character. The
# multiplication spreads successive numbers, so that neighbours on a label differ in every position.
# The weights 1..7 differ modulo the prime 29: each single error and each swap changes the sum.
PUBLIC_CODE = """
CREATE FUNCTION register.public_code(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_agg(substr('23456789BCDFGHJKLMNPQRSTVWXYZ', figure + 1, 1), '' ORDER BY position)
        || substr('23456789BCDFGHJKLMNPQRSTVWXYZ', (4 * sum(position * figure) % 29)::int + 1, 1)
    FROM (
        SELECT position,
               (number * 387420499 % 594823321 / (29 ^ (6 - position))::bigint % 29)::int AS figure
        FROM generate_series(1, 6) AS position
    ) AS figures
$$
"""

# A place's number along a Hilbert curve: places that are near each other mostly get numbers near each other.
# 18 levels over the square of 524,288 m from RD (-120000, 200000): cells of 2 m, 36 bits; a place outside
# counts as the nearest cell. app/spatial/hilbert.py gives the same numbers; a test holds them together.
# The curve turns in four ways. The table has a byte for each turn (2 bits), three bits of x and three of y:
# the next turn (2 bits) and the six bits that this step adds to the number. It stands in the expression,
# not in a variable, which would be filled on every call: a quarter slower.
HILBERT_NUMBER = """
CREATE FUNCTION register.hilbert_number(x double precision, y double precision) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    i CONSTANT integer := greatest(0, least(262143, floor((x + 120000) / 2)));
    j CONSTANT integer := greatest(0, least(262143, floor((y - 200000) / 2)));
    step integer := 0;
    number bigint := 0;
BEGIN
    FOR shift IN REVERSE 15..0 BY 3 LOOP
        step := get_byte(
            '\\x40018e4f10935415c3028dcc5152d7160487088bdedd58194546494a1f9cdb1a'
            'faf9f6f520a364253bb837b46162e7267c3db273eeed6829ff3eb1f02faceb2a'
            '00834405ba7b3cbf4142c706b9f87d7ececd4809b677f2f10f8ccb0ab5f433b0'
            '50119e5f6021ae6fd3129ddce322adec1497189b24a728ab5556595a6566696a'
            'aa6b2caf7031be7fa9e86d6ef332bdfca667e2e134b738bba5e423a07576797a'
            '9a5b1c9fcac9c6c599d85d5e0b8807849657d2d14c0d824395d41390cf0e81c0'
            'eae9e6e5dad9d6d52ba827a41b9817946c2da2635c1d9253ef2ea1e0df1e91d0'
            '30b374358a4b0c8f7172f73689c84d4efefd78398647c2c13fbcfb3a85c40380',
            (step & 192) | (((i >> shift) & 7) << 3) | ((j >> shift) & 7)
        );
        number := (number << 6) | (step & 63);
    END LOOP;
    RETURN number;
END $$
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA register")
    op.execute("CREATE SCHEMA publication")
    op.execute("REVOKE ALL ON SCHEMA register FROM PUBLIC")
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public")
    op.execute(UUID7)
    op.execute(PUBLIC_CODE)
    op.execute(HILBERT_NUMBER)
    op.execute("CREATE SEQUENCE register.public_code_number AS bigint")


def downgrade() -> None:
    op.execute("DROP SCHEMA publication CASCADE")
    op.execute("DROP SCHEMA register CASCADE")
