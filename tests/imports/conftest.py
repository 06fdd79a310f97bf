"""The company and the reading context of the tests of records."""

from tests.records.conftest import company, context

__all__ = ["company", "context"]
