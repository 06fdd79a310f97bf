"""The documents that describe the tiles: lists, metadata, definitions and TileJSON."""

import math
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.support.application import make_client

SETS = ("WebMercatorQuad", "NetherlandsRDNewQuad")


@pytest.fixture(scope="module")
def client(module_database: str) -> Iterator[TestClient]:
    with make_client(module_database, public_url="https://sensoren.example") as client:
        yield client


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list")
def test_list_of_tilesets_links_to_each_tileset(client: TestClient) -> None:
    document = client.get("/v1/tiles").json()
    assert [one["links"][0]["href"] for one in document["tilesets"]] == [
        f"https://sensoren.example/v1/tiles/{name}" for name in SETS
    ]
    for one, name in zip(document["tilesets"], SETS, strict=True):
        assert one["dataType"] == "vector"
        assert one["crs"].startswith("http://www.opengis.net/def/crs/EPSG/0/")
        (scheme,) = [link for link in one["links"] if link["rel"].endswith("/tiling-scheme")]
        assert client.get(scheme["href"]).json()["id"] == name


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("WebMercatorQuad", "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"),
        # OGC has no URI for it: the address of the definition identifies it.
        ("NetherlandsRDNewQuad", "https://sensoren.example/v1/tileMatrixSets/NetherlandsRDNewQuad"),
    ],
)
def test_tileset_names_the_uri_of_its_tile_matrix_set(client: TestClient, name: str, uri: str) -> None:
    tilesets = {
        one["links"][0]["href"].rpartition("/")[2]: one for one in client.get("/v1/tiles").json()["tilesets"]
    }
    sets = {one["id"]: one for one in client.get("/v1/tileMatrixSets").json()["tileMatrixSets"]}
    assert tilesets[name]["tileMatrixSetURI"] == uri
    assert client.get(f"/v1/tiles/{name}").json()["tileMatrixSetURI"] == uri
    assert sets[name]["uri"] == uri
    assert client.get(f"/v1/tileMatrixSets/{name}").json()["uri"] == uri


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset")
@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core")
@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt")
@pytest.mark.parametrize("name", SETS)
def test_tileset_has_the_addresses_and_limits_of_its_tiles(client: TestClient, name: str) -> None:
    document = client.get(f"/v1/tiles/{name}").json()
    (template,) = [link for link in document["links"] if link["rel"] == "item"]
    assert template["templated"] is True
    assert template["type"] == "application/vnd.mapbox-vector-tile"
    assert len(document["tileMatrixSetLimits"]) > 10
    for limits in document["tileMatrixSetLimits"]:
        corners = [
            (limits[f"{edge}TileRow"], limits[f"{side}TileCol"])
            for edge in ("min", "max")
            for side in ("min", "max")
        ]
        for row, col in corners:
            path = template["href"].format(tileMatrix=limits["tileMatrix"], tileRow=row, tileCol=col)
            assert client.get(path).status_code == 204
        outside = template["href"].format(
            tileMatrix=limits["tileMatrix"], tileRow=limits["maxTileRow"] + 1, tileCol=limits["minTileCol"]
        )
        assert client.get(outside).status_code == 404
    assert document["layers"][0]["id"] == "sensors"


def test_tile_matrix_set_of_rd_follows_the_dutch_guideline(client: TestClient) -> None:
    definition = client.get("/v1/tileMatrixSets/NetherlandsRDNewQuad").json()
    assert definition["crs"] == "http://www.opengis.net/def/crs/EPSG/0/28992"
    first, *rest = definition["tileMatrices"]
    assert first == {
        "id": "0",
        "scaleDenominator": 12288000.0,
        "cellSize": 3440.64,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-285401.92, 903401.92],
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 1,
        "matrixHeight": 1,
    }
    assert len(rest) == 16
    # The cell sizes of the tiles of PDOK at these zoom levels.
    assert [one["cellSize"] for one in rest[:6]] == [1720.32, 860.16, 430.08, 215.04, 107.52, 53.76]
    assert rest[13]["cellSize"] == 0.21


def test_tile_matrix_set_of_web_maps_follows_ogc(client: TestClient) -> None:
    definition = client.get("/v1/tileMatrixSets/WebMercatorQuad").json()
    assert definition["uri"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    assert len(definition["tileMatrices"]) == 25
    # Source: OGC 17-083r4, annex D.1.
    for zoom, scale, cell in (
        (0, 559082264.028717, 156543.033928041),
        (18, 2132.72958384978, 0.597164283477939),
    ):
        matrix = definition["tileMatrices"][zoom]
        assert math.isclose(matrix["scaleDenominator"], scale, rel_tol=1e-12)
        assert math.isclose(matrix["cellSize"], cell, rel_tol=1e-12)
        assert matrix["matrixWidth"] == 2**zoom
    assert math.isclose(definition["tileMatrices"][0]["pointOfOrigin"][0], -20037508.3427892, rel_tol=1e-14)
    listed = client.get("/v1/tileMatrixSets").json()["tileMatrixSets"]
    assert [one["id"] for one in listed] == list(SETS)
    assert client.get("/v1/tileMatrixSets/Mars").status_code == 404


def test_tilejson_carries_the_search(client: TestClient) -> None:
    tilejson = client.get("/v1/tiles/WebMercatorQuad?f=tilejson&sensorType=sound").json()
    assert tilejson["tilejson"] == "3.0.0"
    assert tilejson["tiles"] == [
        "https://sensoren.example/v1/tiles/WebMercatorQuad/{z}/{y}/{x}?sensorType=sound"
    ]
    assert tilejson["vector_layers"][0]["id"] == "sensors"
    west, south, east, north = tilejson["bounds"]
    assert (west < 3.36, south < 50.75, east > 7.23, north > 53.56) == (True, True, True, True)
    accepted = client.get("/v1/tiles/WebMercatorQuad", headers={"Accept": "application/vnd.mapbox.tile+json"})
    assert accepted.json()["tilejson"] == "3.0.0"
    # TileJSON describes web maps only.
    assert client.get("/v1/tiles/NetherlandsRDNewQuad?f=tilejson").status_code == 400
    for path in ("/v1/tiles/WebMercatorQuad", "/v1/collections"):
        errors = client.get(f"{path}?f=pdf&colour=red").json()["errors"]
        assert sorted(problem["location"] for problem in errors) == ["colour", "f"]


@pytest.mark.parametrize(
    "path", ["/v1/tiles", "/v1/tiles/WebMercatorQuad", "/v1/tileMatrixSets", "/v1/styles/sensors"]
)
def test_document_that_the_client_has_is_answered_304(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{path}?nonsense=1").status_code == 400


def test_landing_page_and_collection_link_to_the_tiles(client: TestClient) -> None:
    for path in ("/v1", "/v1/collections/sensors"):
        (link,) = [one for one in client.get(path).json()["links"] if one["rel"].endswith("/tilesets-vector")]
        assert link["href"] == "https://sensoren.example/v1/tiles"
    (link,) = [one for one in client.get("/v1").json()["links"] if one["rel"].endswith("/tiling-schemes")]
    assert link["href"] == "https://sensoren.example/v1/tileMatrixSets"
    assert client.get(link["href"]).status_code == 200
    claimed = client.get("/v1/conformance").json()["conformsTo"]
    assert [uri.rpartition("/")[2] for uri in claimed if "/ogcapi-tiles-1/" in uri] == [
        "core", "tileset", "tilesets-list", "mvt",
    ]  # fmt: skip
