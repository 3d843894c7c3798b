"""What figures over many cases cost: that ten times the cases take ten times as long, and no more room."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from benchmarks.harness import Remark, Row
from codelog.log.store import open_store
from tests.debrief.generated_cases import Restamped

TITLE = "figures over many cases, each case read, verified and counted"
SIZES = (1_000, 10_000, 100_000)
QUICK_SIZES = (200, 1_000, 4_000)
KINDS = 100
"""So many different cases there are; the others are like one of them on another day."""

# Prints the seconds that went by, those of the processors, and the most MiB that one of the processes took.
_WORK = """
import json, resource, sys, time
from codelog.cli.main import run
begun = time.perf_counter()
code = run(["--db", sys.argv[1], "qi", "-o", sys.argv[2]])
passed = time.perf_counter() - begun
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
worked = sum(one.ru_utime + one.ru_stime for one in used)
print(json.dumps([code, passed, worked, max(one.ru_maxrss for one in used) // 1024]))
"""


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    sizes = QUICK_SIZES if quick else SIZES
    made = Restamped(10 if quick else KINDS)
    lines: list[Row | Remark] = []
    with tempfile.TemporaryDirectory() as folder:
        store, done = Path(folder) / "qi.db", 0
        first: float | None = None
        for size in sizes:
            fill(store, made, done, size)
            done = size
            passed, worked, peak = _counted(store, Path(folder) / "qi.html")
            # What the processors did: two processes on a busy machine wait for each other and for others.
            each, work = worked / size, f"{size:,} cases, each"
            if first is None:
                first = each
                lines.append(Row(work, [each]))
            else:
                lines.append(Row(work, [each], f"each of {sizes[0]:,}", [first], ratio_budget=1.2))
            lines.append(Remark(f"{size:,} cases: {passed:.1f} s, at most {peak} MiB in a process"))
    return lines


def fill(path: Path, made: Restamped, since: int, until: int) -> None:
    """Put the cases from number `since` up to `until` into a store, past the recorder and without waiting for the disk."""
    open_store(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    insert = 'INSERT INTO events ("case", terminal, seq, digest, line) VALUES (?, ?, ?, ?, ?)'
    connection.executemany(insert, _rows(made, since, until))
    connection.execute("COMMIT")
    connection.close()


def _rows(made: Restamped, since: int, until: int) -> Iterator[tuple[str, str, int, str, str]]:
    for number in range(since, until):
        lines = made(number)
        head = json.loads(lines[0])
        for seq, line in enumerate(lines, start=1):
            yield head["case"], head["terminal"], seq, sha256(line.encode()).hexdigest(), line


def _counted(store: Path, page: Path) -> tuple[float, float, int]:
    """The seconds that `codelog qi` takes over a store, those of the processors, and the most MiB."""
    ran = subprocess.run(
        [sys.executable, "-c", _WORK, str(store), str(page)], check=True, capture_output=True, text=True
    )
    code, passed, worked, peak = json.loads(ran.stdout)
    assert code == 0, ran.stderr
    return passed, worked, peak
