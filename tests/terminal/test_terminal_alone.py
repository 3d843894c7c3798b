"""A terminal that goes away (a lost connection) ends the program, with what was entered saved; it does not spin."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

PATIENCE_S = 30.0


def test_that_a_lost_terminal_ends_the_program_and_keeps_the_case(tmp_path: Path) -> None:
    store = tmp_path / "codelog.db"
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "codelog", "--db", str(store)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    try:
        os.close(theirs)
        _read_until(ours, b"New case")
        deadline = time.monotonic() + PATIENCE_S
        while not _lines(store) and time.monotonic() < deadline:
            os.write(ours, b"n")
            select.select([ours], [], [], 0.5)
            os.read(ours, 65_536)
        os.close(ours)
        assert child.wait(PATIENCE_S) == 129
    finally:
        child.kill()
        child.wait()
    assert _lines(store)[0]["kind"] == "case.opened"


def _read_until(master: int, words: bytes) -> None:
    seen, deadline = b"", time.monotonic() + PATIENCE_S
    while words not in seen and time.monotonic() < deadline:
        if select.select([master], [], [], 0.1)[0]:
            seen += os.read(master, 65_536)
    assert words in seen


def _lines(store: Path) -> list[dict[str, object]]:
    if not store.exists():
        return []
    command = [sys.executable, "-m", "codelog", "--db", str(store), "show", "last", "--json"]
    shown = subprocess.run(command, capture_output=True, check=False)
    return [json.loads(line) for line in shown.stdout.splitlines()]
