"""Verifying the chain of a long stream beside hashing the same bytes once."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from benchmarks.entries import entries
from benchmarks.harness import Remark, Row, take_turns, timed

TITLE = "verify a stream, as a process of its own"

# Prints the peak memory in KiB; that of `getrusage` would begin with the benchmark's own, which it inherits. The file
# is read line by line, as `codelog verify` reads it.
_VERIFY = """
import re, sys
from codelog.log.chain import Intact, verify_lines
with open(sys.argv[1], "rb") as file:
    finding = verify_lines(file)
assert isinstance(finding, Intact) and finding.count == int(sys.argv[2]), finding
with open("/proc/self/status") as status:
    print(re.search(r"VmHWM:\\s+([0-9]+) kB", status.read())[1])
"""


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    number = 100_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        long, short = Path(folder) / "long.jsonl", Path(folder) / "short.jsonl"
        write_stream(long, number)
        write_stream(short, number // 10)
        works = {
            "ours": lambda: timed(lambda: _verify(long, number)),
            "peer": lambda: timed(
                lambda: subprocess.run(["sha256sum", long], check=True, capture_output=True)
            ),
        }
        seconds = take_turns(works, 3 if quick else 5)
        megabytes = long.stat().st_size / 1e6
        peaks = _verify(short, number // 10), _verify(long, number)
    return [
        Row(f"{number:,} events, {megabytes:,.0f} MB", seconds["ours"], "sha256sum", seconds["peer"], 2.0),
        Remark(
            f"peak memory {peaks[1] / 1024:.1f} MiB, and {peaks[0] / 1024:.1f} MiB for a tenth of the events"
        ),
    ]


def write_stream(path: Path, number: int) -> None:
    """A stream of so many lines that verifies."""
    source = entries()
    head = "0" * 64
    with path.open("wb") as file:
        for seq in range(1, number + 1):
            kind, data = next(source)
            line = _line(seq, head, kind, data)
            head = sha256(line).hexdigest()
            file.write(line)


def _line(seq: int, prev: str, kind: str, data: dict[str, object]) -> bytes:
    at = f"2026-11-22T{seq // 3_600_000 % 24:02d}:{seq // 60_000 % 60:02d}:{seq // 1000 % 60:02d}.{seq % 1000:03d}Z"
    value = {
        "v": 1,
        "case": "0b4f1c52-6a53-4c8e-9a51-3f6a2f0c7d11",
        "terminal": "t-00aa11bb22",
        "seq": seq,
        "prev": prev,
        "kind": kind,
        "at": at,
        "basis": "live",
        "within_ms": None,
        "recorded_at": at,
        "boot": "3f1f5e0e-5a0b-4d55-9a7e-3a4e9a3c1b11",
        "boot_ms": seq,
        "by": "scribe",
        "data": data,
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _verify(path: Path, number: int) -> int:
    command = [sys.executable, "-c", _VERIFY, str(path), str(number)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
