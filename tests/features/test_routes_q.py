"""`q`: sensors by the words of what is publicly said of them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_record

SAID = {
    "name": "Kikker",
    "summary": "Telt de eenden in de vijver",
    "measures": "Aantallen zwemmende dieren",
    "purpose": "Bescherming van het moeras",
    "project": "Waterland/Oost",
    "locationDescription": "Achter de oude molen",
}


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        view = {"viewDirectionDeg": 0, "viewAngleDeg": 90, "viewRangeM": 50}
        register.register(reference="open", **SAID, **view)
        register.register(reference="plain", **view)
        yield register


@pytest.mark.parametrize(
    "words",
    [
        "kikker", "KIKKER", "eend", "eenden", "vijver telt", "dier", "moeras", "waterland/oost", "molen",
        "gemeente amsterdam kikker", "kikker, eenden & dieren!", '"oude molen"', "achter de molen",
    ],
)  # fmt: skip
def test_q_finds_sensor_by_words_of_its_public_texts(register: Register, words: str) -> None:
    answer = register.client.get("/v1/collections/sensors/items", params={"q": words})
    document = answer.json()
    assert [feature["properties"]["reference"] for feature in document["features"]] == ["open"]
    assert document["numberMatched"] == 1


def test_q_requires_all_words(register: Register) -> None:
    assert register.references("q=kikker paard") == []
    assert register.references("q=de het een") == []
    assert sorted([one for one in register.references("q=amsterdam") if one in ("open", "plain")]) == [
        "open",
        "plain",
    ]


def test_q_is_combined_with_other_parameters(register: Register) -> None:
    for query in (
        "municipality=Amsterdam", "bbox=4,52,5,53", "near=4.8932,52.3731", "sortby=-reference",
        "properties=reference", "crs=http://www.opengis.net/def/crs/EPSG/0/3857", "sensorType=sound",
    ):  # fmt: skip
        assert register.references(f"q=eenden&{query}") == ["open"], query
        assert register.references(f"q=paard&{query}") == [], query
    (area,) = register.find("q=eenden", "observed-areas")["features"]
    assert area["properties"]["reference"] == "open"
    assert register.find("q=paard", "observed-areas")["features"] == []


def test_q_as_of_earlier_moment_finds_former_name_and_not_later_name(register: Register) -> None:
    sensor = register.register(**make_today_record(reference="changed", name="Wolf"))
    etag = register.client.get(f"/v1/sensors/{sensor['id']}", headers=register.officer).headers["etag"]
    # Not `registeredAt`, which is cut to the second and so lies before the registration.
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    answer = register.client.patch(
        f"/v1/sensors/{sensor['id']}",
        json={"name": "Hond"},
        headers=register.officer | {"If-Match": etag, "Content-Type": "application/merge-patch+json"},
    )
    assert answer.status_code == 200, answer.text
    assert register.references("q=wolf") == []
    assert register.references("q=hond") == ["changed"]
    assert register.references(f"q=wolf&asOf={moment}") == ["changed"]
    assert register.references(f"q=hond&asOf={moment}") == []


def test_q_does_not_find_words_of_hidden_fields(register: Register) -> None:
    secret = make_record(
        **make_today_record(
            reference="geheimkenmerk",
            visibility="generalised",
            visibilityReason="Vandalisme",
            name="Uil",
            locationDescription="Boven de bakkerij",
            postcode="1012 JS",
        )
    )
    assert register.post(secret).status_code == 201
    internal = make_today_record(
        reference="intern", visibility="internal", visibilityReason="Opsporing", name="Das"
    )
    assert register.post(internal).status_code == 201

    found = register.find("q=uil")
    assert found["numberMatched"] == 1
    assert found["features"][0]["properties"]["locationDescription"] is None
    for hidden in ("bakkerij", "geheimkenmerk", "1012", "uil bakkerij", "das"):
        assert register.find(f"q={hidden}")["features"] == [], hidden
