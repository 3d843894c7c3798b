"""Lines for the tests of the store, written without any of the code that is tested."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from codelog.log.store import Store, Tail

CASE = "0b4f1c52-6a53-4c8e-9a51-3f6a2f0c7d11"
OTHER_CASE = "0b77d0e4-93a1-4c21-8d02-5f0f6f1a2b33"
TERMINAL = "t-00aa11bb22"
GENESIS = "0" * 64


def canonical(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def sha256(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def instant(ms: int) -> str:
    return f"2026-11-22T16:{ms // 60_000:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}Z"


def make_line(
    seq: int,
    prev: str,
    kind: str = "note.added",
    data: dict[str, Any] | None = None,
    *,
    case: str = CASE,
    terminal: str = TERMINAL,
    at: int | None = None,
    recorded_at: str | None = None,
) -> str:
    recorded = instant(seq * 1000) if recorded_at is None else recorded_at
    return canonical(
        {
            "v": 1,
            "case": case,
            "terminal": terminal,
            "seq": seq,
            "prev": prev,
            "kind": kind,
            "at": instant(seq * 1000 if at is None else at),
            "basis": "live",
            "within_ms": 500,
            "recorded_at": recorded,
            "boot": "3f1f5e0e",
            "boot_ms": seq * 1000,
            "by": "scribe",
            "data": {"text": f"entry {seq}"} if data is None else data,
        }
    )


def make_stream(count: int, *, case: str = CASE, terminal: str = TERMINAL) -> list[str]:
    """An opened case with notes: `count` lines that link."""
    return make_events(
        [("case.opened", {"mode": "training"}), *[("note.added", None)] * (count - 1)], case, terminal
    )


def make_events(
    facts: Iterable[tuple[str, dict[str, Any] | None]], case: str = CASE, terminal: str = TERMINAL
) -> list[str]:
    lines: list[str] = []
    for seq, (kind, data) in enumerate(facts, 1):
        at = None if data is None else data.pop("@", None)
        lines.append(
            make_line(
                seq, sha256(lines[-1]) if lines else GENESIS, kind, data, case=case, terminal=terminal, at=at
            )
        )
    return lines


def add(store: Store, case: str, kind: str = "note.added", data: dict[str, Any] | None = None) -> str:
    with store.appending(case) as tail:
        return add_to(tail, kind, data)


def add_to(tail: Tail, kind: str = "note.added", data: dict[str, Any] | None = None) -> str:
    line = make_line(tail.seq + 1, tail.head, kind, data, case=tail.case, terminal=tail.terminal)
    tail.append(line)
    return line


def by_hand(path: Path, *statements: str) -> None:
    """Work on the file as somebody with the SQLite shell would, past all of codelog's own checks."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def schema_text(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    return "".join(f"-- {kind} {name}\n{sql or 'automatic'}\n\n" for kind, name, sql in rows)
