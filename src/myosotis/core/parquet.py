"""Reading Parquet without threads that outlive the reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["parquet_table"]


def parquet_table(content: bytes) -> pa.Table:
    """Read the content of a Parquet file into a table.

    Worker threads of Arrow that are still being started or stopped while the interpreter ends abort the whole
    process, after its work is done (https://github.com/apache/arrow/issues/34314 and 39862): a command would fail that
    had succeeded. So no thread is started.

    Raises `pyarrow.ArrowException` for what is not Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.ParquetFile(pa.BufferReader(content), pre_buffer=False).read(use_threads=False)
