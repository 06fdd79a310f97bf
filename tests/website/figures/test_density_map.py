"""Classes of the map by municipality."""

from app.sensors.search.grouped_counts import CountRow
from app.website.figures.density_map import draw_density

OUTLINES = {f"GM000{number}": f"M {number} 0" for number in range(8)}
NAMES = {code: f"Gemeente {code[-1]}" for code in OUTLINES}


def test_municipality_without_sensors_is_in_the_lowest_class_and_the_fullest_in_the_highest() -> None:
    counts = [CountRow((f"GM000{number}",), number * 10) for number in range(1, 8)]

    drawn = draw_density(OUTLINES, NAMES, counts)

    shades = [area.shade for area in drawn.areas]
    assert shades[0] == 0
    assert shades[-1] == 5
    assert shades == sorted(shades)
    assert drawn.classes[0] == (0, 0, 0)
    assert drawn.classes[-1][2] == 70


def test_sensors_outside_municipalities_and_areas_without_a_name_are_left_out() -> None:
    drawn = draw_density(OUTLINES, {"GM0001": "Eén"}, [CountRow((None,), 5), CountRow(("GM0001",), 2)])

    assert [(area.name, area.count, area.link) for area in drawn.areas] == [("Eén", 2, "/gemeente/een")]
