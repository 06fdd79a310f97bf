"""`sensor-register openapi`: the description of the API, as /v1/openapi.json gives it."""

import json
import sys

from app.core.settings import get_settings
from app.main import create_app


def print_openapi() -> None:
    """Print the OpenAPI document as JSON; needs no database."""
    document = create_app(get_settings()).openapi()
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
