"""The tables as Parquet, typed for analysts: files of parts, `TABLE.00001.parquet`, so that memory stays flat."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from codelog.audit.columns import Cell, Table
from codelog.audit.exported import ExportedCase
from codelog.audit.folder import WorkingFolder
from codelog.audit.tables import TABLES, rows_of

if TYPE_CHECKING:
    import pyarrow

ROWS_AT_A_TIME = 4_000


class NoPyarrow(Exception):
    """Parquet needs a library that is not installed."""


class ParquetTables:
    """Writes one part of every table for each batch of cases. `parts` were written by an earlier export."""

    def __init__(self, folder: WorkingFolder) -> None:
        if importlib.util.find_spec("pyarrow") is None:
            raise NoPyarrow('Parquet needs pyarrow, which is not installed: pip install "codelog[parquet]"')
        self._folder = folder
        self._part = 1 + sum(
            name.startswith("events.") and name.endswith(".parquet") for name in folder.files
        )
        self._open: dict[str, _Part] = {}

    def add(self, case: ExportedCase) -> None:
        """Add the rows of a case."""
        rows = rows_of(case)
        for table in TABLES:
            if table.name not in self._open:
                self._open[table.name] = _Part(self._folder, table, self._part)
            self._open[table.name].add(rows[table.name])

    def end_batch(self) -> None:
        """Finish the parts."""
        for part in self._open.values():
            part.close()
        self._part += bool(self._open)
        self._open.clear()

    def end(self) -> None:
        """Every part is finished already."""


class _Part:
    def __init__(self, folder: WorkingFolder, table: Table, number: int) -> None:
        import pyarrow.parquet

        self._folder = folder
        self._table = table
        self._name = f"{table.name}.{number:05d}.parquet"
        self._file = _Sink(folder.file(self._name, table.meaning))
        self._schema = schema_of(table)
        self._writer = pyarrow.parquet.ParquetWriter(self._file, self._schema, compression="zstd")
        self._rows: list[Sequence[Cell]] = []

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Take rows; written when there are enough."""
        self._rows += rows
        if len(self._rows) >= ROWS_AT_A_TIME:
            self._write()

    def close(self) -> None:
        """Write the rest and the footer."""
        if self._rows:
            self._write()
        self._writer.close()
        self._folder.finish(self._name)

    def _write(self) -> None:
        import pyarrow

        columns = [
            pyarrow.array(_typed(column.kind, values), type=field.type)
            for column, values, field in zip(
                self._table.columns, zip(*self._rows, strict=True), self._schema, strict=True
            )
        ]
        self._writer.write_batch(pyarrow.record_batch(columns, schema=self._schema))
        self._rows = []


class _Sink:
    """What pyarrow takes for a file, over one of ours."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._at = 0
        self.closed = False

    def write(self, content: Any) -> int:
        """Add to the end."""
        content = bytes(content)
        self._file.write(content)
        self._at += len(content)
        return len(content)

    def tell(self) -> int:
        """How much was written."""
        return self._at

    def flush(self) -> None:
        """The file below is flushed when it is finished."""

    def close(self) -> None:
        """The file below is closed when it is finished."""
        self.closed = True


def schema_of(table: Table) -> pyarrow.Schema:
    """The Arrow schema of a table; the meaning of every column stands in its metadata."""
    import pyarrow

    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "instant": pyarrow.timestamp("ms", tz="UTC"),
        "yes/no": pyarrow.bool_(),
    }
    return pyarrow.schema(
        [
            pyarrow.field(column.name, types[column.kind], metadata={"meaning": column.meaning})
            for column in table.columns
        ],
        metadata={"meaning": table.meaning},
    )


def _typed(kind: str, values: Sequence[Cell]) -> Sequence[Cell | float]:
    if kind != "number":
        return values
    return [None if value is None else float(value) for value in values]
