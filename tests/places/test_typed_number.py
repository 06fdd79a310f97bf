"""Registration numbers as people type and paste them."""

import pytest

from app.places.typed_number import find_number, is_mistyped


@pytest.mark.parametrize(
    "text",
    [
        "XKV6XXC",
        "xkv6xxc",
        "xkv 6xxc",
        "XKV-6XXC",
        "sensor XKV6XXC",
        "Sensor: xkv6 xxc",
        "registratienummer XKV6XXC",
        "https://host.nl/s/XKV6XXC",
        "HTTPS://HOST.NL/S/XKV6XXC",
        "host.nl/s/xkv6xxc",
        "/s/XKV6XXC",
        "/en/s/XKV6XXC",
        "https://gemeente.nl/sensoren/s/XKV6XXC/sticker?taal=nl",
    ],
)
def test_number_in_every_form_is_found(text: str) -> None:
    assert find_number(text) == "XKV6XXC"


@pytest.mark.parametrize("text", ["sensor XKV6XX0", "https://host.nl/s/XKV6XX0", "/s/XKV6XX0"])
def test_mistyped_number_that_is_said_to_be_one_is_found(text: str) -> None:
    assert find_number(text) == "XKV6XX0"


@pytest.mark.parametrize(
    "text", ["sensor utrecht", "sensor 12", "Utrecht", "3512AD1", "GM0363", "/s/utrecht", "https://host.nl/"]
)
def test_other_text_is_no_number(text: str) -> None:
    assert find_number(text) is None


def test_text_of_digits_and_letters_may_be_a_mistyped_number() -> None:
    assert is_mistyped("XKV6XX0")
    assert is_mistyped("xkv 6xx")


@pytest.mark.parametrize(
    "text",
    ["3512AD", "3512 AD 1", "Markt 50", "Plein 100", "GM0363", "Utrecht", "2026", "A12 km 5", "Neude 11"],
)
def test_address_is_no_mistyped_number(text: str) -> None:
    assert not is_mistyped(text)
