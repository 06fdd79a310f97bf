"""Every rule of a registration, one at a time: what is refused with which problem, and what is warned about."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.sensors.fields import FIELDS, PERSONAL_DATA, FieldKind, Needed
from app.sensors.registration.claims import REGULATED_AI
from app.sensors.registration.rules import SENTINEL_YEARS, years_later
from app.sensors.registration.validation import READ_ONLY
from app.vocabularies.queries import load_vocabularies
from tests.support.rule_check import Desk, open_desk
from tests.support.sensors import TODAY, make_camera, make_record

SQUARE = [[[4.89, 52.37], [4.90, 52.37], [4.90, 52.38], [4.89, 52.38], [4.89, 52.37]]]
AREA = {"type": "Polygon", "coordinates": SQUARE}
BGT_HEX = "0123456789abcdef0123456789ABCDEF"


@pytest.fixture(scope="module")
def desk(module_database: str) -> Iterator[Desk]:
    with open_desk(module_database) as desk:
        yield desk


def test_example_records_have_no_problems_or_warnings(desk: Desk) -> None:
    assert desk.check(make_record()).warnings == ()
    assert desk.check(make_camera()).warnings == ()


ALWAYS = [field for field in FIELDS if field.needed is Needed.ALWAYS]
PERSONAL = [field for field in FIELDS if field.needed is Needed.PERSONAL]


@pytest.mark.parametrize("empty", [None, "", "  ", []], ids=repr)
@pytest.mark.parametrize("field", ALWAYS, ids=lambda field: field.name)
def test_empty_mandatory_field_is_a_problem(desk: Desk, field: Any, empty: Any) -> None:
    assert desk.name({**make_record(), field.name: empty}) == {(f"/{field.name}", "required")}


@pytest.mark.parametrize("answer", sorted(PERSONAL_DATA))
@pytest.mark.parametrize("field", PERSONAL, ids=lambda field: field.name)
def test_personal_data_require_more_fields(desk: Desk, field: Any, answer: str) -> None:
    camera = make_camera(personalData=answer)
    assert desk.name({**camera, field.name: " "}) == {(f"/{field.name}", "required")}
    desk.check({**make_record(), field.name: None})


@pytest.mark.parametrize("empty", [None, "", " \t "], ids=repr)
@pytest.mark.parametrize(
    ("because", "needed"),
    [
        ({"gdprBases": ["legal_obligation"]}, "legalBasisText"),
        ({"gdprBases": ["legal_obligation"]}, "legalBasisUrl"),
        ({"gdprBases": ["consent", "public_task"]}, "legalBasisText"),
        ({"gdprBases": ["consent", "public_task"]}, "legalBasisUrl"),
        ({"gdprBases": ["legitimate_interests"]}, "legitimateInterest"),
        ({"retentionKind": "fixed"}, "retentionPeriod"),
        ({"visibility": "generalised"}, "visibilityReason"),
        ({"visibility": "internal"}, "visibilityReason"),
        ({"sensorType": "other"}, "sensorTypeOther"),
        ({"mobility": "fixed"}, "location"),
        ({"mobility": "relocatable"}, "location"),
        ({"mobility": "mobile", "location": None}, "operatingArea"),
        ({"locationAccuracy": "approximate"}, "locationAccuracyM"),
        ({"heightM": 4}, "heightReference"),
    ],
    ids=str,
)
def test_value_requires_another_field(
    desk: Desk, because: dict[str, Any], needed: str, empty: str | None
) -> None:
    assert desk.name({**make_camera(), **because, needed: empty}) == {(f"/{needed}", "required")}


@pytest.mark.parametrize(
    "enough",
    [
        {"gdprBases": ["consent"], "legalBasisText": None, "legalBasisUrl": None},
        {"gdprBases": ["vital_interests", "contract"], "legalBasisText": None, "legalBasisUrl": None},
        {"retentionKind": "not_retained", "retentionPeriod": None},
        {"retentionKind": "until_purpose_met", "retentionPeriod": None},
        {"retentionKind": "unknown", "retentionPeriod": None},
        {"dpiaStatus": "not_done", "dpiaDate": None},
        {"dpiaStatus": "done", "dpiaDate": None, "dpiaReference": "DPIA-7"},
        {"dpiaStatus": "done", "dpiaDate": None, "dpiaUrl": "https://example.org/dpia"},
        {"visibility": None},
        {"visibility": "internal", "visibilityReason": "Beveiliging"},
        {"sensorType": "other", "sensorTypeOther": "Trillingen"},
        {"locationAccuracy": "approximate", "locationAccuracyM": 0},
        {"heightM": 0, "heightReference": "nap"},
    ],
    ids=str,
)
def test_sufficient_fields_have_no_problem(desk: Desk, enough: dict[str, Any]) -> None:
    desk.check({**make_camera(), **enough})


def test_dpia_done_requires_date_or_reference(desk: Desk) -> None:
    assert desk.name(make_camera(dpiaDate=None)) == {("/dpiaReference", "required")}
    assert desk.name({**make_camera(dpiaDate=None), "dpiaReference": " "}) == {("/dpiaReference", "required")}


def test_subtype_of_other_type_is_refused(desk: Desk) -> None:
    assert desk.name(make_record(sensorSubtype="anpr")) == {("/sensorSubtype", "subtype_of_other_type")}
    desk.check(make_camera(sensorSubtype="anpr"))


def test_subtype_of_other_type_is_explained_with_labels_and_codes(desk: Desk) -> None:
    [problem] = desk.refuse(make_record(sensorSubtype="anpr"))
    types = load_vocabularies(desk.session).labels("sensorType")
    camera, sound = types["optical_camera"], types["sound"]
    assert problem.detail.nl == (
        f"Kentekencamera (ANPR) (anpr) hoort bij {camera.nl} (optical_camera), niet bij {sound.nl} (sound)."
    )
    assert problem.detail.en == (
        f"Number plate camera (ANPR) (anpr) belongs to {camera.en} (optical_camera), not to {sound.en} (sound)."
    )


def test_invalid_value_is_not_reported_as_missing(desk: Desk) -> None:
    record = make_camera(
        sensorType="other", sensorTypeOther="a\x07", legalBasisText="a\x07", legalBasisUrl="ftp://example.org",
        retentionPeriod="28 days", visibility="internal", visibilityReason=7, dpiaDate="gisteren",
    )  # fmt: skip
    assert desk.name(record) == {
        ("/sensorTypeOther", "control_characters"),
        ("/legalBasisText", "control_characters"),
        ("/legalBasisUrl", "invalid_url"),
        ("/retentionPeriod", "invalid_duration"),
        ("/visibilityReason", "wrong_type"),
        ("/dpiaDate", "invalid_date"),
    }


# Texts

TEXTS = [field for field in FIELDS if field.kind is FieldKind.TEXT and field.pattern is None]


@pytest.mark.parametrize("field", TEXTS, ids=lambda field: field.name)
def test_texts_have_a_limit_and_no_control_characters(desk: Desk, field: Any) -> None:
    name, full = field.name, "é" * field.most
    assert desk.check({**make_record(), name: f" {full}\n"}).values[name] == full
    assert desk.name({**make_record(), name: full + "x"}) == {(f"/{name}", "too_long")}
    assert desk.name({**make_record(), name: 3}) == {(f"/{name}", "wrong_type")}
    for character in "\x00\x1b\x7f\x85\u2028\u202e\u2066\ud800":
        assert desk.name({**make_record(), name: f"a{character}b"}) == {(f"/{name}", "control_characters")}


URLS = [field.name for field in FIELDS if field.kind is FieldKind.URL]


@pytest.mark.parametrize("name", URLS)
def test_addresses_of_other_schemes_are_refused(desk: Desk, name: str) -> None:
    for address in ("ftp://example.org", "javascript:alert(1)", "example.org"):
        assert desk.name({**make_record(), name: address}) == {(f"/{name}", "invalid_url")}, address


@pytest.mark.parametrize(
    "address",
    [
        "https://",
        "https:///path",
        "https://user:secret@example.org",
        "https://user@example.org",
        "https://:secret@example.org",
        "https://[::1",
        "https://exa mple.org",
        "https://example.org/<script>",
        'https://example.org/"',
        "https://example.org\\@evil.example",
        "data:text/html,x",
        "//example.org",
    ],
)
def test_invalid_web_addresses_are_refused(desk: Desk, address: str) -> None:
    assert desk.name(make_record(dataUrl=address)) == {("/dataUrl", "invalid_url")}


@pytest.mark.parametrize(
    "address", ["http://example.org", "HTTPS://Example.org:8443/a?b=c#d", "https://é.nl/ü"]
)
def test_valid_web_addresses_are_accepted(desk: Desk, address: str) -> None:
    assert desk.check(make_record(dataUrl=address)).values["dataUrl"] == address


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("postcode", "1012 JS", True),
        ("postcode", "1012js", True),
        ("postcode", "0012 JS", False),
        ("postcode", "1012-JS", False),
        ("postcode", "1012 J", False),
        ("postcode", "1012 J5", False),
        ("bgtId", f"G0363.{BGT_HEX}", True),
        ("bgtId", "W0643.01234567-89ab-cdef-0123-456789abcdef", True),
        ("bgtId", BGT_HEX, False),
        ("bgtId", f"G363.{BGT_HEX}", False),
        ("bgtId", f"G0363.{BGT_HEX[:-1]}", False),
        ("bgtId", f"G0363.{BGT_HEX[:-1]}g", False),
    ],
)
def test_text_not_matching_its_pattern_is_refused(desk: Desk, name: str, value: str, *, kept: bool) -> None:
    record = make_record(**{name: value})
    if kept:
        assert desk.check(record).values[name] == value
    else:
        assert desk.name(record) == {(f"/{name}", "wrong_pattern")}


@pytest.mark.parametrize("value", ["P28D", "P6M", "P1Y6M", "P2W", "PT72H", "P1DT12H"])
def test_valid_retention_periods_are_accepted(desk: Desk, value: str) -> None:
    assert desk.check(make_camera(retentionPeriod=value)).values["retentionPeriod"] == value


@pytest.mark.parametrize("value", ["28 dagen", "P", "PT", "P1H", "P28", "P1D6M", "p28d", "P1.5D", 28])
def test_invalid_retention_periods_are_refused(desk: Desk, value: object) -> None:
    assert desk.name(make_camera(retentionPeriod=value)) == {("/retentionPeriod", "invalid_duration")}


# Codes of lists

TERMS = [field for field in FIELDS if field.kind in (FieldKind.TERM, FieldKind.TERMS)]


@pytest.mark.parametrize("field", TERMS, ids=lambda field: field.name)
def test_code_unknown_or_of_wrong_type_is_refused(desk: Desk, field: Any) -> None:
    several = field.kind is FieldKind.TERMS
    pointer = f"/{field.name}/0" if several else f"/{field.name}"
    record = {**make_camera(), field.name: ["no such code"] if several else "no such code"}
    assert (pointer, "unknown_value") in desk.name(record)
    assert (pointer, "wrong_type") in desk.name({**record, field.name: [7] if several else 7})


def test_nearest_code_is_suggested(desk: Desk) -> None:
    first, second = desk.refuse(
        make_record(sensorType="Geluidsensr", themes=["environment_noise", "mobility-car"])
    )
    assert (first.location, first.suggestion) == ("/sensorType", "sound")
    assert (second.location, second.value, second.suggestion) == ("/themes/1", "mobility-car", "mobility_car")
    assert "mobility_car" in second.detail.nl


@pytest.mark.parametrize(
    "field", [field for field in TERMS if field.kind is FieldKind.TERMS], ids=lambda field: field.name
)
def test_list_above_maximum_is_refused(desk: Desk, field: Any) -> None:
    codes = text("SELECT code FROM publication.term WHERE vocabulary = :name ORDER BY position LIMIT 1")
    code = desk.session.scalar(codes, {"name": field.vocabulary})
    record = {**make_camera(), field.name: [code] * (field.most + 1)}
    assert desk.name(record) == {(f"/{field.name}", "too_many")}
    assert desk.name({**record, field.name: code}) == {(f"/{field.name}", "wrong_type")}


def test_repeated_code_is_stored_once(desk: Desk) -> None:
    twice = ["environment_noise", "safety_health", "environment_noise"]
    assert desk.check(make_record(themes=twice)).values["themes"] == ["environment_noise", "safety_health"]


# Numbers


@pytest.mark.parametrize(
    ("name", "fits", "fits_not"),
    [
        ("viewDirectionDeg", (0, 359.9), (-0.1, 360)),
        ("viewAngleDeg", (0.1, 360), (0, 360.1)),
        ("viewRangeM", (0.1, 50_000), (0, -3, 50_001)),
        ("heightM", (-500, 999), (-501, 1000)),
        ("locationAccuracyM", (0, 99_999), (-1, 100_000)),
    ],
)
def test_numbers_have_bounds(desk: Desk, name: str, fits: Any, fits_not: Any) -> None:
    camera = make_camera(heightReference="ground")
    for number in fits:
        assert desk.check({**camera, name: number}).values[name] == number
    for number in fits_not:
        assert desk.name({**camera, name: number}) == {(f"/{name}", "out_of_range")}


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), float("-inf"), 10**400, -(10**400), 1e301, "4", True, [4], {"m": 4}],
    ids=lambda value: repr(value)[:10],
)
def test_invalid_numbers_are_refused(desk: Desk, value: object) -> None:
    assert desk.name(make_record(heightM=value, heightReference="nap")) == {("/heightM", "invalid_number")}


@pytest.mark.parametrize("value", ["ja", 1, 0, "true"])
def test_invalid_booleans_are_refused(desk: Desk, value: object) -> None:
    assert desk.name(make_record(openData=value)) == {("/openData", "invalid_boolean")}
    assert desk.check(make_record(openData=False)).values["openData"] is False


# Names of fields


@pytest.mark.parametrize("name", sorted(READ_ONLY))
def test_derived_fields_are_refused(desk: Desk, name: str) -> None:
    assert desk.name({**make_record(), name: "x"}) == {(f"/{name}", "read_only")}


def test_unknown_field_suggests_nearest_name(desk: Desk) -> None:
    first, second = desk.refuse({**make_record(), "sensortype": "sound", "a/b~c": 1})
    assert (first.location, first.code, first.suggestion) == ("/sensortype", "unknown_field", "sensorType")
    # A JSON pointer (RFC 6901) writes these two characters otherwise.
    assert second.location == "/a~1b~0c"


def test_unknown_fields_are_reported_up_to_maximum(desk: Desk) -> None:
    other = {f"kolom {number}": 1 for number in range(5000)} | {"x" * 5000: 1}
    for record in (other, dict(reversed(other.items()))):
        problems = desk.refuse(make_record() | record)
        assert {problem.code for problem in problems} == {"unknown_field"}
        assert len(problems) == 20
        assert all(len(problem.location) <= 101 for problem in problems)


@pytest.mark.parametrize("name", ["owner", "operator", "controller"])
def test_unknown_organisation_is_refused(desk: Desk, name: str) -> None:
    for value in (str(uuid4()), "Gemeente Amsterdam", 7, "GM0363"):
        assert desk.name({**make_record(), name: value}) == {(f"/{name}", "unknown_organisation")}, value
    assert str(desk.check({**make_record(), name: desk.company}).values[name]) == desk.company


def test_controller_of_personal_data_defaults_to_owner(desk: Desk) -> None:
    assert str(desk.check(make_camera()).values["controller"]) == desk.municipality
    assert str(desk.check(make_camera(controller=desk.company)).values["controller"]) == desk.company
    assert desk.check(make_record()).values["controller"] is None
    assert desk.name(make_camera(owner="Amsterdam")) == {("/owner", "unknown_organisation")}


# Dates


@pytest.mark.parametrize("day", ["2026-04-02", "02-04-2026", "2-4-2026", " 2026-04-02 ", date(2026, 4, 2)])
def test_dates_are_read_in_each_form(desk: Desk, day: object) -> None:
    assert desk.check(make_record(placedFrom=day)).values["placedFrom"] == date(2026, 4, 2)


def test_datetime_of_spreadsheet_is_read_as_date(desk: Desk) -> None:
    noon = datetime(2026, 4, 2, 12)  # noqa: DTZ001 (cells of a spreadsheet have no zone)
    assert desk.check(make_record(placedFrom=noon)).values["placedFrom"] == date(2026, 4, 2)


@pytest.mark.parametrize(
    "day", ["2026-02-29", "31-04-2026", "04/02/2026", "2026", "20260402", "morgen", 46114, True]
)
def test_invalid_dates_are_refused(desk: Desk, day: object) -> None:
    assert desk.name(make_record(placedFrom=day)) == {("/placedFrom", "invalid_date")}


@pytest.mark.parametrize("year", sorted(SENTINEL_YEARS))
def test_sentinel_year_as_end_date_is_refused(desk: Desk, year: int) -> None:
    record = make_record(placedFrom=f"{year - 1}-06-01", activeUntil=f"{year}-01-01")
    assert desk.name(record, today=date(year - 1, 1, 1)) == {("/activeUntil", "end_too_far")}


def test_end_date_more_than_five_years_ahead_is_refused(desk: Desk) -> None:
    placed = TODAY + timedelta(days=10)
    latest = years_later(placed, 5)
    desk.check(make_record(activeUntil=latest))
    (problem,) = desk.refuse(make_record(activeUntil=latest + timedelta(days=1)))
    assert (problem.location, problem.code) == ("/activeUntil", "end_too_far")
    assert problem.suggestion == latest.isoformat()
    # A sensor that was placed long ago may run until five years from now.
    desk.check(make_record(placedFrom="1990-01-01", activeUntil=years_later(TODAY, 5)))


def test_years_later_of_leap_day_is_last_day_of_february() -> None:
    assert years_later(date(2028, 2, 29), 5) == date(2033, 2, 28)
    assert years_later(date(2028, 2, 29), 4) == date(2032, 2, 29)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"placedFrom": "2026-04-02", "activeUntil": "2026-04-02"}, ("/activeUntil", "end_before_start")),
        ({"placedFrom": "2026-04-02", "activeUntil": "2026-04-01"}, ("/activeUntil", "end_before_start")),
        ({"placedFrom": "0026-04-02"}, ("/placedFrom", "implausible_date")),
        ({"placedFrom": "2026-02-02", "removedOn": "2026-02-01"}, ("/removedOn", "removed_before_placed")),
        ({"placedFrom": "2026-02-02", "removedOn": "2026-03-02"}, ("/removedOn", "removed_in_future")),
    ],
)
def test_dates_out_of_order_are_refused(
    desk: Desk, fields: dict[str, str], expected: tuple[str, str]
) -> None:
    assert desk.name(make_record(**fields)) == {expected}


# Warnings


def test_legitimate_interests_of_public_body_get_a_warning(desk: Desk) -> None:
    camera = make_camera(gdprBases=["legitimate_interests"], legitimateInterest="Schade voorkomen")
    (warning,) = desk.check(camera).warnings
    assert (warning.location, warning.code) == ("/gdprBases", "legitimate_interest_of_public_body")
    assert desk.check(camera, company=True).warnings == ()


@pytest.mark.parametrize("missing", ["viewDirectionDeg", "viewAngleDeg", "viewRangeM"])
def test_camera_without_complete_field_of_view_gets_a_warning(desk: Desk, missing: str) -> None:
    camera = make_camera(**{missing: None})
    (warning,) = desk.check(camera).warnings
    assert (warning.location, warning.code) == ("/viewDirectionDeg", "field_of_view_unknown")
    assert desk.check({**camera, "observedArea": AREA}).warnings == ()
    assert (
        desk.check({**camera, "mobility": "mobile", "location": None, "operatingArea": AREA}).warnings == ()
    )


def test_decision_that_ends_before_it_was_taken_is_refused(desk: Desk) -> None:
    record = make_record(authorisationDecidedOn="2025-05-12", authorisationValidUntil="2025-05-11")
    assert desk.name(record) == {("/authorisationValidUntil", "end_before_start")}


@pytest.mark.parametrize(
    ("decided", "until"), [("2025-05-12", "2025-05-12"), (None, "2020-01-01"), ("2025-05-12", None)]
)
def test_decision_without_contradiction_is_accepted(
    desk: Desk, decided: str | None, until: str | None
) -> None:
    record = make_record(authorisationDecidedOn=decided, authorisationValidUntil=until)
    assert desk.check(record).warnings == ()


@pytest.mark.parametrize("use", sorted(REGULATED_AI))
def test_ai_on_bodies_gets_a_warning_that_names_the_articles(desk: Desk, use: str) -> None:
    (warning,) = desk.check(make_camera(aiUse=use)).warnings
    assert (warning.location, warning.code) == ("/aiUse", "ai_act")
    assert "artikel 5" in warning.detail.nl
    assert "artikel 50" in warning.detail.nl


@pytest.mark.parametrize("use", ["none", "counting", "detection", "recognition"])
def test_other_use_of_ai_has_no_warning(desk: Desk, use: str) -> None:
    assert desk.check(make_camera(aiUse=use)).warnings == ()


def test_ai_on_bodies_contradicts_that_there_are_no_personal_data(desk: Desk) -> None:
    warnings = desk.check(make_record(aiUse="emotion_recognition")).warnings
    assert {(one.location, one.code) for one in warnings} == {
        ("/aiUse", "ai_act"),
        ("/aiUse", "personal_data_contradicted"),
    }
