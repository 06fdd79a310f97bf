"""`offset` in a collection: the first page, or a refusal."""

from typing import Any

import pytest

from tests.support.register import Register

COLLECTIONS = ("sensors", "observed-areas", "municipalities")


def read(register: Register, collection: str, query: str) -> dict[str, Any]:
    document: dict[str, Any] = register.client.get(f"/v1/collections/{collection}/items?{query}").json()
    document.pop("timeStamp", None)
    return document


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_offset_0_is_the_first_page_with_the_same_links(filled: Register, collection: str) -> None:
    first = read(filled, collection, "limit=2")
    assert first["features"]
    assert read(filled, collection, "offset=0&limit=2") == first


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_other_offset_is_refused_with_the_way_to_page(filled: Register, collection: str) -> None:
    [problem] = read(filled, collection, "offset=2&limit=2")["errors"]
    assert (problem["location"], problem["code"]) == ("offset", "unknown_parameter")
    assert "`next`" in problem["detail"]


def test_offset_beside_a_cursor_is_refused(filled: Register) -> None:
    links = read(filled, "sensors", "limit=2")["links"]
    [following] = [link["href"] for link in links if link["rel"] == "next"]
    assert filled.client.get(following).status_code == 200
    assert filled.client.get(f"{following}&offset=0").status_code == 400
