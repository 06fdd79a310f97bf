"""One notice as a page: its sensors, page by page, and the form by which it is confirmed or objected to."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.core.errors import InvalidRequest
from app.core.templates import render_page
from app.municipalities.queries import load_directory
from app.sensors.presentation import Labels
from app.sensors.registration.behalf_notices import (
    MAX_REASON,
    PAGE_ROWS,
    Answer,
    Notice,
    list_told,
)
from app.vocabularies.queries import load_vocabularies
from app.website.account.forms import parse_page
from app.website.account.visits import Visit


def render_notice(
    visit: Visit,
    session: Session,
    notice: Notice,
    template: str,
    *,
    problem: str | None = None,
    **context: Any,
) -> Response:
    """The page of a notice; `problem` says why the answer was not taken."""
    page = parse_page(visit.request.query_params.get("bladzijde", ""))
    told, total = list_told(session, notice.id, page=page)
    labels = Labels(visit.language, load_vocabularies(session), load_directory(session))
    return render_page(
        visit.request,
        template,
        status=422 if problem else 200,
        notice=notice,
        told=[
            (
                one,
                labels.name_term("sensorType", one.sensor_type),
                labels.name_municipality(one.municipality_code) if one.municipality_code else "",
            )
            for one in told
        ],
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_ROWS)),
        problem=problem,
        reason=visit.form.get("reden", ""),
        max_reason=MAX_REASON,
        **context,
    )


def read_answer(visit: Visit) -> Answer:
    """The button that was pressed. Raises: InvalidRequest for another."""
    answers: dict[str, Answer] = {"klopt": "confirmed", "klopt-niet": "objected"}
    found = answers.get(visit.form.get("antwoord", ""))
    if found is None:
        raise InvalidRequest
    return found
