"""FeatureCollections of boundaries, right and wrong."""

import json
from typing import Any

import pytest

from app.core.errors import InvalidRequest
from app.municipalities.feature_collection import parse_collection

FEATURE = {"type": "Feature", "properties": {"naam": "Vak"}, "geometry": None}


def parse(**members: Any) -> Any:
    return parse_collection(json.dumps({"features": [FEATURE], **members}).encode(), "grenzen.json")


def test_members_of_a_page_are_read() -> None:
    crs = {"type": "name", "properties": {"name": "EPSG:28992"}}

    page = parse(
        crs=crs, links=[{"rel": "self", "href": "/1"}, {"rel": "next", "href": "/2"}], numberMatched=7
    )

    assert (page.declared_crs, page.next_link, page.number_matched) == ("EPSG:28992", "/2", 7)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_json_are_read(encoding: str) -> None:
    content = json.dumps({"features": [FEATURE | {"properties": {"naam": "Súdwest"}}]}, ensure_ascii=False)

    assert parse_collection(content.encode(encoding), "grenzen.json").features[0].attributes == {
        "naam": "Súdwest"
    }


@pytest.mark.parametrize("links", ["next", [None, "next"], {"rel": "next"}, [{"rel": "next", "href": 3}]])
def test_links_of_another_form_lead_nowhere(links: Any) -> None:
    assert parse(links=links, numberMatched="7").next_link is None


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"features": [FEATURE, 3]}, "object 2 is geen Feature"),
        ({"features": [FEATURE | {"properties": "Vak"}]}, "object 1 is geen Feature"),
        (
            {"features": [FEATURE | {"geometry": {"type": "Point", "coordinates": "5,52"}}]},
            "geometrie van Vak",
        ),
        ({"crs": "EPSG:28992"}, "coördinatenstelsel"),
        ({"crs": {"type": "link", "properties": {"href": "https://example.org"}}}, "coördinatenstelsel"),
    ],
)
def test_content_of_another_form_is_refused_with_its_place(members: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse(**members)

    assert refused.value.detail is not None
    assert reason in refused.value.detail.nl


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"[" * 100_000, b'{"features": [NaN]}', b'{"features": ', b"3", b"{}"]
)
def test_content_that_is_no_collection_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parse_collection(content, "grenzen.json")
