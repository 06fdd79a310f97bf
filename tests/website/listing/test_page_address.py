"""Addresses of one search, with and without one of its parameters."""

from app.website.listing.page_address import PageAddress

ADDRESS = PageAddress("/sensoren", {"sensorType": "sound,radio", "asOf": "2026-01-01", "q": "a&b"})


def test_address_has_readable_commas_and_escapes_the_rest() -> None:
    assert str(ADDRESS) == "/sensoren?asOf=2026-01-01&q=a%26b&sensorType=sound,radio"


def test_removing_one_of_several_values_keeps_the_others() -> None:
    without = ADDRESS.without("sensorType", "sound")

    assert without.parameters["sensorType"] == "radio"
    assert "sensorType" not in without.without("sensorType", "radio").parameters


def test_other_path_has_the_same_search() -> None:
    assert str(ADDRESS.at("/kaart", q=None)) == "/kaart?asOf=2026-01-01&sensorType=sound,radio"
