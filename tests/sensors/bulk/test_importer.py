"""A file of sensors is taken in: what it does to the register, and what it leaves alone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.expected_version import ANY_VERSION
from app.organisations.actions import end_organisation
from app.sensors.bulk.write import digest_versions
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor, remove_sensor
from tests.support.bulk import import_records, make_import, read_versions, take_records
from tests.support.organisations import make_organisation, make_principal
from tests.support.record_variants import place
from tests.support.rule_check import check_wording
from tests.support.sensors import DAM, ERASMUS_BRIDGE, TODAY, make_camera, make_context, make_record

LATER = TODAY + timedelta(days=30)


def make_records(owner: UUID, *references: str, **fields: object) -> list[dict[str, object]]:
    return [make_record(reference=reference, owner=str(owner), **fields) for reference in references]


def ask_one(session: Session, statement: str) -> object:
    return session.scalar(text(statement))


# Owners that have ended


def test_new_records_of_an_organisation_that_has_ended_are_refused(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    former, context = make_organisation(session), make_context(officer)
    import_records(session, context, make_records(former, "a"))
    end_organisation(session, former, principal_id=None, now=datetime.now(UTC), reason="Failliet")
    records = [*make_records(former, "a", "b", name="Nieuw"), *make_records(amsterdam, "b")]
    taken = take_records(session, context, records)
    assert taken.named() == {(1, "/owner", "organisation_ended")}
    assert (taken.classification.new, taken.classification.changed) == (1, 1)


# The same file again


def test_same_file_twice_changes_nothing(session: Session, officer: Principal, amsterdam: UUID) -> None:
    context = make_context(officer)
    records = [*make_records(amsterdam, "a", "b"), make_camera(owner=str(amsterdam))]
    import_records(session, context, records)
    taken = take_records(session, context, records)
    assert (taken.classification.new, taken.classification.changed, taken.classification.unchanged) == (
        0,
        0,
        3,
    )
    assert taken.warnings == {}
    taken.bulk_import.apply(import_id=make_import(session))
    assert [version.number for version in read_versions(session)] == [1, 1, 1]
    assert ask_one(session, "SELECT count(*) FROM publication.change") == 3


def test_absent_field_stays_and_empty_field_is_cleared(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    import_records(
        session, context, make_records(amsterdam, "a", name="Naam", summary="Samenvatting", openData=True)
    )
    owner = str(amsterdam)
    import_records(session, context, [{"reference": "a", "owner": owner, "summary": None, "project": "P"}])
    _, version = read_versions(session)
    assert (version.name, version.summary, version.project) == ("Naam", None, "P")
    assert version.open_data is True
    # One has its place in the file, the other does not.
    moved = make_record(reference="b", owner=owner, location=place(4.9, 52.37))
    taken = take_records(session, context, [moved, {"reference": "a", "owner": owner, "name": "Anders"}])
    assert (taken.problems, taken.classification.new, taken.classification.changed) == ({}, 1, 1)


def test_change_copies_columns_that_a_file_does_not_have(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    import_records(session, make_context(officer), make_records(amsterdam, "a", placedFrom=TODAY.isoformat()))
    import_records(session, make_context(officer, LATER), make_records(amsterdam, "a", name="Nieuw"))
    first, second = read_versions(session)
    for name in ("notified_late", "last_confirmed_on", "confirm_by", "on_behalf_of_id"):
        assert getattr(second, name) == getattr(first, name)
    assert (first.notified_late, first.confirm_by) == (True, TODAY.replace(year=2027))


def test_submitted_change_is_amended_again(session: Session, officer: Principal, company: Principal) -> None:
    (grant,) = company.grants
    owner = str(grant.organisation_id)
    published = register_sensor(session, make_context(officer), make_record(owner=owner, name="Oud"))
    amend_sensor(session, make_context(company), published.sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    reference = published.reference
    import_records(
        session, make_context(company), [{"reference": reference, "owner": owner, "summary": "Meer"}]
    )
    versions = read_versions(session)
    assert [(each.number, each.registration_status, each.superseded_at is None) for each in versions] == [
        (1, "published", True), (2, "submitted", False), (3, "submitted", True),
    ]  # fmt: skip
    assert (versions[2].name, versions[2].summary) == ("Nieuw", "Meer")


def test_removed_sensor_stays_removed_until_a_file_has_another_date(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    records = make_records(amsterdam, "a", placedFrom="2026-01-01")
    version = register_sensor(session, context, records[0])
    remove_sensor(session, context, version.sensor_id, {}, expected=ANY_VERSION)
    assert take_records(session, context, records).classification.unchanged == 1
    import_records(session, context, [{**records[0], "removedOn": None}])
    assert [each.removed_on for each in read_versions(session)] == [None, TODAY, None]


# Refused records


def test_repeated_reference_is_refused(session: Session, officer: Principal, amsterdam: UUID) -> None:
    records = [
        *make_records(amsterdam, "a", "b", " a "),
        *make_records(amsterdam, "c", measures=None),
        *make_records(amsterdam, "c"),
    ]
    taken = take_records(session, make_context(officer), records)
    assert taken.named() == {
        (0, "/reference", "repeated_reference"), (2, "/reference", "repeated_reference"),
        (3, "/measures", "required"), (3, "/reference", "repeated_reference"), (4, "/reference", "repeated_reference"),
    }  # fmt: skip
    for problems in taken.problems.values():
        check_wording(problems)
    assert (taken.classification.new, taken.classification.refused) == (1, 4)
    taken.bulk_import.apply(import_id=make_import(session))
    assert [version.reference for version in read_versions(session)] == ["b"]


def test_invalid_rows_are_not_written(session: Session, officer: Principal, amsterdam: UUID) -> None:
    records = [
        *make_records(amsterdam, "good"),
        *make_records(amsterdam, "bad", sensorType="soud"),
        *make_records(amsterdam, "at-sea", location=place(3.2, 53.6)),
        *make_records(amsterdam, "unread"),
    ]
    context = make_context(officer)
    taken = take_records(session, context, records, refused={3})
    assert taken.named() == {(1, "/sensorType", "unknown_value"), (2, "/location", "outside_municipalities")}
    assert (taken.classification.new, taken.classification.refused) == (1, 3)
    applied = taken.bulk_import.apply(import_id=make_import(session))
    assert (applied.new, applied.changed) == (1, 0)
    assert [version.reference for version in read_versions(session)] == ["good"]


def test_principal_without_permission_gets_a_problem_for_each_record(
    session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> None:
    (grant,) = company.grants
    own, other = grant.organisation_id, amsterdam
    assert own
    register_sensor(session, make_context(officer), make_records(other, "theirs")[0])
    before = read_versions(session)
    taken = take_records(
        session, make_context(company), make_records(own, "mine") + make_records(other, "new", "theirs")
    )
    assert taken.named() == {(1, "/owner", "not_permitted"), (2, "/owner", "not_permitted")}
    assert taken.classification.new == 1
    # For others a municipality registers inside its boundary alone.
    inside, outside = make_records(own, "in"), make_records(own, "out", location=place(*ERASMUS_BRIDGE))
    taken = take_records(session, make_context(officer), inside + outside)
    assert taken.named() == {(1, "/owner", "not_permitted")}
    taken.bulk_import.apply(import_id=make_import(session))
    assert [version.on_behalf_of_id for version in read_versions(session)] == [own, None]
    assert (
        ask_one(session, "SELECT on_behalf_of FROM audit.audit_entry WHERE action = 'import_sensors'") == own
    )
    assert before == [version for version in read_versions(session) if version.reference == "theirs"]


def test_reference_of_a_sensor_elsewhere_is_refused(
    session: Session, officer: Principal, company: Principal
) -> None:
    """As when it is registered by itself; what stands there is not shown, and not mixed with what is given."""
    (grant,) = company.grants
    assert grant.organisation_id
    away = make_records(grant.organisation_id, "a", location=place(*ERASMUS_BRIDGE), name="Geheim")
    register_sensor(session, make_context(company), away[0])
    taken = take_records(session, make_context(officer), make_records(grant.organisation_id, "a"))
    assert taken.named() == {(0, "/reference", "taken")}
    thin = [{"reference": "a", "owner": str(grant.organisation_id), "location": place(*DAM)}]
    assert (0, "/measures", "required") in take_records(session, make_context(officer), thin).named()


# Warnings


def test_near_duplicates_get_warnings(session: Session, officer: Principal, amsterdam: UUID) -> None:
    context = make_context(officer)
    known = register_sensor(session, context, make_records(amsterdam, "known")[0])
    near = place(DAM[0] + 0.00003, DAM[1])
    records = [
        *make_records(amsterdam, "first"),
        *make_records(amsterdam, "second", location=near),
        *make_records(amsterdam, "other-type", sensorType="climate"),
        *make_records(amsterdam, "far", location=place(4.9, 52.4)),
    ]
    taken = take_records(session, context, records)
    named = {key: {warning.value for warning in warnings} for key, warnings in taken.warnings.items()}
    assert named == {0: {known.public_code}, 1: {known.public_code, "first"}}
    taken.bulk_import.apply(import_id=make_import(session))
    kept = {version.reference: len(version.warnings) for version in read_versions(session)}
    assert kept == {"known": 0, "first": 1, "second": 2, "other-type": 0, "far": 0}


def test_file_with_all_sensors_in_one_place_is_checked_fast(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    taken = take_records(
        session, make_context(officer), make_records(amsterdam, *(f"r{n}" for n in range(300))), batch=100
    )
    assert max(len(warnings) for warnings in taken.warnings.values()) == 5
    assert len(taken.warnings) == 299


# Sensors missing from a complete file


def test_neighbours_are_stored_together(session: Session, officer: Principal, amsterdam: UUID) -> None:
    """The order of storage does not depend on that of the file: a map then reads few blocks."""
    longitude, latitude = DAM
    records = [
        make_record(
            reference=str(number),
            owner=str(amsterdam),
            location=place(longitude + number % 2 * 0.05 + number / 10_000, latitude),
        )
        for number in range(20)
    ]
    import_records(session, make_context(officer), records)
    parity = "SELECT CAST(reference AS integer) % 2 FROM publication.published_sensor ORDER BY ctid"
    written = list(session.scalars(text(parity)))
    assert sorted(written) == [0] * 10 + [1] * 10
    assert sum(one != after for one, after in pairwise(written)) == 1


def test_sensors_missing_from_a_complete_file_are_ended(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    stranger = make_organisation(session, name="Ander BV")
    import_records(session, context, make_records(amsterdam, "a", "b", "c", "d", placedFrom="2026-01-01"))
    import_records(session, context, make_records(amsterdam, "planned") + make_records(stranger, "x"))
    gone = make_records(amsterdam, "gone", placedFrom="2026-01-01", removedOn="2026-02-01")
    import_records(session, context, gone)
    now = make_context(officer, LATER - timedelta(days=25))
    file = make_records(amsterdam, "a", placedFrom="2026-01-01") + make_records(
        amsterdam, "b", sensorType="soud"
    )
    taken = take_records(session, now, file, complete_for=amsterdam)
    # A refused record is in the file nevertheless.
    assert (taken.classification.missing, taken.classification.missing_references) == (
        3,
        ("c", "d", "planned"),
    )
    applied = taken.bulk_import.apply(import_id=make_import(session), end_missing_of=amsterdam)
    assert (applied.new, applied.changed, applied.ended) == (0, 0, 3)
    current = {each.reference: each for each in read_versions(session) if each.superseded_at is None}
    assert {name: each.removed_on for name, each in current.items() if name in "abcdx"} == {
        "a": None, "b": None, "c": now.today, "d": now.today, "x": None,
    }  # fmt: skip
    # A planned sensor was never placed, so it is withdrawn.
    assert current["planned"].registration_status == "withdrawn"
    assert (
        ask_one(session, "SELECT count(*) FROM publication.published_sensor WHERE reference = 'planned'") == 0
    )
    assert current["c"].municipality_codes == ["GM0363"]
    again = take_records(session, now, file, complete_for=amsterdam)
    assert again.classification.missing == 0


@pytest.mark.parametrize(
    "mistaken",
    [
        {"reference": None},
        {"reference": "c" * 300},
        {"reference": "a"},
        {"owner": "Gemeente Amsterdm"},
        {"owner": "stranger", "sensorType": "soud"},
        {"owner": "stranger", "location": place(4.48, 51.92)},
    ],
    ids=[
        "no reference",
        "unreadable reference",
        "another's reference",
        "unknown owner",
        "other owner",
        "forbidden",
    ],
)
def test_ambiguous_record_prevents_ending_sensors(
    session: Session, officer: Principal, amsterdam: UUID, mistaken: dict[str, object]
) -> None:
    stranger = str(make_organisation(session, name="Ander BV"))
    context = make_context(officer)
    records = make_records(amsterdam, "a", "b", "c", "d", placedFrom="2026-01-01")
    import_records(session, context, records)
    mistake = mistaken | ({"owner": stranger} if mistaken.get("owner") == "stranger" else {})
    file = [*records[:2], {**records[2], **mistake}]
    taken = take_records(session, context, file, complete_for=amsterdam)
    said = taken.classification
    assert (said.missing, said.missing_references) == (0, ())
    assert 2 in said.unclear_keys
    assert said.unclear == len(said.unclear_keys) == said.refused
    applied = taken.bulk_import.apply(import_id=make_import(session), end_missing_of=amsterdam)
    assert applied.ended == 0
    # An incomplete file has no ambiguous records.
    assert take_records(session, context, file).classification.unclear == 0
    mended = take_records(session, context, records[:3], complete_for=amsterdam).classification
    assert (mended.unclear, mended.missing_references) == (0, ("d",))


def test_reference_of_a_sensor_elsewhere_prevents_ending_sensors(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    """A municipality changes sensors of other owners only inside its boundary; the reference may be a typing error."""
    stranger = make_organisation(session, name="Ander BV")
    own = make_principal(session, stranger)
    here = make_records(stranger, "here", placedFrom="2026-01-01")
    import_records(session, make_context(officer), here)
    import_records(
        session, make_context(own), make_records(stranger, "there", location=place(*ERASMUS_BRIDGE))
    )
    slip = {**here[0], "reference": "there"}
    for mistake, code in ((slip, "taken"), ({**slip, "location": None}, "required")):
        taken = take_records(session, make_context(officer), [mistake], complete_for=stranger)
        assert {code for _, _, code in taken.named()} == {code}
        assert (taken.classification.missing, taken.classification.unclear_keys) == (0, (0,))
    nothing = take_records(session, make_context(officer), [], complete_for=stranger).classification
    assert nothing.missing_references == ("here",)


def test_incomplete_file_ends_no_sensor(session: Session, officer: Principal, amsterdam: UUID) -> None:
    context = make_context(officer)
    import_records(session, context, make_records(amsterdam, "a", "b", placedFrom="2026-01-01"))
    taken = take_records(session, context, make_records(amsterdam, "a"), complete_for=amsterdam)
    assert taken.bulk_import.apply(import_id=make_import(session)).ended == 0


# The trail


def test_import_writes_one_audit_entry_with_a_verifiable_digest(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    import_id, applied = import_records(session, context, make_records(amsterdam, "a", "b"))
    entry = session.execute(text("SELECT * FROM audit.audit_entry ORDER BY id DESC LIMIT 1")).mappings().one()
    assert (entry["action"], entry["subject_kind"], entry["subject_ids"]) == (
        "import_sensors", "import", [str(import_id)],
    )  # fmt: skip
    assert entry["details"] == {"new": 2, "changed": 0, "ended": 0}
    assert entry["principal_id"] == officer.id
    assert ask_one(session, "SELECT count(*) FROM audit.audit_entry WHERE subject_kind = 'sensor'") == 0
    confirm_sensor(session, make_context(officer, LATER), read_versions(session)[0].sensor_id, expected=None)
    again = digest_versions(session, "import_id = :import_id", import_id=import_id)
    assert again == entry["digest"] == applied.digest
    session.execute(
        text("UPDATE register.sensor_version SET name = 'x' WHERE import_id IS NOT NULL AND reference = 'a'")
    )
    assert digest_versions(session, "import_id = :import_id", import_id=import_id) != applied.digest


def test_progress_is_reported_and_can_cancel(
    session: Session, officer: Principal, amsterdam: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sensors.bulk.write.RECORDS_PER_BATCH", 2)
    taken = take_records(session, make_context(officer), make_records(amsterdam, *"abcde"))
    told: list[int] = []
    taken.bulk_import.apply(import_id=make_import(session), report=told.append)
    assert told == [2, 4, 5]
    assert [version.reference for version in read_versions(session)] == [*"abcde"]

    class Cancelled(Exception):
        pass

    def cancel(_written: int) -> None:
        raise Cancelled

    taken = take_records(session, make_context(officer), make_records(amsterdam, "f", "g"))
    import_id = make_import(session)
    with pytest.raises(Cancelled):
        taken.bulk_import.apply(import_id=import_id, report=cancel)


def test_import_of_no_records_writes_an_audit_entry(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    taken = take_records(session, make_context(officer), [])
    assert taken.classification.new == taken.classification.refused == 0
    assert taken.bulk_import.apply(import_id=make_import(session)).new == 0


def test_auditor_may_not_import(session: Session, amsterdam: UUID) -> None:
    auditor = make_principal(session, None, "auditor")
    taken = take_records(session, make_context(auditor), make_records(amsterdam, "a"))
    assert taken.named() == {(0, "/owner", "not_permitted")}
