"""JSON that only Python accepts, and odd names of files: an explained 400 wherever the register reads them."""

import json
from urllib.parse import quote

import pytest

from tests.support.register import Register, make_today_record

ODD = [r'"\ud800"', r'{"\udfff": 1}', "NaN", "-Infinity", "1e999", "[[-1e999]]", "1" + "0" * 400]
FILTERS = [
    '{"op": "=", "args": [{"property": "project"}, %s]}',
    '{"op": "<", "args": [{"property": "heightM"}, {"op": "+", "args": [1, %s]}]}',
    '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [%s, 52]}]}',
]


def insert(members: dict[str, object], name: str, odd: str) -> str:
    return json.dumps(members | {name: "@@"}).replace('"@@"', odd)


@pytest.mark.parametrize("odd", ODD)
def test_odd_json_is_refused_with_its_reason(filled: Register, odd: str) -> None:
    client, headers = filled.client, filled.officer | {"Content-Type": "application/json", "If-Match": '"1"'}
    (found,) = client.get("/v1/sensors?limit=1", headers=filled.officer).json()["sensors"]
    sensor = f"/v1/sensors/{found['id']}"
    record = make_today_record()
    answers = [
        client.post("/v1/sensors", content=insert(record, "summary", odd), headers=headers),
        client.post("/v1/sensors", content=insert(record, "heightM", odd), headers=headers),
        client.post("/v1/sensors", content=insert(record, "unknown", odd), headers=headers),
        client.patch(sensor, content=insert({}, "summary", odd), headers=headers),
        client.post(f"{sensor}/removal", content=insert({}, "removedOn", odd), headers=headers),
        client.post(
            "/v1/imports?defaults=" + quote(insert({}, "summary", odd)), content=b"a", headers=filled.officer
        ),
        *(
            client.get("/v1/collections/sensors/items?filter-lang=cql2-json&filter=" + quote(one % odd))
            for one in FILTERS
        ),
    ]
    for answer in answers:
        assert answer.status_code == 400, answer.text
        (error,) = answer.json()["errors"]
        assert error["code"] == ("invalid_text" if "\\u" in odd else "invalid_number"), answer.text


@pytest.mark.parametrize(
    "name",
    [
        "utf-7''%2B2AA-",
        "unicode_escape''%5Cud800",
        "punycode''x%ff",
        "idna''%ff",
        "undefined''x",
        "a%00b''x",
        "utf-16''%00%d8",
        "hex''zz",
    ],
)
def test_name_of_a_file_in_an_odd_encoding_is_refused(filled: Register, name: str) -> None:
    headers = filled.officer | {"Content-Disposition": f"attachment; filename*={name}"}
    answer = filled.client.post("/v1/imports", content=b"reference\n1\n", headers=headers)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["in"], error["location"], error["code"]) == (
        "header",
        "Content-Disposition",
        "invalid_text",
    )


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (b"attachment; filename*=UTF-8''caf%C3%A9.csv", "café.csv"),
        (b"attachment; filename*=iso-8859-1''caf%E9.csv", "café.csv"),
        ('attachment; filename="café.csv"'.encode(), "café.csv"),
        ('attachment; filename="café.csv"'.encode("latin-1"), "café.csv"),
        (b"attachment; filename*=utf-8''%ed%a0%80.csv", "\ufffd\ufffd\ufffd.csv"),
    ],
)
def test_name_of_a_file_is_read_in_the_usual_encodings(
    filled: Register, disposition: bytes, expected: str
) -> None:
    headers = [(name.encode(), value.encode()) for name, value in filled.officer.items()]
    headers.append((b"Content-Disposition", disposition))
    answer = filled.client.post("/v1/imports", content=b"reference\n1\n", headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.json()["fileName"] == expected
