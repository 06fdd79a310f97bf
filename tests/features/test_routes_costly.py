"""Costly questions: how they are bounded, and what they leave to others."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import pytest

from app.core import suggestions
from app.core.app_state import get_app_state
from tests.support.filters import ask
from tests.support.register import Register, open_register

ITEMS = "/v1/collections/sensors/items"


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        register.register(reference="Dam")
        yield register


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were compared with the known ones, which is what costs time."""
    names: list[str] = []
    compare = get_close_matches

    def note(name: str, *arguments: Any, **options: Any) -> list[str]:
        names.append(name)
        return compare(name, *arguments, **options)

    monkeypatch.setattr(suggestions, "get_close_matches", note)
    return names


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("sensorType=" + ",".join(f"camere{number}" for number in range(3_400)), {"too_many"}),
        ("operationalStatus=" + ",".join(f"actief{number}" for number in range(3_400)), {"too_many"}),
        ("owner=" + ",".join(["00000000-0000-7000-8000-000000000001"] * 101), {"too_many"}),
        ("properties=" + ",".join(f"purpos{number}" for number in range(3_400)), {"unknown_property"}),
        ("sensorType=" + ",".join(f"camere{number}" for number in range(100)), {"unknown_value"}),
        ("&".join(f"sensorTyp{number}=1" for number in range(100)), {"unknown_parameter"}),
        (ask(" OR ".join(f"purpos{number} = 1" for number in range(200))), None),
    ],
)
def test_of_many_wrong_values_a_few_are_compared_with_known_ones(
    register: Register, compared: list[str], query: str, codes: set[str] | None
) -> None:
    answer = register.client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert codes is None or {error["code"] for error in answer.json()["errors"]} == codes
    assert len(answer.content) < 200_000
    assert len(compared) <= suggestions.MAX_SUGGESTIONS


def test_hundred_values_are_accepted(register: Register) -> None:
    values = ",".join(["radio"] * 100)
    assert register.client.get(f"{ITEMS}?sensorType={values}").status_code == 200


def test_of_twenty_thousand_wrong_fields_a_few_are_compared_with_known_ones(
    register: Register, compared: list[str]
) -> None:
    body = {f"purpos{number}": 1 for number in range(20_000)}
    answer = register.client.post("/v1/sensors", json=body, headers=register.officer)
    assert answer.status_code == 400
    assert 0 < len(compared) <= suggestions.MAX_SUGGESTIONS


@pytest.mark.parametrize(
    ("costly", "ordinary"),
    [
        (f"{ITEMS}?{ask('heightM > 1')}", f"{ITEMS}?bbox=4,52,5,53"),
        (f"{ITEMS}?sortby=project", ITEMS),
        (f"{ITEMS}?q=camera", f"{ITEMS}?sensorType=radio"),
        (
            f"/v1/collections/observed-areas/items?{ask('heightM > 1')}",
            "/v1/collections/observed-areas/items",
        ),
        (
            f"/v1/tiles/WebMercatorQuad/14/5384/8414?{ask('heightM > 1')}",
            "/v1/tiles/WebMercatorQuad/14/5384/8414",
        ),
        ("/sensoren?q=camera", "/sensoren"),
    ],
)
def test_costly_searches_wait_for_each_other_and_hold_up_no_other_read(
    register: Register, costly: str, ordinary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every connection of costly searches is in use."""
    pool = get_app_state(register.client.app).choose_read_pool(is_costly=True)  # type: ignore[arg-type]
    portal = register.client.portal
    assert portal is not None
    held = [portal.call(pool.getconn) for _ in range(pool.max_size)]
    try:
        assert register.client.get(ordinary).status_code in (200, 204)
        with monkeypatch.context() as hasty:
            hasty.setattr(pool, "timeout", 0.1)
            refused = register.client.get(costly)
        assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    finally:
        for connection in held:
            portal.call(pool.putconn, connection)
    assert register.client.get(costly).status_code in (200, 204)
