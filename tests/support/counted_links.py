"""Numbers on pages, and what one gets by following or choosing them."""

import html
import re
from urllib.parse import parse_qsl, urlencode

from fastapi.testclient import TestClient

_COUNT_LINK = re.compile(r'<a class="count-link" href="([^"]+)">([\d.,]+)</a>')
_OPTION = re.compile(
    r'<input type="checkbox" name="(\w+)" value="([^"]*)"[^>]*>\s*<span>[^<]*</span>\s*'
    r'<span class="option__count">([\d.,]+)</span>'
)
_PROVINCE = re.compile(r'<option value="(PV\d\d)"[^>]*>[^<]*\(([\d.,]+)\)</option>')


def list_counted_links(page: str) -> list[tuple[str, int]]:
    """The address and the number of each number on a page that is a link."""
    return [(html.unescape(address), _read_number(number)) for address, number in _COUNT_LINK.findall(page)]


def list_counted_options(page: str) -> list[tuple[str, str, int]]:
    """The parameter, value and number of each value of a filter on a page of a search."""
    options = [
        (name, html.unescape(value), _read_number(number)) for name, value, number in _OPTION.findall(page)
    ]
    return options + [("province", value, _read_number(number)) for value, number in _PROVINCE.findall(page)]


def count_items(site: TestClient, criteria: str) -> int:
    """`numberMatched` of the items of a search."""
    answer = site.get(f"/v1/collections/sensors/items?{criteria}&limit=1")
    assert answer.status_code == 200, (criteria, answer.text)
    number: int = answer.json()["numberMatched"]
    return number


def count_statistics(site: TestClient, criteria: str) -> int:
    """The total of the statistics of a search."""
    answer = site.get(f"/v1/statistics?{criteria}")
    assert answer.status_code == 200, (criteria, answer.text)
    number: int = answer.json()["total"]
    return number


def replace_parameter(criteria: str, name: str, value: str) -> str:
    return urlencode({**dict(parse_qsl(criteria)), name: value})


def _read_number(text: str) -> int:
    return int(re.sub(r"[.,]", "", text))
