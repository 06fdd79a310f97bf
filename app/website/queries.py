"""The pool of reads of pages, and the features of a page of sensors."""

import json
from typing import Any

from psycopg_pool import AsyncConnectionPool

from app.sensors.search.pages import SensorPage

ReadPool = AsyncConnectionPool[Any]


def read_features(page: SensorPage) -> list[dict[str, Any]]:
    """The features of a page, in their order."""
    features: list[dict[str, Any]] = json.loads(b"[%b]" % page.features)
    return features
