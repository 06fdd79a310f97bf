"""Parquet with a last column of remarks."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from app.files.annotations.row_problems import FileProblems
from app.files.readers.parquet import explain_parquet_damage
from app.files.table import ANNOTATION_HEADINGS


def annotate_parquet(source: Path, destination: Path, problems: FileProblems) -> None:
    """Write the rows again. Raises: InvalidRequest where the file is damaged."""
    with explain_parquet_damage(), pq.ParquetFile(source, memory_map=True) as file:
        columns = [field for field in file.schema_arrow if field.name not in ANNOTATION_HEADINGS]
        names = [field.name for field in columns]
        schema = pa.schema([*columns, pa.field(problems.heading, pa.string())], file.schema_arrow.metadata)
        with pq.ParquetWriter(destination, schema, compression="zstd") as writer:
            number = 0
            for batch in file.iter_batches(columns=names, use_threads=False):
                rows = (problems.find_row(None, number + place) for place in range(1, len(batch) + 1))
                remarks = pa.array([row and row.remark for row in rows], pa.string())
                writer.write_batch(pa.RecordBatch.from_arrays([*batch.columns, remarks], schema=schema))
                number += len(batch)
