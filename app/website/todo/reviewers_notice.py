"""Reviewers of a municipality, named at the tasks of its people who do not review."""

from collections.abc import Sequence

from app.access.permissions import reviewed_municipalities
from app.access.team import list_team
from app.website.account.visits import OwnVisit


def find_reviewers(own: OwnVisit) -> Sequence[str] | None:
    """The names of colleagues who review; None where the person reviews too, or works for no municipality."""
    principal, organisation_id = own.signed_in.principal, own.signed_in.organisation_id
    codes = {
        grant.municipality_code for grant in principal.grants if grant.organisation_id == organisation_id
    } - {None}
    if organisation_id is None or not codes or reviewed_municipalities(principal) & codes:
        return None
    return [member.name for member in list_team(own.session, organisation_id) if "reviewer" in member.roles]
