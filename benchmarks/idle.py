"""What a case costs while nobody does anything: its clocks run on the screen, once a second, and the log is watched.

Processor time of the whole process, all its threads, over some seconds at rest; a share of one core.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.cases import write_case
from benchmarks.harness import Remark, Row
from benchmarks.programs import CODELOG, Program, visible

TITLE = "at rest: processor time per second"

BUDGET = 0.01
LENGTH = 600
"""Events in the case: an hour's. A line is in place at its end."""
FAILURES, GOING_ON = "l1" + "pf1" * 3, "pm"
"""The line is lost and three veins fail, so that a flag is in view; another attempt and compressions go on with their clocks."""

_PEER = """
from textual.app import App
from textual.widgets import Digits
class Peer(App):
    seconds = 0
    def compose(self):
        yield Digits("0")
    def on_mount(self):
        self.set_interval(1, self.tick)
    def tick(self):
        self.seconds += 1
        self.query_one(Digits).update(str(self.seconds))
Peer().run()
"""


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    seconds = 10 if quick else 60
    with ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "codelog.db"
        write_case(path, LENGTH)
        scribe = stack.enter_context(Program([CODELOG, "--db", str(path)], {}))
        scribe.press("r")
        scribe.until(lambda painted: "TRAINING CASE" in visible(painted), "the case")
        scribe.settle(0.5)
        for key in FAILURES:
            scribe.press(key)
            scribe.settle(0.2)
        scribe.press(GOING_ON)
        watch = stack.enter_context(Program([CODELOG, "--db", str(path), "watch", "last"], {}))
        watch.until(lambda painted: "Consider IO" in visible(painted), "the flag")
        peer = stack.enter_context(Program([sys.executable, "-c", _PEER], {}))
        programs = {"scribe": scribe, "watch": watch, "peer": peer}
        for program in programs.values():
            program.settle(0.5)
        used = _shares(programs, seconds)
    beside = "Digits at 1 Hz"
    return [
        Row("the scribe terminal", used["scribe"], beside, used["peer"], seconds_budget=BUDGET),
        Row("codelog watch", used["watch"], beside, used["peer"], seconds_budget=BUDGET),
    ]


def _shares(programs: dict[str, Program], seconds: int) -> dict[str, list[float]]:
    """What each program used in each stretch of five seconds, per second."""
    shares: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(seconds // 5):
        before = {name: program.cpu_seconds() for name, program in programs.items()}
        begun = time.perf_counter()
        while (passed := time.perf_counter() - begun) < 5:
            for program in programs.values():
                program.settle(0)
            time.sleep(0.1)
        for name, program in programs.items():
            shares[name].append((program.cpu_seconds() - before[name]) / passed)
    return shares
