"""Places of rows that have both a geometry and columns of coordinates."""

import shapely

from app.records.layouts import ReadingContext
from app.spatial.crs import Crs
from tests.support.layout_tables import list_english, make_table, read_tables


def test_columns_that_differ_from_the_geometry_are_counted(context: ReadingContext) -> None:
    here = shapely.Point(4.8932, 52.3731)
    table = make_table(
        ["reference", "lat", "lon"],
        ["same", 52.3731, 4.8932],
        ["moved", 52.3831, 4.8932],
        ["empty", None, None],
        geometries=[here, here, here],
        crs=Crs.CRS84,
    )
    reader, records = read_tables(context, table)
    assert [record.given["location"] for record in records] == [here, here, here]
    (sentence,) = [one for one in list_english(reader.assumptions) if "point on the map" in one]
    assert "In 1 row the columns of coordinates give another place" in sentence
