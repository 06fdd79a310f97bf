"""The codes of problems are a closed list; the reports of earlier imports take its names.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# No public question reads imports.
serves_previous_version = True

# The former name of each code that was renamed or merged with another.
RENAMED = """(VALUES
    ('address_form', 'invalid_address'),
    ('area', 'invalid_area'),
    ('bad_code', 'invalid_code'),
    ('boolean', 'invalid_boolean'),
    ('cursor', 'invalid_cursor'),
    ('date', 'invalid_date'),
    ('datetime', 'invalid_date'),
    ('default', 'invalid_default'),
    ('duration', 'invalid_duration'),
    ('email', 'invalid_email'),
    ('filter_date', 'invalid_date'),
    ('filter_form', 'filter_structure'),
    ('filter_number', 'invalid_number'),
    ('filter_text', 'invalid_text'),
    ('filter_timestamp', 'invalid_date'),
    ('filter_uuid', 'invalid_uuid'),
    ('future', 'in_future'),
    ('invalid', 'invalid_value'),
    ('json', 'invalid_json'),
    ('key_variable', 'invalid_key_variable'),
    ('limit', 'out_of_range'),
    ('list_ends', 'list_truncated'),
    ('location', 'invalid_location'),
    ('missing', 'required'),
    ('moment', 'invalid_date'),
    ('near', 'invalid_position'),
    ('no_name', 'missing_name'),
    ('not_a_list', 'wrong_type'),
    ('not_a_number', 'invalid_number'),
    ('not_a_position', 'invalid_position'),
    ('not_finite', 'invalid_number'),
    ('not_text', 'invalid_text'),
    ('number', 'invalid_number'),
    ('one_of', 'exactly_one_of'),
    ('path', 'invalid_path'),
    ('pattern', 'wrong_pattern'),
    ('position', 'invalid_position'),
    ('radius', 'out_of_range'),
    ('reversed', 'end_before_start'),
    ('sort_key', 'invalid_sort_key'),
    ('swapped', 'swapped_axes'),
    ('swapped_corners', 'swapped_axes'),
    ('template', 'invalid_template'),
    ('text', 'invalid_text'),
    ('too_large', 'out_of_range'),
    ('too_small', 'out_of_range'),
    ('type', 'wrong_type'),
    ('unknown', 'unknown_organisation'),
    ('unknown_name', 'unknown_value'),
    ('unknown_sortable', 'unknown_property'),
    ('unknown_term', 'unknown_value'),
    ('unreadable_code', 'invalid_code'),
    ('unreadable_cursor', 'invalid_cursor'),
    ('unreadable_etag', 'invalid_etag'),
    ('unreadable_key', 'invalid_idempotency_key'),
    ('unreadable_text', 'invalid_text'),
    ('url', 'invalid_url'),
    ('uuid', 'invalid_uuid'),
    ('whole_number', 'invalid_number'),
    ('words', 'invalid_text'),
    ('wrong_form', 'wrong_pattern')
) AS renamed (former, code)"""

PROBLEMS = f"""
UPDATE register.sensor_import_problem AS problem SET code = renamed.code FROM {RENAMED}
WHERE problem.code = renamed.former
"""

TOTALS = f"""
UPDATE register.sensor_import SET report = jsonb_set(report, '{{problemTotals}}', (
    SELECT coalesce(jsonb_agg(
        total || jsonb_build_object('code', coalesce(renamed.code, total ->> 'code')) ORDER BY position
    ), '[]')
    FROM jsonb_array_elements(report -> 'problemTotals') WITH ORDINALITY AS each (total, position)
    LEFT JOIN {RENAMED} ON renamed.former = total ->> 'code'
))
WHERE report ? 'problemTotals'
"""


def upgrade() -> None:
    op.execute(PROBLEMS)
    op.execute(TOTALS)


def downgrade() -> None:
    """Merged codes cannot be told apart again: the reports keep the new names, which the version before can read."""
