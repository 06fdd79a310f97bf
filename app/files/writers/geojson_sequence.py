"""GeoJSON text sequences: one feature a record, so that a reader needs to hold one at a time.

Source: RFC 8142.
"""

from collections.abc import Sequence

_RECORD_SEPARATOR = b"\x1e"


def write_sequence(features: Sequence[bytes]) -> bytes:
    """The features as records; they go on unparsed."""
    if not features:
        return b""
    return _RECORD_SEPARATOR + (b"\n" + _RECORD_SEPARATOR).join(features) + b"\n"
