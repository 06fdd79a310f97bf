"""The version of the API."""

from typing import Final

API_VERSION: Final = "1.0.0"
"""Semantic version of the interface; its first number is that of `/v1` in the URLs."""
