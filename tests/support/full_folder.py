"""Files for download, written in a small folder for temporary files: `python -m tests.support.full_folder FOLDER`."""

import contextlib
import json
import random
import sys
import tempfile
from collections.abc import Iterator

from app.core.clock import dutch_date
from app.core.temporary_files import translate_storage_error, try_temporary_folder
from app.features.layer_schema import describe_layer
from app.files.writers.schema import EXCEL, FLATGEOBUF, GEOPACKAGE
from app.files.writers.spooled_file import spool_at_once
from app.sensors.search.sensor_search import SensorSearch

BATCHES = 12


def make_batches() -> Iterator[list[bytes]]:
    for batch in range(BATCHES):
        yield [make_feature(batch * 1000 + number) for number in range(1000)]


def make_feature(number: int) -> bytes:
    feature = {
        "type": "Feature",
        "id": f"0190a3b2-0000-7000-8000-{number:012}",
        "geometry": {"type": "Point", "coordinates": [4.9, 52.37]},
        "properties": {"summary": random.Random(number).randbytes(100).hex()},
    }
    return json.dumps(feature).encode()


def describe(error: Exception) -> str:
    translated = translate_storage_error(error)
    if translated is None or translated.detail is None:
        return repr(error)
    return f"{translated.status} {translated.detail.en}".replace("The server has ", "").partition(" left")[0]


def fill_folder() -> None:
    layer = describe_layer("sensors", SensorSearch(dutch_date()))
    for form in (EXCEL, FLATGEOBUF, GEOPACKAGE):
        try:
            spool_at_once(form, layer, make_batches()).close()
        except Exception as error:  # noqa: BLE001 - libraries raise their own
            print(form.name, describe(error))
    with tempfile.NamedTemporaryFile() as filling:
        with contextlib.suppress(OSError):
            filling.write(bytes(2_000_000))
        try:
            try_temporary_folder()
        except OSError as error:
            print("readiness", describe(error).removeprefix("503 "))


if __name__ == "__main__":
    tempfile.tempdir = sys.argv[1]
    fill_folder()
