"""Scores of Lighthouse for the pages of the workplace, of what does not depend on the speed of the machine."""

import pytest

from tests.lighthouse.measuring import measure_pages
from tests.support.browser import serve_site
from tests.support.workplace_pages import COOKIE, open_workplace_pages

pytestmark = pytest.mark.slow

CATEGORIES = ("accessibility", "best-practices")
"""Search engines are kept out of these pages, so that their score for being found is low on purpose."""

PAGES = (
    *("step waar", "sensors", "import with problems", "import columns", "team"),
    *("review", "review, one", "report", "duty form", "vocabulary"),
)


def test_pages_of_the_workplace_have_the_scores_that_do_not_depend_on_time(fresh_database: str) -> None:
    with open_workplace_pages(fresh_database) as pages, serve_site(fresh_database) as address:
        addresses = [address + pages.paths[name] for name in PAGES]
        reports = measure_pages(addresses, "mobile", CATEGORIES, cookie=f"{COOKIE}={pages.token}")

    assert [report.problem for report in reports if report.problem] == []
    assert [report.final_address for report in reports] == addresses
    low = {
        report.address: (report.scores, report.failed)
        for report in reports
        if min(report.scores.values()) < 95
    }
    assert low == {}
