"""All pages, in one router."""

from fastapi import APIRouter

from app.website import language_choice, well_known
from app.website.listing import routes as listing
from app.website.sensor import document_routes
from app.website.sensor import routes as sensor
from app.website.start import routes as start

router = APIRouter(include_in_schema=False)
for part in (well_known, language_choice, start, listing, sensor, document_routes):
    router.include_router(part.router)
