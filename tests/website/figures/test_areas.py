"""Names in addresses."""

from app.website.figures.areas import choose_names, is_identifier

IDS = ("0197f0d2-0000-7000-8000-000000000001", "0197f0d2-0000-7000-8000-000000000002")


def test_name_that_two_share_gives_both_and_an_id_gives_one() -> None:
    names = [(IDS[0], "Stad en Meting"), (IDS[1], "Stad-en-meting")]

    assert choose_names("stad-en-meting", names) == names
    assert choose_names(IDS[1].upper(), names) == [names[1]]
    assert choose_names("elders", names) == []


def test_only_an_id_has_the_form_of_an_id() -> None:
    assert is_identifier(IDS[0].upper())
    assert not is_identifier("stad")
    assert not is_identifier(IDS[0] + "0")
