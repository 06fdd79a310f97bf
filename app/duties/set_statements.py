"""The duty and the trust of municipalities as SQL, for statements about many sensors at once.

They are the same rules as `Duty.is_late` and `permissions.publishes_at_once`; tests hold them together.
"""

from typing import Final

DUTY_IN_FORCE_SQL: Final = """
duty_in_force AS MATERIALIZED (
    SELECT DISTINCT ON (municipality_code) municipality_code, sensor_types, owner_types, notice_days
    FROM publication.duty_profile
    WHERE superseded_at IS NULL AND valid_from <= CAST(:today AS date)
    ORDER BY municipality_code, valid_from DESC)
"""
"""A common table expression with the rule of each municipality that has one. Parameter: `today`."""


def is_late_sql(  # noqa: PLR0913 - the expressions of one rule
    *, code: str, codes: str, duty: str, sensor_type: str, owner_type: str, days: str
) -> str:
    """Whether a sensor is notified late, as a SQL condition.

    `duty` is a row of `duty_in_force`, outer joined by `code`, the municipality of the location. A mobile sensor has no
    code, and is late where it is late for one of `codes`. `days` are those until it is placed. Parameter:
    `notification_term_days`, the notice where a municipality has no profile.
    """

    def compare(row: str) -> str:
        return (
            f"{days} < coalesce({row}.notice_days, :notification_term_days)"
            f" AND coalesce({row}.sensor_types = '{{}}' OR {sensor_type} = ANY({row}.sensor_types), true)"
            f" AND coalesce({row}.owner_types = '{{}}' OR {owner_type} = ANY({row}.owner_types), true)"
        )

    return f"""CASE WHEN {code} IS NOT NULL THEN {compare(duty)} ELSE EXISTS (
        SELECT FROM unnest(CASE WHEN {codes} <> '{{}}' THEN {codes} ELSE ARRAY[NULL] END) AS touched (code)
        LEFT JOIN duty_in_force AS touched_duty ON touched_duty.municipality_code = touched.code
        WHERE {compare("touched_duty")}) END"""


def trusts_sql(*, code: str, owner: str) -> str:
    """Whether the municipality with this code trusts this owner, as a SQL condition that may be null."""
    return f"""({owner}, {code}) IN (
        SELECT organisation_id, municipality_code FROM register.trusted_organisation WHERE ended_at IS NULL)"""


def trusting_sql(*, owner: str) -> str:
    """The codes of the municipalities that trust this owner, as an array in SQL."""
    return f"""ARRAY(SELECT trusted.municipality_code FROM register.trusted_organisation AS trusted
        WHERE trusted.ended_at IS NULL AND trusted.organisation_id = {owner})"""
