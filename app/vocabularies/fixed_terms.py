"""Lists and terms on which rules of the register depend: their words may change, and they do not end.

The code of the register names them: a registration whose `visibility` may not be `internal` any more would be public.
"""

from typing import Final

FIXED_LISTS: Final = frozenset(
    {
        "personalData",
        "gdprBases",
        "dpiaStatus",
        "retentionKind",
        "mobility",
        "locationAccuracy",
        "heightReference",
        "aiUse",
        "visibility",
        "operationalStatus",
        "registrationStatus",
    }
)
"""Lists that get no terms and lose none."""

_FIXED_TERMS: Final = frozenset(
    {
        ("sensorType", "optical_camera"),
        ("sensorType", "other"),
        ("organisationType", "municipality"),
        ("organisationType", "province"),
        ("organisationType", "water_authority"),
        ("organisationType", "national_government"),
        ("organisationType", "other_public"),
        ("organisationType", "company"),
        ("organisationType", "private_person"),
    }
)

BROADER: Final = {"sensorSubtype": "sensorType", "themes": "smartCityTheme"}
"""The list that the terms of a list belong to: a subtype to a type of sensor, a theme to a theme of smart cities."""


def is_fixed(vocabulary: str, code: str) -> bool:
    """Whether the term cannot end."""
    return vocabulary in FIXED_LISTS or (vocabulary, code) in _FIXED_TERMS
