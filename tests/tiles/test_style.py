"""The style of the tiles: which layer draws which feature. The tests of clients draw it in MapLibre and QGIS."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.application import make_client

RED, BLUE, WHITE = "#a4262c", "#154273", "#ffffff"
DIGITS, CAPITALS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OPERATORS: dict[str, Callable[[list[Any]], bool]] = {
    "!": lambda values: not values[0],
    "==": lambda values: values[0] == values[1],
    "!=": lambda values: values[0] != values[1],
    ">=": lambda values: values[0] >= values[1],
    "<=": lambda values: values[0] <= values[1],
}


@pytest.fixture(scope="module")
def client(module_database: str) -> Iterator[TestClient]:
    with make_client(module_database, public_url="https://sensoren.example") as client:
        yield client


@pytest.fixture(scope="module")
def style(client: TestClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/v1/styles/sensors?sensorType=sound").json()
    return document


def evaluate(expression: Any, properties: dict[str, Any]) -> Any:
    """An expression of MapLibre's style specification, as far as the style has them."""
    if not isinstance(expression, list):
        return expression
    operator, *operands = expression
    if operator in ("has", "get"):
        return operands[0] in properties if operator == "has" else properties.get(operands[0])
    values = (evaluate(one, properties) for one in operands)
    if operator in ("all", "any"):
        return all(values) if operator == "all" else any(values)
    return OPERATORS[operator](list(values))


def find_circle(style: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """The paint of the only circle of a feature, besides its ring."""
    (layer,) = [one for one in find_layers(style, "circle", **properties) if not one["id"].endswith("-ring")]
    return dict(layer["paint"])


def find_layers(style: dict[str, Any], kind: str, **properties: Any) -> list[dict[str, Any]]:
    """The layers of a kind that draw a feature."""
    return [
        layer for layer in style["layers"] if layer["type"] == kind and evaluate(layer["filter"], properties)
    ]


def test_style_draws_the_tiles_of_the_search(style: dict[str, Any]) -> None:
    assert style["sources"]["sensors"]["url"] == (
        "https://sensoren.example/v1/tiles/WebMercatorQuad?sensorType=sound&f=tilejson"
    )
    assert {layer["source-layer"] for layer in style["layers"]} == {"sensors"}
    names = [layer["id"] for layer in style["layers"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("count", "radius"),
    [(1, 8), (9, 8), (10, 11), (99, 11), (100, 15), (999, 15), (1000, 22), (9_000_000, 22)],
)
def test_each_cluster_has_one_circle_of_its_size_and_share(
    style: dict[str, Any], count: int, radius: int
) -> None:
    colours = []
    for share in (0, 1, 49, 50, 99, 100):
        circle = find_circle(style, count=count, personalDataCount=1, personalDataShare=share)
        assert circle["circle-radius"] == radius
        colours.append(circle["circle-color"])
    assert colours == [BLUE, "#453b5d", "#453b5d", "#743145", "#743145", RED]


@pytest.mark.parametrize("personal_data", ["none", "indirect", "yes", "special_category"])
def test_each_sensor_has_one_circle_by_its_status_and_personal_data(
    style: dict[str, Any], personal_data: str
) -> None:
    colour = BLUE if personal_data == "none" else RED
    for status in ("planned", "active", "due_for_confirmation", "expired", "removed"):
        sensor = {"id": "1", "operationalStatus": status, "personalData": personal_data}
        circle = find_circle(style, **sensor)
        is_filled = status in ("active", "due_for_confirmation")
        assert circle["circle-color"] == (colour if is_filled else WHITE)
        assert circle["circle-stroke-color"] == (WHITE if is_filled else colour)


@pytest.mark.parametrize("personal_data", ["none", "indirect", "yes", "special_category"])
def test_sensor_that_processes_personal_data_has_a_ring(style: dict[str, Any], personal_data: str) -> None:
    sensor = {"id": "1", "operationalStatus": "active", "personalData": personal_data}
    rings = [one for one in find_layers(style, "circle", **sensor) if one["id"].endswith("-ring")]

    assert len(rings) == (personal_data != "none")
    assert all(ring["paint"]["circle-opacity"] == 0 for ring in rings)


def test_each_kind_of_sensor_has_a_letter_of_its_own(client: TestClient, style: dict[str, Any]) -> None:
    terms = client.get("/v1/vocabularies/sensorType").json()["terms"]
    for status in ("active", "expired"):
        (layer,) = find_layers(style, "symbol", id="1", operationalStatus=status, personalData="yes")
        operator, value, *cases, other = layer["layout"]["text-field"]
        assert (operator, value, other) == ("match", ["get", "sensorType"], "")
        letters = dict(zip(cases[::2], cases[1::2], strict=True))
        assert sorted(letters) == sorted(term["code"] for term in terms)
        assert len(set(letters.values())) == len(letters)


def test_no_colour_or_opacity_depends_on_a_property(style: dict[str, Any]) -> None:
    # QGIS 3.22 would draw all features of such a layer alike.
    for layer in style["layers"]:
        for name, value in layer["paint"].items():
            assert name == "circle-radius" or not isinstance(value, list), (layer["id"], name)


def test_glyphs_of_the_labels_are_the_digits_and_capitals(client: TestClient, style: dict[str, Any]) -> None:
    labels = [layer for layer in style["layers"] if layer["type"] == "symbol"]
    assert len(labels) == 3
    (font,) = {layer["layout"]["text-font"][0] for layer in labels}
    address = style["glyphs"].format(fontstack=font, range="0-255")
    answer = client.get(address, headers={"Origin": "https://another.example"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/x-protobuf"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"

    ((_, stack),) = read_fields(answer.content)
    fields = list(read_fields(stack))
    assert fields[:2] == [(1, font.encode()), (2, b"0-255")]
    glyphs = [dict(read_fields(glyph)) for _, glyph in fields[2:]]
    assert [chr(glyph[1]) for glyph in glyphs] == list(DIGITS + CAPITALS)
    for glyph in glyphs:
        # Sizes are those without the border of 3 pixels; all digits are equally wide.
        assert len(glyph[2]) == (glyph[3] + 6) * (glyph[4] + 6)
        assert glyph[7] == 14 or chr(glyph[1]) in CAPITALS
    # From 192 on a pixel is inside the outline: a zero has ink, a hole, and ink again on its middle line.
    zero = glyphs[0]
    across = zero[3] + 6
    middle = zero[2][(zero[4] + 6) // 2 * across :][:across]
    inked = "".join("#" if value >= 192 else " " for value in middle)
    assert [len(run) for run in inked.split()] == [3, 4]

    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["Noto%20Sans%20Bold/256-511.pbf", "Noto%20Sans/0-255.pbf", "x/y"])
def test_glyphs_of_other_characters_are_answered_404(client: TestClient, path: str) -> None:
    answer = client.get(f"/v1/styles/glyphs/{path}")
    assert answer.status_code == 404
    assert "Noto Sans Bold/0-255.pbf" in answer.json()["detail"]


def read_fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message of Protocol Buffers: numbers, and bytes."""
    at = 0

    def read_number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        key = read_number()
        value: Any = read_number()
        if key & 7 == 2:
            at += value
            value = message[at - value : at]
        yield key >> 3, value
