"""An export of many cases in every format, beside what has to read or write the same bytes anyway."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from hashlib import sha256
from itertools import islice
from pathlib import Path

from benchmarks.entries import OPENING, PATIENT, entries
from benchmarks.harness import Remark, Row, take_turns, timed
from codelog.log.store import open_store

TITLE = "export every case, as a process of its own"

EVENTS_IN_A_CASE = 200

# Prints the peak memory in KiB; that of `getrusage` would begin with the benchmark's own, which it inherits.
_EXPORT = """
import re, sys
from codelog.cli.main import run
code = run(sys.argv[1:])
assert code == 0, code
with open("/proc/self/status") as status:
    print(re.search(r"VmHWM:\\s+([0-9]+) kB", status.read())[1])
"""

_PEAK = re.compile(r"([0-9]+)\s*\Z")

# What a dump of the database has to do, and the least that a Parquet file of the same events takes.
_DUMP = """
import sqlite3, sys
with open(sys.argv[2], "w") as file:
    for line in sqlite3.connect(sys.argv[1]).iterdump():
        file.write(line + "\\n")
"""
_PYARROW = """
import json, sqlite3, sys
import pyarrow, pyarrow.parquet
rows = sqlite3.connect(sys.argv[1]).execute('SELECT line FROM events ORDER BY "case", terminal, seq')
names = ("case", "terminal", "seq", "kind", "at", "basis", "within_ms", "recorded_at", "boot", "boot_ms", "by")
schema = pyarrow.schema(
    [(name, pyarrow.int64() if name in ("seq", "within_ms", "boot_ms") else pyarrow.string()) for name in names]
    + [("data", pyarrow.string())]
)
with pyarrow.parquet.ParquetWriter(sys.argv[2], schema, compression="zstd") as writer:
    while batch := rows.fetchmany(4000):
        lines = [json.loads(line) for (line,) in batch]
        columns = {name: [line[name] for line in lines] for name in names}
        columns["data"] = [json.dumps(line["data"]) for line in lines]
        writer.write_table(pyarrow.table(columns, schema=schema))
"""


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    number = 10_000 if quick else 1_000_000
    rounds = 3 if quick else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, tenth = folder / "store.db", folder / "tenth.db"
        write_store(path, number)
        write_store(tenth, number // 10)
        lines = folder / "lines.jsonl"
        first = timed(lambda: _export(path, folder, "jsonl", keep=lines))
        _export(tenth, folder, "jsonl")
        peaks: dict[str, int] = {}
        works: dict[str, Callable[[], float]] = {
            form: lambda form=form: timed(lambda: peaks.update({form: _export(path, folder, form)}))  # type: ignore[misc]
            for form in ("jsonl", "csv", "parquet", "fhir")
        }
        works["dump"] = lambda: timed(lambda: _dump(path, folder / "dump.sql"))
        works["pyarrow"] = lambda: timed(lambda: _run(_PYARROW, path, folder / "alone.parquet"))
        works["sha256sum"] = lambda: timed(
            lambda: subprocess.run(["sha256sum", lines], check=True, capture_output=True)
        )
        seconds = take_turns(works, rounds, warm_up=int(quick))
        small = {form: _export(tenth, folder, form) for form in peaks}
    dump, dumper = seconds["dump"], "sqlite3 .dump" if shutil.which("sqlite3") else "Connection.iterdump"
    return [
        Row(f"jsonl, {number:,} events", seconds["jsonl"], dumper, dump, 2.0),
        Row("jsonl", seconds["jsonl"], "sha256sum of the same lines", seconds["sha256sum"]),
        Row("csv, six tables", seconds["csv"], dumper, dump),
        Row("parquet, six tables", seconds["parquet"], "pyarrow alone, one table", seconds["pyarrow"], 1.3),
        Row("fhir", seconds["fhir"], dumper, dump),
        Remark(f"the first export, which signs every stream: {first:.1f} s"),
        *(
            Remark(f"peak memory {form}: {peak / 1024:.0f} MiB, and {small[form] / 1024:.0f} MiB for a tenth")
            for form, peak in peaks.items()
        ),
    ]


def write_store(path: Path, number: int) -> None:
    """A store with so many events, in cases of some hundred."""
    with open_store(path) as store:
        for _ in range(number // EVENTS_IN_A_CASE):
            store.append_stream(_case())


def _case() -> list[str]:
    case, head, lines = str(uuid.uuid4()), "0" * 64, []
    facts = [OPENING, PATIENT, *islice(entries(), EVENTS_IN_A_CASE - 2)]
    for seq, (kind, data) in enumerate(facts, 1):
        at = f"2026-11-22T16:{seq * 5 // 60:02d}:{seq * 5 % 60:02d}.000Z"
        value = {
            "v": 1,
            "case": case,
            "terminal": "t-00aa11bb22",
            "seq": seq,
            "prev": head,
            "kind": kind,
            "at": at,
            "basis": "live",
            "within_ms": None,
            "recorded_at": at,
            "boot": "3f1f5e0e-5a0b-4d55-9a7e-3a4e9a3c1b11",
            "boot_ms": seq * 5000,
            "by": "scribe",
            "data": data,
        }
        line = json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n"
        head = sha256(line.encode()).hexdigest()
        lines.append(line)
    return lines


def _export(path: Path, folder: Path, form: str, keep: Path | None = None) -> int:
    """Export everything; the peak memory in KiB. `keep`: all lines go into that file."""
    target = folder / "out"
    printed = _run(_EXPORT, "--db", path, "export", "--all", "--format", form, "-o", target)
    if keep is not None:
        with keep.open("wb") as file:
            for lines in target.glob("*.jsonl"):
                file.write(lines.read_bytes())
    shutil.rmtree(target)
    found = _PEAK.search(printed)
    assert found is not None
    return int(found[1])


def _dump(path: Path, target: Path) -> None:
    if shutil.which("sqlite3") is None:
        _run(_DUMP, path, target)
        return
    with target.open("wb") as file:
        subprocess.run(["sqlite3", path, ".dump"], check=True, stdout=file)


def _run(code: str, *arguments: str | Path) -> str:
    command = [sys.executable, "-c", code, *(str(argument) for argument in arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
    return done.stdout
