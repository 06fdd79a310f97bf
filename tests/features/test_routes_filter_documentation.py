"""The filters of the documentation: each finds the sensors that it describes."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.bootstrap.paths import ROOT
from app.core.clock import dutch_date
from app.spatial.crs import Crs, lonlat_from_rd
from tests.support.filters import ask
from tests.support.register import Register, admit_municipality, open_register
from tests.support.sensors import CITIES

DOCUMENT = (ROOT / "docs" / "cql2.md").read_text()

FOUND = {
    "sensorType IN ('sound', 'radio') AND S_INTERSECTS(geometry, BBOX(4.8, 52.3, 5.0, 52.4))": {
        "haven", "groen", "centrum", "cafe",
    },
    "sensorType = 'radio' AND openData = true": {"haven"},
    "project IS NULL OR project LIKE 'Haven%'": {"haven", "utrecht"},
    r"project LIKE '100\% groen'": {"groen"},
    "CASEI(project) = CASEI('CENTRUM')": {"centrum"},
    "ACCENTI(CASEI(project)) LIKE ACCENTI(CASEI('café%'))": {"cafe"},
    "placedFrom BETWEEN DATE('2026-01-01') AND DATE('2026-12-31')": {"haven", "cafe"},
    "T_DURING(placedFrom, INTERVAL('2026-01-01', '..'))": {"haven", "cafe"},
    "T_INTERSECTS(INTERVAL(placedFrom, activeUntil), INTERVAL('2026-01-01', '2026-03-31'))": {
        "haven", "groen", "centrum", "utrecht",
    },
    "A_CONTAINS(themes, ('environment_noise'))": {"haven"},
    "A_OVERLAPS(municipalityCodes, ('GM0363', 'GM0599'))": {"haven", "groen", "centrum", "cafe"},
    "municipalityName = 'Utrecht' AND ownerName <> 'Gemeente Amsterdam'": {"utrecht"},
    "S_WITHIN(geometry, POLYGON((4.88 52.36, 4.91 52.36, 4.91 52.38, 4.88 52.38, 4.88 52.36)))": {"haven", "cafe"},
    "confirmBy < activeUntil": {"haven", "centrum", "cafe", "utrecht"},
    "heightM BETWEEN 2.5 AND 10": {"haven"},
    "version > 1 AND updatedAt >= TIMESTAMP('2026-03-01T00:00:00Z')": {"centrum"},
    "operationalStatus IN ('expired', 'removed') AND NOT openData": {"expired"},
}  # fmt: skip
"""The references of what each documented filter finds, with coordinates in longitude and latitude."""

IN_RD = "S_INTERSECTS(geometry, BBOX(121000, 487000, 122000, 488000))"


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    """For each documented filter a sensor that it finds and one that it does not find."""
    today = dutch_date()
    bridge = {"type": "Point", "coordinates": [4.85, 52.34]}
    car = {"themes": ["mobility_car"], "placedFrom": "2025-05-01"}
    past = car | {"activeUntil": (today - timedelta(days=200)).isoformat()}
    with open_register(module_database) as register:
        register.register(
            reference="haven", sensorType="radio", openData=True, project="Haven West", placedFrom="2026-02-01",
            heightM=4, heightReference="ground",
        )  # fmt: skip
        soon = (today + timedelta(days=100)).isoformat()
        fields: dict[str, Any] = {"project": "100% groen", "heightM": 12, "heightReference": "ground"}
        register.register(reference="groen", location=bridge, **fields | car, activeUntil=soon)
        centrum = register.register(reference="centrum", location=bridge, project="centrum", **car)
        answer = register.client.patch(
            f"/v1/sensors/{centrum['id']}",
            json={"name": "Nieuw"},
            headers=register.officer | {"If-Match": "*"},
        )
        assert answer.status_code == 200, answer.text
        register.register(
            reference="cafe", sensorType="radio", openData=False, project="CAFE Noord",
            **car | {"placedFrom": "2026-05-01"},
        )  # fmt: skip
        register.register(reference="expired", openData=False, project="100 groen", **past)
        register.register(reference="expired and open", openData=True, project="100 groen", **past)
        city, x, y = CITIES["GM0344"]
        utrecht = Register(register.client, admit_municipality(module_database, "GM0344", city), {})
        place = {"type": "Point", "coordinates": [float(number) for number in lonlat_from_rd(x, y)]}
        utrecht.register(reference="utrecht", sensorType="climate", location=place, **car)
        yield register


def find(register: Register, text: str, **others: str) -> set[str]:
    return set(register.references(ask(text, **others)))


def test_every_filter_in_documentation_has_an_expected_outcome() -> None:
    filters = re.findall(r'"filter=(.*)"', DOCUMENT)
    for block in re.findall(r"```cql2\n(.*?)```", DOCUMENT, re.DOTALL):
        filters += block.splitlines()
    assert set(filters) == {*FOUND, IN_RD}


@pytest.mark.parametrize("text", FOUND)
def test_filter_in_documentation_finds_the_sensors_that_it_describes(register: Register, text: str) -> None:
    assert find(register, text) == FOUND[text]


def test_filter_in_documentation_as_json_finds_the_same_as_text(register: Register) -> None:
    (tree,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    assert find(register, tree, filter_lang="cql2-json") == {"haven"}


def test_filter_in_documentation_in_rd_finds_the_sensors_in_its_box(register: Register) -> None:
    assert f'"filter-crs={Crs.RD.uri}"' in DOCUMENT
    assert find(register, IN_RD, filter_crs=Crs.RD.uri) == {"haven", "cafe"}
