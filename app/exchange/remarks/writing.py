"""The file handed back, in its own format."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app.core.language import Language
from app.exchange.remarks.delimited import remark_delimited
from app.exchange.remarks.findings import Findings
from app.exchange.remarks.geojson import remark_geojson
from app.exchange.remarks.geopackage import remark_geopackage
from app.exchange.remarks.parquet import remark_parquet
from app.exchange.remarks.workbook import remark_workbook
from app.exchange.reporting import LocatedProblem
from app.exchange.sources.recognition import Kind, recognise_file

_WRITERS: Final[dict[Kind, Callable[[Path, Path, Findings], None]]] = {
    "xlsx": remark_workbook,
    "csv": remark_delimited,
    "geojson": remark_geojson,
    "gpkg": remark_geopackage,
    "parquet": remark_parquet,
}


def write_remarks(
    source_path: Path, destination: Path, problems: Sequence[LocatedProblem], language: Language
) -> None:
    """Write the file again with a last column of remarks, and in Excel the cells that they are about coloured.

    Remarks of an earlier time are taken out. Raises: InvalidRequest where the file cannot be read.
    """
    _WRITERS[recognise_file(source_path)](source_path, destination, Findings(problems, language))
