"""How we measure: two works side by side in one run, taking turns, so that a busy machine slows both.

Absolute times differ from machine to machine; what is judged is the ratio of the medians.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Work = Callable[[], float]
"""Does its piece of work once and returns how many seconds the part took that counts."""


def timed(call: Callable[[], object]) -> float:
    """How many seconds a call takes."""
    begun = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - begun) / 1e9


def take_turns(works: Mapping[str, Work], rounds: int, warm_up: int = 1) -> dict[str, list[float]]:
    """The seconds of each work in each round. Who goes first changes from round to round."""
    names = list(works)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    for turn in range(-warm_up, rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            took = works[name]()
            if turn >= 0:
                seconds[name].append(took)
    return seconds


def seconds(value: float) -> str:
    """A time as people read it."""
    if value < 1e-3:
        return f"{value * 1e6:.1f} us"
    return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Judged is `ours / peer`, or our own seconds where the budget is one in seconds.

    `shown` writes a value down, where it is no time.
    """

    work: str
    ours: Sequence[float]
    peer_name: str = ""
    peer: Sequence[float] = ()
    ratio_budget: float | None = None
    seconds_budget: float | None = None
    shown: Callable[[float], str] = seconds

    @property
    def ratio(self) -> float | None:
        """The ratio of the medians."""
        return statistics.median(self.ours) / statistics.median(self.peer) if self.peer else None

    @property
    def within(self) -> bool | None:
        """Whether the budget is kept; None without one."""
        if self.seconds_budget is not None:
            return statistics.median(self.ours) <= self.seconds_budget
        if self.ratio_budget is None or self.ratio is None:
            return None
        return self.ratio <= self.ratio_budget

    def cells(self) -> tuple[str, ...]:
        """The line as it is printed."""
        return (
            self.work,
            _spread(self.ours, self.shown),
            f"{self.shown(statistics.median(self.peer))}  {self.peer_name}" if self.peer else self.peer_name,
            "" if self.ratio is None else f"{self.ratio:.2f}x",
            self._budget(),
            {None: "", True: "kept", False: "MISSED"}[self.within],
        )

    def _budget(self) -> str:
        if self.seconds_budget is not None:
            return f"<= {self.shown(self.seconds_budget)}"
        return "" if self.ratio_budget is None else f"<= {self.ratio_budget:g}x"


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence to stand in the table instead of numbers."""

    text: str


HEADINGS = ("work", "ours: median (quartiles)", "peer", "ratio", "budget", "")


def print_table(title: str, lines: Iterable[Row | Remark]) -> None:
    """Print what was measured, the columns aligned."""
    lines = list(lines)
    table = [HEADINGS, *(line.cells() for line in lines if isinstance(line, Row))]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(HEADINGS))]
    print(f"\n{title}")
    for cells in table if len(table) > 1 else ():
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    for line in lines:
        if isinstance(line, Remark):
            print(f"  {line.text}")


def _spread(values: Sequence[float], shown: Callable[[float], str]) -> str:
    if len(values) < 2:
        return shown(values[0])
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{shown(middle)} ({shown(low)} - {shown(high)})"
