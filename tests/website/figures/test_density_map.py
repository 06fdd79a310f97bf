"""Classes of the map by municipality and by province."""

from app.municipalities.directory import NamedMunicipality
from app.sensors.search.grouped_counts import CountRow
from app.website.figures.density_map import draw_municipalities, draw_provinces

BOX = (0.0, 0.0, 1.0, 1.0)
OUTLINES = {f"GM000{number}": f"M {number} 0" for number in range(8)}
MUNICIPALITIES = [
    NamedMunicipality(
        2026, code, f"Vak {code[-1]}", "Utrecht" if code < "GM0004" else "Zeeland", False, True, BOX, BOX
    )
    for code in OUTLINES
]


def test_municipality_without_sensors_is_in_the_lowest_class_and_the_fullest_in_the_highest() -> None:
    counts = [CountRow((f"GM000{number}",), number * 10) for number in range(1, 8)]

    drawn = draw_municipalities(OUTLINES, MUNICIPALITIES, counts)

    shades = [shade for _, shade in drawn.outlines]
    assert (shades[0], shades[-1]) == (0, 5)
    assert shades == sorted(shades)
    assert (drawn.classes[0], drawn.classes[-1][2]) == ((0, 0, 0), 70)
    assert [place.count for place in drawn.places] == [number * 10 for number in range(8)]


def test_sensors_outside_municipalities_and_other_outlines_are_left_out() -> None:
    drawn = draw_municipalities(
        OUTLINES, MUNICIPALITIES[1:2], [CountRow((None,), 5), CountRow(("GM0001",), 2)]
    )

    assert [(place.name, place.count, place.link) for place in drawn.places] == [
        ("Vak 1", 2, "/gemeente/vak-1")
    ]
    assert len(drawn.outlines) == 1


def test_municipalities_of_a_province_have_its_class() -> None:
    drawn = draw_provinces(OUTLINES, MUNICIPALITIES, [CountRow(("PV26",), 3), CountRow(("PV29",), 90)])

    shades = [shade for _, shade in drawn.outlines]
    assert len(set(shades[:4])) == len(set(shades[4:])) == 1
    assert 0 < shades[0] < shades[-1]
    assert len(drawn.places) == 12
