"""QGIS without a window, for the scripts that the system's Python runs: start, draw, stop.

A script is run as `python3 -m tests.clients.<name>` from the folder of the project, and prints what it found as JSON.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor  # type: ignore[import-not-found]

RD = "EPSG:28992"
AMSTERDAM = QgsRectangle(113_500, 479_500, 129_500, 495_500)
"""The place of the sensors of the tests, in RD."""
BACKGROUND = "#f4f4f0"


def run(main: Callable[[str, Path], dict[str, Any]]) -> None:
    """Run a script with the words of its command: the address of the landing page, and a folder for files."""
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    # QGIS has an object for an empty value, which JSON writes as null.
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2])), default=lambda _: None))
    application.exitQgis()


def draw(layer: Any, place: Path) -> dict[str, int]:
    """Gives how many dots of the picture have each colour, of every second one across and down."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(RD))
    settings.setExtent(AMSTERDAM)
    settings.setOutputSize(QSize(640, 640))
    settings.setBackgroundColor(QColor(BACKGROUND))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    picture.save(str(place))
    dots = product(range(0, picture.width(), 2), range(0, picture.height(), 2))
    return dict(Counter(picture.pixelColor(across, down).name() for across, down in dots))
