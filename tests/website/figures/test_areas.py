"""Names in addresses."""

import pytest

from app.website.figures.areas import choose_names, is_identifier, make_page_path, make_slug

IDS = ("0197f0d2-0000-7000-8000-000000000001", "0197f0d2-0000-7000-8000-000000000002")


@pytest.mark.parametrize(
    ("name", "slug"),
    [("'s-Hertogenbosch", "s-hertogenbosch"), ("Bergen (NH.)", "bergen-nh"), ("Súdwest-Fryslân", "sudwest-fryslan"),
     ("Gemeente Utrecht", "utrecht")],
)  # fmt: skip
def test_slug_has_only_letters_digits_and_hyphens(name: str, slug: str) -> None:
    assert make_slug(name) == slug
    assert make_page_path("organisation", name) == f"/organisatie/{slug}"


def test_name_that_two_share_gives_both_and_an_id_gives_one() -> None:
    names = [(IDS[0], "Stad en Meting"), (IDS[1], "Stad-en-meting")]

    assert choose_names("stad-en-meting", names) == names
    assert choose_names(IDS[1].upper(), names) == [names[1]]
    assert choose_names("elders", names) == []


def test_only_an_id_has_the_form_of_an_id() -> None:
    assert is_identifier(IDS[0].upper())
    assert not is_identifier("stad")
    assert not is_identifier(IDS[0] + "0")
