"""From a key to its entry on the screen, saved and numbered.

Every program runs on a real terminal of 120 by 36 (a pty): the time is from the byte of the key going in to the text
of the answer coming out, on a store on disk. They take turns key by key. Ours runs on cases of several lengths; what
it is held against answers a key with a text in a Static, or with a further row in a DataTable.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

from benchmarks.cases import write_case
from benchmarks.harness import Remark, Row, take_turns
from benchmarks.programs import CODELOG, Program

TITLE = "from a key to the saved row on the screen"

LENGTHS = (10, 1_000, 5_000, 10_000)
TABLES = (10, 10_000)
WARM_UP = 20
"""Keys before the first that counts: by then the timeline of the shortest case scrolls, as that of the longest does."""

KEYS = "vmpf1"
"""Ventilation, compressions, a vein is tried, it failed, and why: the last is a correction of the entry before."""

_PEER = """
import sys
from textual.app import App
from textual.widgets import DataTable, Static
rows = int(sys.argv[1])
class Peer(App):
    count = 0
    def compose(self):
        yield DataTable() if rows else Static("#0 ")
    def on_mount(self):
        if rows:
            table = self.query_one(DataTable)
            table.add_columns("number", "time", "entry")
            for number in range(rows):
                table.add_row(f"#{number} ", "00:00", "an entry of some words")
            self.count = rows - 1
            table.move_cursor(row=self.count)
    def on_key(self, event):
        event.stop()
        self.count += 1
        if rows:
            table = self.query_one(DataTable)
            table.add_row(f"#{self.count} ", "00:00", "an entry of some words")
            table.move_cursor(row=self.count)
        else:
            self.query_one(Static).update(f"#{self.count} ")
Peer().run()
"""

_NUMBERS = re.compile(r"#(\d+)\D")


class Answering:
    """A program that answers every key with a higher number than before."""

    def __init__(self, program: Program, keys: Iterator[str], highest: int) -> None:
        self._program = program
        self._keys = keys
        self._highest = highest
        program.until(lambda painted: highest in _numbers(painted), f"#{highest}")
        program.settle(0.5)

    def press(self) -> float:
        """Press the next key; the seconds until its answer stands on the screen."""
        self._program.settle(0)
        begun = time.perf_counter()
        self._program.press(next(self._keys))
        self._program.until(self._answered, f"more than #{self._highest}")
        seconds = time.perf_counter() - begun
        self._program.settle()
        self._highest = max(_numbers(self._program.painted))
        return seconds

    def _answered(self, painted: str) -> bool:
        return max(_numbers(painted), default=0) > self._highest


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    rounds = (20 if quick else 100) * len(KEYS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        works = {f"{length:,}": _ours(stack, folder, length).press for length in LENGTHS}
        works |= {f"table {rows:,}": _peer(stack, rows).press for rows in TABLES}
        works["static"] = _peer(stack, 0).press
        took = take_turns(works, rounds, warm_up=WARM_UP)
    entries = {name: _without_corrections(seconds) for name, seconds in took.items()}
    corrections = {name: seconds[len(KEYS) - 1 :: len(KEYS)] for name, seconds in took.items()}
    static = entries["static"]
    found: list[Row | Remark] = [
        Row(f"an entry, {length:,} events", entries[f"{length:,}"], "a text in a Static", static, 4.0)
        for length in LENGTHS
    ]
    found += [
        Row(
            f"an entry, {rows:,} events",
            entries[f"{rows:,}"],
            "a row in a DataTable",
            entries[f"table {rows:,}"],
        )
        for rows in TABLES
    ]
    found.append(Row("an entry, 10,000 events", entries["10,000"], "with 10 events", entries["10"], 1.1))
    found.append(Row("p99 of entries, 5,000 events", [_p99(entries["5,000"])], seconds_budget=0.060))
    found += [
        Row(
            f"a correction, {length:,} events",
            corrections[f"{length:,}"],
            "with 10 events",
            corrections["10"],
        )
        for length in LENGTHS[1:]
    ]
    found.append(Row("p99 of corrections, 5,000 events", [_p99(corrections["5,000"])]))
    return found


def _ours(stack: ExitStack, folder: Path, length: int) -> Answering:
    path = folder / f"{length}.db"
    highest = write_case(path, length)
    program = stack.enter_context(Program([CODELOG, "--db", str(path)], {}))
    program.press("r")
    return Answering(program, cycle(KEYS), highest)


def _peer(stack: ExitStack, rows: int) -> Answering:
    program = stack.enter_context(Program([sys.executable, "-c", _PEER, str(rows)], {}))
    return Answering(program, cycle("a"), max(0, rows - 1))


def _without_corrections(seconds: list[float]) -> list[float]:
    return [took for turn, took in enumerate(seconds) if turn % len(KEYS) != len(KEYS) - 1]


def _numbers(painted: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(painted)]


def _p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[98]
