"""An export of the history, made ready to go in again.

An export tells more than a door asks: whether a row was late, and qualities that this house judged. Without them it is
a recording like any other, and is judged anew.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from anlan.sense.doors.decode.items import KEYS
from anlan.sense.history.export import SCHEMA


def as_doors_read(file: Path, folder: Path) -> Path:
    """Return the file itself; or, if it is an export, one in ``folder`` with the columns and qualities of doors."""
    opened = _opened(file)
    if opened is None:
        return file
    schema = pa.schema([SCHEMA.field(name) for name in KEYS])
    ready = folder / f"{file.stem}.parquet"
    try:
        with pq.ParquetWriter(ready, schema, compression="zstd") as writer:
            for batch in opened:
                writer.write_batch(_plain(batch, schema))
    except pa.ArrowException:
        return file
    return ready


def _opened(file: Path) -> Iterator[pa.RecordBatch] | None:
    """Return the pieces of an export; None if the file is none, or cannot be read: the door says why."""
    try:
        if file.suffix.lower() == ".parquet":
            parquet = pq.ParquetFile(file)
            return parquet.iter_batches() if parquet.schema_arrow.names == SCHEMA.names else None
        types = pacsv.ConvertOptions(column_types=dict(zip(SCHEMA.names, SCHEMA.types, strict=True)))
        reader = pacsv.open_csv(file, convert_options=types)
        return iter(reader) if reader.schema.names == SCHEMA.names else None
    except (pa.ArrowException, OSError):
        return None


def _plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    suspect = pc.equal(batch.column("quality"), pa.scalar("suspect"))
    quality = pc.if_else(suspect, pa.scalar("suspect"), pa.scalar("good"))
    return pa.record_batch([*(batch.column(name) for name in KEYS[:3]), quality], schema=schema)
