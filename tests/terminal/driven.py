"""The scribe terminal on a clock that a test sets: `python -m tests.terminal.driven STORE CLOCK`."""

from __future__ import annotations

import sys
from mmap import ACCESS_READ, mmap
from pathlib import Path

from codelog.case.scenario import ZERO
from codelog.live import writer
from codelog.terminal.run import run_terminal

_WIDTH = 8
LOOK_SECONDS = 0.02
"""How often the writer looks whether a rule has come due: nobody tells it that this clock was set."""


class SetClock:
    """A clock that stands at the milliseconds in a file; at 0 it is the instant at which replays begin."""

    boot = "driven"
    pace = 1e-9
    """Next to none of its seconds pass in one of the world's: a key that waits is not a millisecond old."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._held = mmap(file.fileno(), _WIDTH, access=ACCESS_READ)

    def boot_ms(self) -> int:
        """What is in the file."""
        return int.from_bytes(self._held[:_WIDTH], "little")

    def wall_ms(self) -> int:
        """The wall goes with it."""
        return ZERO + self.boot_ms()


def set_clock(path: Path, elapsed: int) -> None:
    """Set the clock of a terminal that reads this file, or is about to."""
    path.touch()
    with path.open("r+b") as file:
        file.write(elapsed.to_bytes(_WIDTH, "little"))


if __name__ == "__main__":
    writer.LOOK_SECONDS = LOOK_SECONDS
    sys.exit(run_terminal(sys.argv[1], clock=SetClock(Path(sys.argv[2]))))
