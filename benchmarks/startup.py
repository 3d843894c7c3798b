"""How long it takes until something is there: the first paint of the terminal, and the answer of a side command.

Every time is that of a whole process, from its start to the first text on the screen or to its end.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from benchmarks.harness import Remark, Row, Work, take_turns, timed

TITLE = "start-up, whole processes"

CODELOG = str(Path(sys.executable).with_name("codelog"))
PATIENCE_S = 30.0

_BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("ready")
Bare().run()
"""

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X].*?(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])", re.DOTALL)
_UNFINISHED = re.compile(r"\x1b.*\Z", re.DOTALL)


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    rounds = 5 if quick else 25
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CODELOG_DB": str(Path(folder) / "codelog.db"), "TERM": "xterm-256color"}
        opening = ("add", "new", "case.opened", "setting=nicu", "zero=opened", "mode=training")
        subprocess.run([CODELOG, *opening], env=environment, check=True, capture_output=True)
        return [*_first_paint(rounds, environment), *_side_commands(rounds, environment)]


def _first_paint(rounds: int, environment: dict[str, str]) -> list[Row | Remark]:
    if importlib.util.find_spec("codelog.terminal.run") is None:
        return [Remark("the terminal is not there yet, so its first paint is not measured")]
    works: dict[str, Work] = {
        "ours": lambda: until_first_text([CODELOG], environment),
        "peer": lambda: until_first_text([sys.executable, "-c", _BARE], environment),
    }
    seconds = take_turns(works, rounds)
    return [
        Row("the terminal, to its first text", seconds["ours"], "a bare Textual app", seconds["peer"], 1.15)
    ]


def _side_commands(rounds: int, environment: dict[str, str]) -> list[Row | Remark]:
    number = count()

    def process(*command: str, code: int = 0) -> Work:
        def run() -> None:
            done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
            assert done.returncode == code, done.stderr

        return lambda: timed(run)

    def add() -> float:
        # Never the same entry twice in a moment: it would be flagged, and a flag takes time.
        return process(CODELOG, "add", "last", "vital.recorded", f"heart_rate={60 + next(number)}")()

    seconds = take_turns(
        {
            "pass": process(sys.executable, "-c", "pass"),
            "help": process(CODELOG, "--help"),
            "error": process(CODELOG, "ad", code=2),
            "sqlalchemy": process(sys.executable, "-c", "import sqlalchemy"),
            "add": add,
            "verify": process(CODELOG, "verify"),
        },
        rounds,
    )
    nothing, core = "python -c pass", "importing SQLAlchemy Core"
    return [
        Row("codelog --help", seconds["help"], nothing, seconds["pass"], 5.0),
        Row("a usage error", seconds["error"], nothing, seconds["pass"], 5.0),
        Row("codelog add", seconds["add"], core, seconds["sqlalchemy"], 1.25),
        Row("codelog verify", seconds["verify"], core, seconds["sqlalchemy"]),
    ]


def until_first_text(command: Sequence[str], environment: dict[str, str]) -> float:
    """Run a program on a terminal of 80 by 24; the seconds until anything but blanks stands on it. It is then killed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    begun = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            shown = b""
            while not visible(shown.decode(errors="replace")):
                if not select.select([ours], [], [], PATIENCE_S)[0]:
                    raise TimeoutError(f"{command[0]} painted nothing in {PATIENCE_S:.0f} s")
                shown += os.read(ours, 65_536)
            return time.perf_counter() - begun
        finally:
            process.kill()
            os.close(ours)


def visible(output: str) -> str:
    """What of a terminal's output is text that a person can see."""
    return _UNFINISHED.sub("", _ESCAPES.sub("", output)).strip("\0\r\n\t\b\a ")
