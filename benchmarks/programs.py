"""Programs on a terminal of their own (a pty): keys go in as a keyboard sends them, what is painted comes out as bytes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

CODELOG = str(Path(sys.executable).with_name("codelog"))
PATIENCE_S = 60.0
QUIET_S = 0.03
"""A program that has painted nothing for so long is done with a key."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X].*?(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])", re.DOTALL)
_UNFINISHED = re.compile(r"\x1b.*\Z", re.DOTALL)


class Program:
    """A running program. `painted` is what it has painted since the last key, escapes and all."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, width: int = 120, height: int = 36
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self._begun = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            env=os.environ | environment | {"TERM": "xterm-256color"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.painted = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    @property
    def age(self) -> float:
        """Seconds since the program was started."""
        return time.perf_counter() - self._begun

    def press(self, keys: str) -> None:
        """Send keys."""
        self.painted = ""
        os.write(self._ours, keys.encode())

    def until(self, seen: Callable[[str], bool], what: str = "what it should") -> None:
        """Read until what was painted since the last key is as wanted."""
        deadline = time.perf_counter() + PATIENCE_S
        while not seen(self.painted):
            if not self._read(max(0.0, deadline - time.perf_counter())):
                raise TimeoutError(f"the program did not paint {what} in {PATIENCE_S:.0f} s")

    def settle(self, quiet: float = QUIET_S) -> None:
        """Read until nothing more is painted."""
        while self._read(quiet):
            pass

    def _read(self, patience: float) -> bool:
        if not select.select([self._ours], [], [], patience)[0]:
            return False
        self.painted += os.read(self._ours, 65_536).decode(errors="replace")
        return True

    def signal(self, number: int) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def cpu_seconds(self) -> float:
        """The processor time that all its threads have used."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def resident_bytes(self) -> int:
        """The memory that it holds now."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


def visible(output: str) -> str:
    """What of a terminal's output is text that a person can see."""
    return _UNFINISHED.sub("", _ESCAPES.sub("", output)).strip("\0\r\n\t\b\a ")
