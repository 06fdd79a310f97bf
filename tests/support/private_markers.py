"""A register in which everything that is private bears a mark, so that a leak of it can be recognised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, grant_role, issue_key
from app.access.context import ActionContext
from app.access.queries import get_principal
from app.audit.actions import record_action
from app.core.clock import dutch_date
from app.core.expected_version import ANY_VERSION
from app.imports.tables import SensorImport, SensorImportPiece, SensorImportProblem, StoredMapping
from app.reports.actions import (
    GivenReport,
    Handling,
    PublicText,
    answer_report,
    file_report,
    note_on_report,
)
from app.reports.address_cipher import AddressCipher
from app.reports.address_cipher import make_key as make_cipher_key
from app.reports.handlers import Handler
from app.reports.report_kinds import ReportKind
from app.reports.report_mail import ReportMailer
from app.reports.report_subject import find_place, find_sensor
from app.sensors.fields import FIELDS, FieldKind
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.review import reject_submission, request_changes
from app.sensors.registration.review_thread import answer_remarks, comment_on_submission
from app.sensors.registration.transfers import offer_transfer, refuse_transfer
from app.spatial.crs import rd_from_lonlat
from tests.support.organisations import (
    authorise,
    make_key,
    make_municipality,
    make_organisation,
    make_principal,
)
from tests.support.sensors import load_cities, make_camera, make_context

_numbers = count(1)
_places = count(1)


@dataclass
class Planted:
    """Marked private values, marked public ones as a proof that marks are found, and where to look."""

    secrets: dict[str, str] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    sensors: dict[str, UUID] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    organisations: list[UUID] = field(default_factory=list)
    imports: list[UUID] = field(default_factory=list)
    mappings: list[UUID] = field(default_factory=list)
    reports: list[UUID] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    spots: list[tuple[float, float]] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)
    keys: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def mark(self, secret_of: str | None) -> str:
        """A text that occurs nowhere else; without the name of a secret it is public."""
        text = f"zq{next(_numbers):03}mark"
        if secret_of is None:
            self.public.add(text)
        else:
            self.secrets[text] = secret_of
        return text

    def note_moment(self) -> None:
        self.moments.append(datetime.now(UTC).isoformat().replace("+00:00", "Z"))


def mark_fields(
    planted: Planted, name: str, *, precise_only: bool = False, secret: bool = True
) -> dict[str, Any]:
    """A mark in every free text of a sensor, and an unmistakable number in every field that tells a place."""
    number = next(_places)
    marked: dict[str, Any] = {}
    for each in FIELDS:
        if (
            each.kind not in (FieldKind.TEXT, FieldKind.URL)
            or each.pattern
            or (precise_only and not each.precise)
        ):
            continue
        text = planted.mark(f"{name}.{each.name}" if secret else None)
        marked[each.name] = f"https://example.org/{text}" if each.kind is FieldKind.URL else text
    lon, lat = 4.85 + number / 200 + 0.0000357, 52.35 + number / 200 + 0.0000641
    x, y = rd_from_lonlat(lon, lat)
    marked |= {
        "bgtId": f"G0363.{number:032x}",
        "postcode": f"{1000 + number} QZ",
        "viewDirectionDeg": 100 + number / 10_000,
        "viewAngleDeg": 60 + number / 10_000,
        "viewRangeM": 77 + number / 10_000,
        "location": {"type": "Point", "coordinates": [lon, lat]},
    }
    if secret:
        telling = (marked["bgtId"], marked["postcode"], f"{lon:.5f}", f"{lat:.5f}", f"{x:.0f}.", f"{y:.0f}.")
        numbers = (marked["viewDirectionDeg"], marked["viewAngleDeg"], marked["viewRangeM"])
        for one in (*telling, *map(str, numbers)):
            planted.secrets[one] = f"{name}.whereabouts"
        planted.spots.append((lon, lat))
    return marked


def plant_marks(session: Session) -> Planted:
    """Fill a register; every action is done by those who may."""
    planted = Planted()
    load_cities(session)
    private = {
        name: planted.mark(f"organisation.{name}") for name in ("contactPerson", "notifier", "address")
    }
    private |= {
        "personalEmail": f"{planted.mark('organisation.personalEmail')}@example.org",
        "phone": "06 9182 7364",
    }
    planted.secrets["06 9182 7364"] = "organisation.phone"
    amsterdam = make_organisation(
        session, name=planted.mark(None), organisationType="municipality", tooiCode="gm0363",
        publicEmail="gemeente@example.org", **private,
    )  # fmt: skip
    nameless = []
    for kind, kvk in (
        ({"organisationType": "private_person"}, "91827364"),
        ({"soleTrader": True}, "82736451"),
    ):
        fields = {one: planted.mark(f"{kind}.{one}") for one in ("name", "address", "contactPerson")}
        planted.secrets[kvk] = f"{kind}.kvkNumber"
        nameless.append(make_organisation(session, kvkNumber=kvk, **fields, **kind))
    company = make_organisation(session, name=planted.mark(None))
    rotterdam = make_municipality(session, "GM0599", "Gemeente Rotterdam")
    planted.organisations = [amsterdam, *nameless, company, rotterdam]

    officer = make_principal(session, amsterdam)
    context, company_ask = (
        make_context(officer, dutch_date()),
        make_context(make_principal(session, company), dutch_date()),
    )

    def register(name: str, by: Any = context, /, **fields: Any) -> UUID:
        dates = {
            "placedFrom": dutch_date() - timedelta(days=20),
            "activeUntil": dutch_date() + timedelta(days=500),
        }
        version = register_sensor(session, by, make_camera(**dates, **fields))
        planted.sensors[name], planted.codes[name] = version.sensor_id, version.public_code
        sensor_id: UUID = version.sensor_id
        return sensor_id

    def amend(sensor_id: UUID, by: Any = context, /, **patch: Any) -> None:
        amend_sensor(session, by, sensor_id, patch, expected=ANY_VERSION)

    hiding = {"visibility": "internal", "visibilityReason": planted.mark("internal.visibilityReason")}
    register("public", **mark_fields(planted, "public", secret=False))
    for number, owner in enumerate(nameless):
        register(f"of a person {number}", owner=str(owner), reference=f"person {number}")
    register("internal", **mark_fields(planted, "internal") | hiding)
    hidden = register("hidden later", **mark_fields(planted, "hidden later"))
    blurred = register("generalised", **mark_fields(planted, "generalised", precise_only=True))
    submitted = mark_fields(planted, "submitted")
    register("submitted", company_ask, **submitted)
    changed = register("changed", owner=str(company), reference="changed")
    planted.note_moment()
    amend(changed, company_ask, **mark_fields(planted, "change"))
    amend(hidden, visibility="internal", visibilityReason="Opsporing")
    amend(blurred, visibility="generalised", visibilityReason="Beveiliging")
    amend(blurred, **mark_fields(planted, "generalised again", precise_only=True))
    planted.note_moment()
    plant_review(session, planted, amsterdam, company_ask)
    plant_transfer(session, planted, context, company_ask)
    for name in ("internal", "hidden later", "submitted", "rejected"):
        planted.secrets[str(planted.sensors[name])] = f"{name}.id"
        planted.secrets[planted.codes[name].lower()] = f"{name}.publicCode"

    planted.receipts = list(session.scalars(text("SELECT number FROM register.receipt ORDER BY number")))
    plant_people(session, planted, amsterdam)
    planted.keys = {
        "anonymous": {},
        "another municipality": authorise(make_key(session, rotterdam)),
        "another company": authorise(make_key(session, make_organisation(session, name="Ander Bedrijf BV"))),
    }
    return planted


def plant_review(session: Session, planted: Planted, amsterdam: UUID, owner: ActionContext) -> None:
    """Remarks in the review of a submission, of a change of what is public, and of one that was rejected."""
    reviewer = admit_principal(session, admitted_by=None, name=planted.mark("reviewer.name"))
    grant_role(session, granted_by=None, principal_id=reviewer, role="reviewer", organisation_id=amsterdam)
    context = make_context(get_principal(session, reviewer), dutch_date())

    def remark(kind: str) -> list[FieldRemark]:
        return [FieldRemark(planted.mark(f"remark.{kind}"), "name")]

    submitted, changed = planted.sensors["submitted"], planted.sensors["changed"]
    comment_on_submission(session, context, submitted, remark("comment"), mail=None)
    answer_remarks(session, owner, submitted, remark("answer"))
    reason = planted.mark("remark.reason")
    request_changes(
        session,
        context,
        changed,
        reason=reason,
        remarks=remark("change_request"),
        expected=ANY_VERSION,
        mail=None,
    )
    rejected = mark_fields(planted, "rejected")
    dates = {"placedFrom": dutch_date().isoformat()}
    version = register_sensor(session, owner, make_camera(**rejected | dates))
    planted.sensors["rejected"], planted.codes["rejected"] = version.sensor_id, version.public_code
    reason = planted.mark("remark.rejection")
    reject_submission(session, context, version.sensor_id, reason=reason, expected=ANY_VERSION, mail=None)


def plant_transfer(session: Session, planted: Planted, owner: ActionContext, receiver: ActionContext) -> None:
    """A public sensor that was offered to a company, which refused it for a marked reason."""
    (grant,) = receiver.principal.grants
    assert grant.organisation_id is not None
    sensor_id = planted.sensors["public"]
    offer_transfer(session, owner, sensor_id, grant.organisation_id, mail=None)
    reason = planted.mark("transfer.reason")
    refuse_transfer(session, receiver, sensor_id, reason=reason, mail=None)


def plant_people(session: Session, planted: Planted, organisation_id: UUID) -> None:
    """A user with a marked name and key, who took an action for a marked reason."""
    principal = admit_principal(session, admitted_by=None, name=planted.mark("principal.name"))
    grant_role(
        session, granted_by=None, principal_id=principal, role="editor", organisation_id=organisation_id
    )
    key = issue_key(session, issued_by=None, principal_id=principal, now=datetime.now(UTC))
    planted.secrets |= {key.prefix: "key.prefix", str(principal): "principal.id", key.token.lower(): "key"}
    record_action(
        session, principal_id=principal, action="register_sensor", subject_kind="sensor",
        subject_ids=[planted.sensors["public"]], reason=planted.mark("audit.reason"),
        details={"note": planted.mark("audit.details")}, request_id=planted.mark("audit.requestId"),
    )  # fmt: skip
    assert get_principal(session, principal).grants
    plant_import(session, planted, principal)
    plant_mapping(session, planted)
    plant_reports(session, planted, principal)


def plant_import(session: Session, planted: Planted, principal_id: UUID) -> None:
    """A file with marks in its name, its content and what was found in it."""
    kept = SensorImport(
        principal_id=principal_id,
        file_name=planted.mark("import.fileName"),
        size_bytes=12,
        sha256=planted.mark("import.sha256"),
        status="checked",
        format="csv",
        report={"counts": {"refused": 1}, "unusedHeadings": [planted.mark("import.unusedHeadings")]},
    )
    session.add(kept)
    session.flush()
    detail = planted.mark("import.problem.detail")
    problem = SensorImportProblem(
        import_id=kept.id, position=1, row_number=2, code="x", detail_nl=detail, detail_en=detail,
        heading=planted.mark("import.problem.heading"), value=planted.mark("import.problem.value"), is_warning=False,
    )  # fmt: skip
    content = planted.mark("import.content").encode()
    session.add_all([problem, SensorImportPiece(import_id=kept.id, number=0, content=content)])
    planted.imports.append(kept.id)
    planted.secrets[str(kept.id)] = "import.id"


def plant_mapping(session: Session, planted: Planted) -> None:
    """A mapping of own headings with marks in its name and its words."""
    stored = StoredMapping(
        owner_id=planted.organisations[0],
        name=planted.mark("mapping.name"),
        document={"columns": {planted.mark("mapping.heading"): "reference"}},
    )
    session.add(stored)
    session.flush()
    planted.mappings.append(stored.id)
    planted.secrets[str(stored.id)] = "mapping.id"


def plant_reports(session: Session, planted: Planted, principal_id: UUID) -> None:
    """Reports with marks in text, address, answer and note: an open one of a place, and an answered one of a sensor."""
    desk, now = (
        ReportMailer("https://register.example", AddressCipher(make_cipher_key()), sends_mail=True),
        datetime.now(UTC),
    )
    handler = Handler(principal_id, frozenset(planted.organisations[:1]), frozenset({"GM0363"}), False)
    sensor, place = find_sensor(session, planted.codes["public"]), find_place(session, 4.8931, 52.3731)
    assert sensor is not None
    assert place is not None
    for kind, about in ((ReportKind.QUESTION, sensor), (ReportKind.MISSING, place)):
        email = f"{planted.mark('report.email')}@example.org"
        given = GivenReport(kind, about, planted.mark("report.text"), email, True, "nl")
        report, secret = file_report(session, desk, given, now)
        planted.secrets |= {secret.lower(): "report.secret", str(report.id): "report.id"}
        planted.reports.append(report.id)
        note_on_report(session, handler, report.id, planted.mark("report.note"), now)
        if kind is ReportKind.QUESTION:
            public = PublicText(planted.mark(None), planted.mark(None), None)
            handling = Handling(handler, desk, report.id, report.revision, now)
            answer_report(session, handling, planted.mark("report.answer"), public)
