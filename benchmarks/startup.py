"""How long it takes until something is there: the terminal's first text, its first entry, the answer of a side command.

Every time is that of a whole process, from its start to the first text on the screen, to the first line in the store, or to its end.
"""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from benchmarks.harness import Remark, Row, Work, take_turns, timed
from benchmarks.programs import CODELOG, PATIENCE_S, Program, visible

TITLE = "start-up, whole processes"

_BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("ready")
Bare().run()
"""


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    rounds = 5 if quick else 25
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "codelog.db"
        environment = os.environ | {"CODELOG_DB": str(store)}
        opening = ("add", "new", "case.opened", "setting=nicu", "zero=opened", "mode=training")
        subprocess.run([CODELOG, *opening], env=environment, check=True, capture_output=True)
        return [*_terminal(rounds, environment, store), *_side_commands(rounds, environment)]


def _terminal(rounds: int, environment: dict[str, str], store: Path) -> list[Row | Remark]:
    if importlib.util.find_spec("codelog.terminal.run") is None:
        return [Remark("the terminal is not there yet, so its start is not measured")]
    works: dict[str, Work] = {
        "first text": lambda: until_first_text([CODELOG], environment),
        "first entry": lambda: until_first_entry(environment, store),
        "peer": lambda: until_first_text([sys.executable, "-c", _BARE], environment),
    }
    seconds = take_turns(works, rounds)
    bare = "a bare Textual app, to its first text"
    return [
        Row("the terminal, to its first text", seconds["first text"], bare, seconds["peer"], 1.15),
        Row(
            "the terminal, to its first entry in the store",
            seconds["first entry"],
            bare,
            seconds["peer"],
            1.6,
        ),
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
    """Run a program on a terminal; the seconds until anything but blanks stands on it. It is then killed."""
    with Program(command, environment, width=80, height=24) as program:
        program.until(lambda painted: bool(visible(painted)), "anything")
        return program.age


def until_first_entry(environment: dict[str, str], store: Path) -> float:
    """Go on with the case of a store by keys typed at once; the seconds until the entry of the second is durable."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as reading:

        def entries() -> int:
            return int(reading.execute("SELECT count(*) FROM events").fetchone()[0])

        before = entries()
        with Program([CODELOG], environment, width=80, height=24) as program:
            program.press("rv")
            while entries() == before:
                if program.age > PATIENCE_S:
                    raise TimeoutError(f"nothing was entered in {PATIENCE_S:.0f} s")
                program.settle(0)
                time.sleep(0.001)
            return program.age
