"""Differences between a file and the register: values by field, moves and municipalities."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.i18n import LocalizedText
from app.sensors.bulk import Differences
from app.sensors.bulk.results import Crossing, FieldChange, FieldChanges
from tests.support.bulk import import_records, take_records
from tests.support.record_variants import place
from tests.support.sensors import ERASMUS_BRIDGE, TODAY, make_context, make_record


def find_differences(
    session: Session, officer: Principal, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Differences:
    context = make_context(officer)
    import_records(session, context, before)
    return take_records(session, context, after).bulk_import.find_differences()


def text(both: str) -> LocalizedText:
    return LocalizedText(both, both)


def test_changed_fields_are_counted_with_their_first_values(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    before = [
        make_record(reference=f"s{number}", owner=str(amsterdam), heightM=4.5, heightReference="ground")
        for number in range(6)
    ]
    later = TODAY + timedelta(days=40)
    after = [
        *(record | {"heightM": 6, "sensorType": "climate"} for record in before[:4]),
        before[4] | {"activeUntil": later.isoformat(), "name": "Nieuw"},
        before[5],
        make_record(reference="new", owner=str(amsterdam)),
    ]
    found = find_differences(session, officer, before, after)
    changes = {change.field: change for change in found.fields}
    assert {name: change.count for name, change in changes.items()} == {
        "sensorType": 4,
        "heightM": 4,
        "activeUntil": 1,
        "name": 1,
    }
    height = FieldChange(
        0, "s0", LocalizedText("4,5 meter", "4.5 metres"), LocalizedText("6 meter", "6 metres")
    )
    assert changes["heightM"].examples[0] == height
    assert [example.reference for example in changes["heightM"].examples] == ["s0", "s1", "s2"]
    assert changes["sensorType"].examples[0].after == LocalizedText("Klimaatsensor", "Climate sensor")
    assert changes["name"] == FieldChanges("name", 1, (FieldChange(4, "s4", None, text("Nieuw")),))
    (ends,) = changes["activeUntil"].examples
    assert ends.after is not None
    assert str(later.year) in ends.after.nl


def test_move_over_100_metres_and_another_municipality_are_found(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    before = [
        make_record(reference=name, owner=str(amsterdam), location=place(4.9, 52.37))
        for name in ("near", "far", "over")
    ]
    after = [
        before[0] | {"location": place(4.9005, 52.37)},
        before[1] | {"location": place(4.91, 52.37)},
        before[2] | {"location": place(*ERASMUS_BRIDGE)},
    ]
    found = find_differences(session, officer, before, after)
    assert (found.move_count, [move.reference for move in found.moves]) == (2, ["over", "far"])
    assert 670 < found.moves[1].distance_m < 690
    assert (found.crossing_count, found.crossings) == (1, (Crossing(2, "over", "Amsterdam", "Rotterdam"),))
    (location,) = found.fields
    assert (location.field, location.count) == ("location", 3)
    assert location.examples[0].before == text("52.37000, 4.90000")


def test_nothing_changed_has_no_differences(session: Session, officer: Principal, amsterdam: UUID) -> None:
    record = make_record(reference="a", owner=str(amsterdam))
    assert find_differences(session, officer, [record], [record]) == Differences()
