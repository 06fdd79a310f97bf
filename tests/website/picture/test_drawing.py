"""The names and the sources on a picture."""

from app.website.picture.drawing import keep_apart, wrap_sources
from app.website.picture.frame import fit_frame


def test_name_that_would_cover_a_more_important_one_is_left_out() -> None:
    names = [("Amsterdam", 100.0, 100.0), ("Haarlem", 60.0, 104.0), ("Utrecht", 110.0, 130.0)]

    assert [name for name, _, _ in keep_apart(names)] == ["Amsterdam", "Utrecht"]


def test_sources_fit_the_width_with_their_last_line_first() -> None:
    lines = wrap_sources(
        "GeoNames (CC BY 4.0), Natural Earth; not official", fit_frame((5, 52, 5.1, 52.2), 150, 200)
    )

    assert " ".join(reversed(lines)) == "GeoNames (CC BY 4.0), Natural Earth; not official"
    assert len(lines) > 1
