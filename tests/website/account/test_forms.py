"""The fields of a form: one value, or the values of a list of boxes."""

import pytest

from app.core.errors import InvalidRequest
from app.website.account.forms import FormFields, parse_number


def test_field_that_is_repeated_is_read_as_a_list_alone() -> None:
    form = FormFields([("naam", "Eva"), ("thema", "a"), ("thema", "b")])
    assert (form["naam"], form.get("anders"), len(form), list(form)) == ("Eva", None, 2, ["naam", "thema"])
    assert form.list_values("thema") == ["a", "b"]
    assert (form.list_values("naam"), form.list_values("anders")) == (["Eva"], [])
    with pytest.raises(InvalidRequest):
        form.get("thema")


@pytest.mark.parametrize(
    "given", ["", "0", "-1", "21", "1.5", " 1", "\u0663", "\u00b2", "00001", "001" + "1" * 5000, "9" * 5000]
)
def test_number_out_of_reach_is_none(given: str) -> None:
    assert parse_number(given, 20) is None


def test_number_is_read_up_to_its_maximum() -> None:
    assert [parse_number(given, 20) for given in ("1", "07", "20")] == [1, 7, 20]
