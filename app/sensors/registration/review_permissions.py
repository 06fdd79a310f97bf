"""Permissions of a review: who decides, who comments and who answers, and the municipality that reviews.

`permissions` has who registers and changes.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, func

from app.access.permissions import may_edit, reviewed_municipalities
from app.access.principal import Principal
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText
from app.sensors.registration.permissions import require_visible
from app.sensors.registration.version_record import SensorVersion

NO_REVIEWER = LocalizedText(
    "Dit mag alleen een beoordelaar van de gemeente waar de sensor ligt.",
    "Only a reviewer of the municipality in which the sensor lies may do this.",
)


def find_review_place(version: SensorVersion) -> str | None:
    """The code of the municipality that reviews a version: that of its location, else the first that it touches.

    None where it touches none, such as far at sea. `review_place` is the same in SQL.
    """
    return version.municipality_code or next(iter(version.municipality_codes), None)


def review_place(place: FromClause) -> ColumnElement[str]:
    """The code of the municipality that reviews, by a row of `sensor_place`, whose codes are in order."""
    found: ColumnElement[str] = func.coalesce(place.c.municipality_code, place.c.municipality_codes[1])
    return found


def review_place_sql(place: str) -> str:
    """`review_place` as SQL text; `place` is the alias of `sensor_place`."""
    return f"coalesce({place}.municipality_code, {place}.municipality_codes[1])"


def may_review(principal: Principal, version: SensorVersion) -> bool:
    """Whether the principal decides about a submission: a reviewer of the municipality of the place."""
    return find_review_place(version) in reviewed_municipalities(principal)


def require_reviewer(principal: Principal, version: SensorVersion) -> None:
    """Raises: NotFound for a version that is not visible to the principal; NotPermitted unless it reviews this one."""
    require_visible(principal, version)
    if not may_review(principal, version):
        raise NotPermitted(NO_REVIEWER)


def may_comment(principal: Principal, version: SensorVersion) -> bool:
    """Whether the principal comments: a reviewer of any municipality that the sensor touches."""
    return not reviewed_municipalities(principal).isdisjoint(version.municipality_codes)


def require_commenter(principal: Principal, version: SensorVersion) -> None:
    """Raises: NotFound for a version that is not visible to the principal; NotPermitted unless it may comment."""
    require_visible(principal, version)
    if not may_comment(principal, version):
        raise NotPermitted(
            LocalizedText(
                "Dit mag alleen een beoordelaar van een gemeente die de sensor raakt.",
                "Only a reviewer of a municipality that the sensor touches may do this.",
            )
        )


def find_reviewing_organisation(principal: Principal, version: SensorVersion) -> UUID | None:
    """The municipality for which the principal reviews or comments; that of the place goes first."""
    place = find_review_place(version)
    granted = sorted(
        (grant.municipality_code != place, grant.municipality_code, grant.organisation_id)
        for grant in principal.grants
        if grant.role == "reviewer"
        and grant.organisation_id
        and grant.municipality_code in version.municipality_codes
    )
    return granted[0][-1] if granted else None


def may_answer(principal: Principal, version: SensorVersion) -> bool:
    """Whether the principal answers remarks: an editor of the owner."""
    return may_edit(principal, version.owner_id)


def require_answerer(principal: Principal, version: SensorVersion) -> None:
    """Raises: NotFound for a version that is not visible to the principal; NotPermitted unless it may answer."""
    require_visible(principal, version)
    if not may_answer(principal, version):
        raise NotPermitted(
            LocalizedText(
                "Dit mag alleen een redacteur van de eigenaar.", "Only an editor of the owner may do this."
            )
        )
