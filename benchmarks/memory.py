"""What the terminal holds after an hour's case, beside what it held when the case began.

The whole hour is lived through on a clock that runs faster, in a real terminal (a pty): the ticks, the frames, about
six hundred entries with their corrections, flags and answers. Once the memory of the process is read, as the system
has it, and in a second run what Python has allocated.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

from benchmarks.harness import Remark, Row
from benchmarks.programs import Program, visible
from codelog.log.store import open_store

TITLE = "memory after an hour's case"

PACE, QUICK_PACE = 60, 180
"""How many of its seconds the case's clock counts in one of ours."""
HOUR_S = 3600
NEW = "n1112\r\r\r"
"""A training case, from birth, now, and nothing known of the child."""
KEYS = "vmpf1n1h128\r"
"""Ventilation, compressions, a vein fails for a reason, access is needed, a heart rate: eight entries."""
TURNS = 75
FIRST_S = 60
"""Seconds of the case after which it counts as begun: by then every part of the screen was painted and is full."""

_OURS = """
import signal, sys, tracemalloc
from codelog.live.clock import PacedClock, SystemClock
from codelog.terminal.run import run_terminal

def tell(*_):
    with open(sys.argv[3], "w") as file:
        print(tracemalloc.get_traced_memory()[0], file=file)

signal.signal(signal.SIGUSR1, tell)
run_terminal(sys.argv[1], clock=PacedClock(SystemClock(), float(sys.argv[2])))
"""


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    pace = QUICK_PACE if quick else PACE
    resident, events = _hour(pace, traced=False)
    (first, last), _ = _hour(pace, traced=True)
    beside = "when it began"
    return [
        Row("held by the process", [resident[1]], beside, [resident[0]], 1.2, shown=mebibytes),
        Row("allocated by Python", [last], beside, [first], shown=mebibytes),
        Remark(f"an hour of {events} events, corrections and flags among them, at {pace} times its pace"),
    ]


def mebibytes(value: float) -> str:
    """Memory as people read it."""
    return f"{value / 2**20:.1f} MiB"


def _hour(pace: int, *, traced: bool) -> tuple[tuple[float, float], int]:
    """The bytes when the case had begun and at its end, and how many events it has."""
    with tempfile.TemporaryDirectory() as folder:
        path, told = Path(folder) / "codelog.db", Path(folder) / "allocated"
        options = ["-X", "tracemalloc"] if traced else []
        command = [sys.executable, *options, "-c", _OURS, str(path), str(pace), str(told)]
        with Program(command, {}) as program:
            program.until(lambda painted: "New case" in visible(painted), "the start screen")
            program.press(NEW)
            program.until(lambda painted: "TRAINING CASE" in visible(painted), "the case")
            begun = time.perf_counter()
            keys = cycle(KEYS)
            total = len(KEYS) * TURNS
            first = 0.0
            for number in range(total):
                due = FIRST_S + (HOUR_S - FIRST_S) * number / total if number >= 2 * len(KEYS) else 0
                while (time.perf_counter() - begun) * pace < due:
                    _watch(program)
                if number == 3 * len(KEYS):
                    first = _allocated(program, told) if traced else program.resident_bytes()
                program.press(next(keys))
                _watch(program)
            events = 0
            while (now := _events(path)) > events:
                events, until = now, time.perf_counter() + 1
                while time.perf_counter() < until:
                    _watch(program)
            last = _allocated(program, told) if traced else program.resident_bytes()
            return (first, last), events


def _watch(program: Program) -> None:
    """Take in what is painted, which is something all the time."""
    program.settle(0)
    time.sleep(0.005)


def _allocated(program: Program, told: Path) -> float:
    told.unlink(missing_ok=True)
    program.signal(signal.SIGUSR1)
    while not told.exists() or not told.read_text().endswith("\n"):
        time.sleep(0.01)
    return float(told.read_text())


def _events(path: Path) -> int:
    with open_store(path, read_only=True) as store:
        return sum(1 for _ in store.lines(store.find_case("last")))
