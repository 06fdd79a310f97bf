"""The frame of a picture shows what a map with the same bounds shows."""

import pytest

from app.website.picture.frame import MARGIN_ACROSS, MARGIN_DOWN, fit_frame

UTRECHT = (5.0, 52.0, 5.2, 52.15)


@pytest.mark.parametrize("size", [(360, 450), (1140, 645), (300, 1200)])
def test_bounds_leave_the_margins_free_in_the_part_that_is_always_seen(size: tuple[int, int]) -> None:
    frame = fit_frame(UTRECHT, *size)
    left, top, width, height = frame.view_box

    assert frame.place(UTRECHT[0], UTRECHT[3]) == pytest.approx(
        (left + MARGIN_ACROSS * width, top + MARGIN_DOWN * height), abs=0.2
    )
    assert frame.place(UTRECHT[2], UTRECHT[1]) == pytest.approx(
        (left + (1 - MARGIN_ACROSS) * width, top + (1 - MARGIN_DOWN) * height), abs=0.2
    )


def test_part_that_is_always_seen_fits_the_expected_size_on_one_side() -> None:
    for size in ((360, 450), (1140, 645)):
        _, _, width, height = fit_frame(UTRECHT, *size).view_box

        assert max(width / size[0], height / size[1]) == pytest.approx(1, abs=0.001)


def test_zoom_is_that_of_a_map_of_the_world_of_512_pixels() -> None:
    # The world of 360 degrees in 512 pixels is zoom 0.
    frame = fit_frame((-180 * 0.88, -60, 180 * 0.88, 60), 512, 5000)

    assert frame.zoom == pytest.approx(0, abs=0.001)


def test_view_of_a_reader_is_all_that_is_always_seen() -> None:
    frame = fit_frame(UTRECHT, 1140, 645, has_margins=False)
    left, top, width, height = frame.view_box

    assert frame.place(UTRECHT[0], UTRECHT[3]) == pytest.approx((left, top), abs=0.2)
    assert frame.place(UTRECHT[2], UTRECHT[1]) == pytest.approx((left + width, top + height), abs=0.2)
