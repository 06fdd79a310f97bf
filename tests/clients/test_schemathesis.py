"""Schemathesis, which knows only our API document: whatever it asks, answers are as that document says."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.clients.conftest import Site

pytestmark = pytest.mark.slow

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""Not that what the document forbids is refused: a `limit` above its maximum is cut, as OGC has it."""

EXAMPLES = 15
"""Examples per operation: all operations together stay under a minute."""


def test_get_operations_answer_as_documented(site: Site, requests: list[str]) -> None:
    schema = schemathesis.openapi.from_url(f"{site.root}/openapi.json").include(method="GET")
    results: list[Any] = list(schema.get_all_operations())
    assert len(results) > 25
    statuses: Counter[int] = Counter()
    for result in results:
        _try_operation(result.ok(), statuses)
    # Not only refusals.
    assert statuses[200] > len(results)
    assert any("/collections/sensors/items?" in asked for asked in requests)


def _try_operation(operation: Any, statuses: Counter[int]) -> None:
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def ask(case: Any) -> None:
        statuses[case.call_and_validate(checks=CHECKS).status_code] += 1

    ask()
