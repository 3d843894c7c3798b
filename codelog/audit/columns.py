"""What a table of an export is: columns with a type and a meaning, and the rows that a case makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from codelog.audit.exported import ExportedCase

Kind = Literal["text", "integer", "number", "instant", "yes/no"]
"""`instant`: milliseconds since the epoch in the program, UTC in the file. `number`: a decimal as text."""

Cell = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. None in a row is not recorded or not known."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `rows` makes the rows of a case, each with a cell for every column. May raise Unreadable."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Callable[[ExportedCase], Iterator[tuple[Cell, ...]]]
