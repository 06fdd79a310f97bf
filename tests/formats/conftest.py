"""A register with sensors of every kind, made once for all tests of a file."""

from collections.abc import Iterator

import pytest

from tests.features.conftest import Register, make_today_record, open_register
from tests.sensors.factories import make_camera

SENSORS = 12


def fill(register: Register) -> None:
    """Sensors over Dam square with texts that are hard on a format, one camera with a field of view among them."""
    today = make_today_record()
    dates = {name: today[name] for name in ("placedFrom", "activeUntil")}
    register.post(make_camera(**dates))
    texts = (
        '=HYPERLINK("http://example.org")',
        "regel één\nregel twee",
        'een "aanhaling", en een komma; en een |',
        "'s-Gravenhage",
        "<b>&amp;</b>",
        "日本語 🚲",
    )
    for number in range(SENSORS - 1):
        register.register(
            reference=f"sensor-{number:02}",
            name=texts[number % len(texts)],
            heightM=number / 4,
            heightReference="ground",
            openData=[True, False, None][number % 3],
            themes=["environment_noise", "mobility_car"][: 1 + number % 2],
            location={"type": "Point", "coordinates": [4.88 + number / 200, 52.37 + number % 3 / 300]},
        )


@pytest.fixture(scope="module")
def filled(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        fill(register)
        yield register
