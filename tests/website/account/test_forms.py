"""The fields of a form: one value, or the values of a list of boxes."""

import pytest

from app.core.errors import InvalidRequest
from app.website.account.forms import FormFields


def test_field_that_is_repeated_is_read_as_a_list_alone() -> None:
    form = FormFields([("naam", "Eva"), ("thema", "a"), ("thema", "b")])
    assert (form["naam"], form.get("anders"), len(form), list(form)) == ("Eva", None, 2, ["naam", "thema"])
    assert form.list_values("thema") == ["a", "b"]
    assert (form.list_values("naam"), form.list_values("anders")) == (["Eva"], [])
    with pytest.raises(InvalidRequest):
        form.get("thema")
