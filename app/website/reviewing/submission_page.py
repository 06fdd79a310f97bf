"""One submission in words: what it is, who sent it and when, until when it is reviewed, and what may be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.formatting import format_date, format_datetime
from app.core.i18n import LocalizedText
from app.organisations.queries import name_organisation
from app.sensors.presentation import Labels
from app.sensors.receipts.queries import Receipt, find_newest_number, find_receipt_of_version
from app.sensors.receipts.words import describe_duty, describe_lateness
from app.sensors.registration.queries import SENSOR_UNKNOWN, find_sensor
from app.sensors.registration.review_permissions import (
    may_review,
)
from app.sensors.registration.submission import Submission, get_submission
from app.sensors.registration.versions import load_warning
from app.sensors.registration_status import RegistrationStatus
from app.website.registering.thread import word_remarks
from app.website.reviewing.comparison import compare_versions
from app.website.reviewing.place_view import has_same_place, make_place_view
from app.website.reviewing.review_words import RESTORED_TITLE, TITLES, Term, count_days, word_term
from app.website.reviewing.review_workplace import ReviewWorkplace

_LATE: Final = LocalizedText(
    "Te laat gemeld: de sensor staat er vanaf {placed}", "Notified late: the sensor is there from {placed}"
)
_IN_TIME: Final = LocalizedText(
    "Op tijd gemeld: de sensor staat er vanaf {placed}", "Notified in time: the sensor is there from {placed}"
)
_CHANGED: Final = LocalizedText("Wat er verandert", "What changes")
_ALL: Final = LocalizedText("De gegevens", "The details")
_STATUS: Final = LocalizedText("Status", "Status")
_OWNER: Final = LocalizedText("Eigenaar", "Owner")
_CODE: Final = LocalizedText("Registratienummer", "Registration number")
_KIND: Final = LocalizedText("Soort sensor", "Kind of sensor")
_REVIEWER: Final = LocalizedText("Beoordelende gemeente", "Reviewing municipality")
_TOUCHES: Final = LocalizedText("Raakt ook", "Touches")
_SUBMITTED: Final = LocalizedText("Ingediend op", "Submitted on")
_SENT_BACK: Final = LocalizedText("Teruggestuurd op", "Sent back on")
_WAITS: Final = LocalizedText("wacht {days}", "waiting for {days}")


@dataclass(frozen=True, slots=True)
class SubmissionInWords:
    """The head of the page; `facts` are label and words."""

    code: str
    title: str
    kind: str
    facts: list[tuple[str, str]]
    term: Term | None
    due: str | None
    duty: str | None
    is_late: bool
    receipt: str | None
    warnings: list[str]
    has_published: bool
    fields_title: str


def find_submission(workplace: ReviewWorkplace, named: str) -> Submission:
    """The submission of a sensor, by its registration number. Raises: NotFound."""
    sensor_id = find_sensor(workplace.own.session, named)
    if sensor_id is None:
        raise NotFound(SENSOR_UNKNOWN)
    return get_submission(
        workplace.own.session, workplace.action.principal, sensor_id, workplace.action.today
    )


def make_page(workplace: ReviewWorkplace, one: Submission) -> Mapping[str, Any]:
    """The context of the template, without what a form was sent with."""
    labels = workplace.labels
    is_moved = one.published is not None and not has_same_place(one.version, one.published)
    return {
        "one": _describe(workplace, one),
        "comparison": compare_versions(
            one.version, one.published if one.is_under_review else None, labels, workplace.reading
        ),
        "since_request": compare_versions(one.version, one.sent_back, labels, workplace.reading)
        if one.is_under_review and one.sent_back is not None
        else None,
        "place": make_place_view(one.version, labels),
        "former_place": make_place_view(one.published, labels) if is_moved and one.published else None,
        "remarks": word_remarks(one.remarks, labels),
        "earlier_remarks": word_remarks(one.earlier_remarks, labels),
        "version": one.version.number,
        "may_decide": one.may_decide,
        "left_to_others": labels.render(one.left_to_others) if one.left_to_others else None,
        "may_comment": one.may_comment,
        "is_own_review": may_review(workplace.action.principal, one.version),
        "public_path": _find_public_path(one),
    }


def _describe(workplace: ReviewWorkplace, one: Submission) -> SubmissionInWords:
    labels, today, version = workplace.labels, workplace.action.today, one.version
    render, language = labels.render, labels.language
    is_submitted = version.registration_status is RegistrationStatus.SUBMITTED
    facts = [
        (render(_STATUS), labels.name_term("registrationStatus", version.registration_status)),
        (render(_OWNER), name_organisation(workplace.own.session, version.owner_id)),
        (render(_CODE), version.public_code),
        (render(_KIND), labels.name_term("sensorType", version.sensor_type)),
    ]
    if one.municipality_code:
        facts.append((render(_REVIEWER), labels.name_municipality(one.municipality_code)))
    if one.commenting_codes:
        touched = [labels.name_municipality(code) for code in one.commenting_codes]
        facts.append((render(_TOUCHES), ", ".join(touched)))
    if one.is_under_review:
        moment = format_datetime(version.recorded_at, language)
        if age := (today - dutch_date(version.recorded_at)).days:
            moment += f" ({render(_WAITS).format(days=count_days(age, language))})"
        facts.append((render(_SUBMITTED if is_submitted else _SENT_BACK), moment))
    # A municipality that comments has a term of its own.
    term_ends = one.due_on if may_review(workplace.action.principal, version) else one.comment_due_on
    due_on = term_ends if is_submitted else None
    receipt = find_receipt_of_version(workplace.own.session, version.id)
    return SubmissionInWords(
        code=version.public_code,
        title=version.name or version.reference,
        kind=render(RESTORED_TITLE if one.is_restored else TITLES[one.kind])
        if one.is_under_review
        else labels.name_term("registrationStatus", version.registration_status),
        facts=facts,
        term=word_term(due_on, today, language) if due_on else None,
        due=format_date(due_on, language) if due_on else None,
        duty=_describe_duty(one, receipt, labels) if one.is_under_review else None,
        is_late=version.notified_late,
        receipt=receipt.number
        if receipt is not None
        else find_newest_number(workplace.own.session, version.sensor_id),
        warnings=[render(load_warning(warning).detail) for warning in version.warnings],
        has_published=one.is_under_review and one.published is not None,
        fields_title=render(_CHANGED if one.is_under_review and one.published is not None else _ALL),
    )


def _describe_duty(one: Submission, receipt: Receipt | None, labels: Labels) -> str:
    """The duty that held for a submission, and whether it is on time, as its receipt says."""
    duty = describe_duty(receipt) if receipt is not None else None
    # The receipt of what is sent again says nothing of time: the first one did, and the version still does.
    lateness = describe_lateness(receipt, {}) if receipt is not None else None
    is_late_still = one.published is None and one.version.notified_late
    if lateness is None and (duty is None or is_late_still):
        placed = format_date(one.version.placed_from, labels.language)
        late = labels.render(_LATE if one.version.notified_late else _IN_TIME).format(placed=placed)
        return " ".join([labels.render(duty), f"{late}."]) if duty is not None else late
    return " ".join(labels.render(sentence) for sentence in (duty, lateness) if sentence is not None)


def _find_public_path(one: Submission) -> str | None:
    """The Dutch path of the public page; None where there is none."""
    is_published = one.version.registration_status is RegistrationStatus.PUBLISHED
    public = one.version if is_published else one.published
    return f"/s/{public.public_code}" if public is not None and public.visibility != "internal" else None
