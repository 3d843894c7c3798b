"""The tables as CSV (RFC 4180): UTF-8, CRLF, a header line, what is not recorded left empty.

A text that a spreadsheet would take for a formula gets an apostrophe before it, and so does a text that begins with an
apostrophe already: taking one apostrophe from the front of every text that has one gives the text back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from codelog.audit.columns import Cell, Table
from codelog.audit.dictionary import dictionary
from codelog.audit.exported import ExportedCase
from codelog.audit.folder import HashedFile, WorkingFolder
from codelog.audit.tables import TABLES, rows_of
from codelog.case.instants import format_instant

DEFUSED = "=+-@\t\r\n＝＋－＠'"
"""What a text must not begin with in a spreadsheet, and the apostrophe that says so."""


class CsvTables:
    """Writes `TABLE.csv` for every table and `data-dictionary.csv` beside them."""

    def __init__(self, folder: WorkingFolder) -> None:
        self._folder = folder
        self._files = {table.name: self._file(table) for table in TABLES}

    def _file(self, table: Table) -> HashedFile:
        name = f"{table.name}.csv"
        file = self._folder.file_to_continue(name)
        if file is None:
            file = self._folder.file(name, table.meaning)
            file.write(csv_lines([[column.name for column in table.columns]]))
        return file

    def add(self, case: ExportedCase) -> None:
        """Add the rows of a case."""
        rows = rows_of(case)
        for table in TABLES:
            lines = csv_lines(_cells(table, rows[table.name]))
            self._files[table.name].write(lines)

    def end_batch(self) -> None:
        """Nothing has to be done between batches."""

    def end(self) -> None:
        """Finish the files."""
        for table in TABLES:
            self._folder.finish(f"{table.name}.csv")
        lines = csv_lines([[defused(cell) for cell in row] for row in dictionary()])
        self._folder.write("data-dictionary.csv", "what every table, column and field means", lines)


def csv_lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows of cells as lines of CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, dialect="excel").writerows(rows)
    return text.getvalue().encode()


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in DEFUSED and text else text


def restored(cell: str) -> str:
    """The text that `defused` was given."""
    return cell.removeprefix("'")


def _cells(table: Table, rows: Iterable[Sequence[Cell]]) -> Iterator[list[Cell]]:
    ways = [_WAYS[column.kind] for column in table.columns]
    for row in rows:
        yield [None if value is None else way(value) for way, value in zip(ways, row, strict=True)]


_WAYS: Mapping[str, Callable[[Any], Cell]] = {
    "text": defused,
    "integer": int,
    "number": str,
    "instant": format_instant,
    "yes/no": {True: "true", False: "false"}.__getitem__,
}
"""How a value that is recorded is written, by the kind of its column."""
