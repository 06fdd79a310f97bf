"""Scores of Lighthouse for the main pages, of what does not depend on the speed of the machine."""

import pytest

from tests.lighthouse.measuring import TIMELESS, measure_pages

pytestmark = pytest.mark.slow

PAGES = (
    *("/", "/hier", "/kaart", "/sensoren", "/s/{full}", "/gemeente/amsterdam", "/cijfers", "/en/kaart"),
    *("/melden", "/ontvangst", "/gemeente/amsterdam/afhandeling"),
)


def test_main_pages_have_the_scores_that_do_not_depend_on_time(address: str, codes: dict[str, str]) -> None:
    reports = measure_pages([address + path.format(**codes) for path in PAGES], "mobile", TIMELESS)

    assert len(reports) == len(PAGES)
    assert [report.problem for report in reports if report.problem] == []
    low = {
        report.address: (report.scores, report.failed)
        for report in reports
        if min(report.scores.values()) < 95
    }
    assert low == {}
