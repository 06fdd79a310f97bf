"""Rows of an import before they are applied: on the map as GeoJSON, and as a list."""

from typing import Any

from tests.support.import_browser import ImportBrowser
from tests.support.import_client import make_rows, write_csv


def read_outcomes(eva: ImportBrowser, path: str) -> list[tuple[str, Any]]:
    answer = eva.get(f"{path}/plekken.geojson")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    return [(one["properties"]["outcome"], one["geometry"]["type"]) for one in answer.json()["features"]]


def test_rows_are_shown_before_they_are_applied(eva: ImportBrowser) -> None:
    rows = make_rows(3)
    first = eva.submit(write_csv(rows[:2]))
    assert f'{first}/plekken"' in eva.get(first).text
    assert read_outcomes(eva, first) == [("new", "Point")] * 2
    eva.send(f"{first}/toepassen")
    assert eva.get(f"{first}/plekken").status_code == 404
    assert eva.get(f"{first}/plekken.geojson").status_code == 404
    moved = rows[0] | {"latitude": rows[0]["latitude"] + 0.01}
    refused = rows[2] | {"reference": "kapot", "purpose": ""}
    path = eva.submit(write_csv([moved, rows[1], rows[2], refused]))
    assert read_outcomes(eva, path) == [
        ("move", "LineString"),
        ("changed", "Point"),
        ("new", "Point"),
        ("refused", "Point"),
    ]
    page = eva.get(f"{path}/plekken").text
    for shown in ("gewijzigd, verplaatst", "→", "kapot", "(Amsterdam)", "3 rijen"):
        assert shown in page, shown
    only = eva.get(f"{path}/plekken?uitkomst=refused").text
    assert "kapot" in only
    assert "verplaatst" not in only.partition("<tbody>")[2]
    for query in ("bladzijde=0", "bladzijde=x", "bladzijde=99999", "uitkomst=anders"):
        assert eva.get(f"{path}/plekken?{query}").status_code == 200
