"""All pages, in one router."""

from fastapi import APIRouter

from app.website import language_choice, well_known
from app.website.account import link_routes, own_data_routes, session_routes, sign_in_routes
from app.website.administration import (
    duty_list_routes,
    failure_routes,
    home_routes,
    organisation_routes,
    people_routes,
    setting_routes,
    vocabulary_routes,
)
from app.website.behalf import notice_link_routes, notice_list_routes
from app.website.duties import duty_routes, trust_routes
from app.website.figures import comparison_routes, handled_routes
from app.website.figures import routes as figures
from app.website.here import routes as here
from app.website.importing import (
    import_routes,
    mapping_routes,
    planned_pages,
    stored_mapping_pages,
    upload_routes,
)
from app.website.joining import join_routes, request_routes
from app.website.listing import routes as listing
from app.website.log import history_routes, log_routes
from app.website.own_sensors import list_routes, many_routes, review_routes, transfer_routes
from app.website.picture import routes as picture
from app.website.registering import (
    check_routes,
    draft_routes,
    receipt_routes,
    step_routes,
    verification_routes,
)
from app.website.reporting import (
    handling_routes,
    inbox_routes,
    report_place_routes,
    report_routes,
    status_routes,
)
from app.website.reviewing import many_routes as many_reviews
from app.website.reviewing import queue_routes, submission_routes
from app.website.search import routes as search
from app.website.sensor import document_routes
from app.website.sensor import routes as sensor
from app.website.start import routes as start
from app.website.team import key_routes, member_routes, team_routes
from app.website.texts import routes as texts
from app.website.texts import site_map
from app.website.todo import quality_routes, reminder_routes, todo_routes

router = APIRouter(include_in_schema=False)
for part in (
    well_known,
    language_choice,
    start,
    search,
    here,
    listing,
    picture,
    sensor,
    document_routes,
    figures,
    comparison_routes,
    handled_routes,
    texts,
    site_map,
    sign_in_routes,
    link_routes,
    session_routes,
    own_data_routes,
    draft_routes,
    check_routes,
    receipt_routes,
    verification_routes,
    step_routes,
    history_routes,
    log_routes,
    list_routes,
    many_routes,
    transfer_routes,
    review_routes,
    queue_routes,
    # Before the page of a submission, whose address has its number there.
    many_reviews,
    submission_routes,
    team_routes,
    member_routes,
    key_routes,
    duty_routes,
    trust_routes,
    join_routes,
    request_routes,
    report_place_routes,
    report_routes,
    status_routes,
    inbox_routes,
    handling_routes,
    notice_link_routes,
    notice_list_routes,
    upload_routes,
    # Before the page of an import, whose address has its id there.
    stored_mapping_pages,
    import_routes,
    mapping_routes,
    reminder_routes,
    todo_routes,
    quality_routes,
    planned_pages,
    home_routes,
    vocabulary_routes,
    duty_list_routes,
    organisation_routes,
    people_routes,
    failure_routes,
    setting_routes,
):
    router.include_router(part.router)
