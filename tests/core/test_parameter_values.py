"""Values of query parameters, and the decimal comma that each numeric one explains."""

from collections.abc import Callable

import pytest

from app.core.parameter_values import (
    InvalidParameter,
    join_decimals,
    parse_float,
    radius_up_to,
)


@pytest.mark.parametrize(
    ("parse", "text", "meant"),
    [
        (parse_float, "4,5", "4.5"),
        (parse_float, "-0,5", "-0.5"),
        (radius_up_to(50_000), "0,5", "0.5"),
    ],
)
def test_decimal_comma_is_explained_with_the_number_that_is_meant(
    parse: Callable[[str], object], text: str, meant: str
) -> None:
    with pytest.raises(InvalidParameter) as refused:
        parse(text)
    assert f"Bedoelt u {meant}?" in refused.value.detail.nl
    assert f"Did you mean {meant}?" in refused.value.detail.en


@pytest.mark.parametrize("text", ["4.5,6", "a,5", "4,5,6", "4,-5", "4,5e1", "vier", ""])
def test_other_text_than_a_number_is_not_explained_as_a_decimal_comma(text: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        parse_float(text)
    assert "Bedoelt u" not in refused.value.detail.nl


def test_join_decimals_gives_every_reading() -> None:
    assert list(join_decimals(["4", "88", "52"], 2)) == [["4.88", "52"], ["4", "88.52"]]
    assert list(join_decimals(["4", "88"], 2)) == []
    assert list(join_decimals(["4"] * 9, 4)) == []
