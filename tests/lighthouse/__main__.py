"""`make lighthouse`: the figures of Lighthouse for the main pages of a running site, as a table in Markdown."""

from typing import Annotated

import httpx
import typer

from tests.lighthouse.measuring import CATEGORIES, FORMS, Report, measure_pages

PAGES = {
    "start": "/",
    "a spot, asked": "/hier",
    "a spot": "/hier?plek=5.11900,52.09290",
    "map": "/kaart",
    "list": "/sensoren",
    "sensor": "/s/{code}",
    "municipality": "/gemeente/utrecht",
    "figures": "/cijfers",
}


def run(
    address: Annotated[str, typer.Argument(help="Where the site runs.")] = "http://127.0.0.1:8000",
) -> None:
    """Measure each page as on a phone with slow 4G, and as at a desk."""
    items = httpx.get(f"{address}/v1/collections/sensors/items?limit=1", trust_env=False).json()["features"]
    code = items[0]["properties"]["publicCode"]
    addresses = [address + path.format(code=code) for path in PAGES.values()]
    print(
        "| page | form | performance | accessibility | best practices | SEO | FCP ms | LCP ms | TBT ms | CLS | kB |"
    )
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for form in FORMS:
        reports = measure_pages(addresses, form, CATEGORIES)
        for name, report in zip(PAGES, reports, strict=True):
            print(_write_row(name, form, report))


def _write_row(name: str, form: str, report: Report) -> str:
    if report.problem:
        return f"| {name} | {form} | {report.problem} |"
    scores = [str(report.scores[category]) for category in CATEGORIES]
    times = [
        f"{time or 0:.0f}" for time in (report.first_paint_ms, report.largest_paint_ms, report.blocked_ms)
    ]
    size = [f"{report.layout_shift or 0:.3f}", f"{(report.bytes or 0) / 1000:.0f}"]
    return f"| {' | '.join([name, form, *scores, *times, *size])} |"


if __name__ == "__main__":
    typer.run(run)
