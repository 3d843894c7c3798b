"""What it costs to make one entry durable.

All writers append the same bytes to a store of their own, in turns: what the recorder wrote goes to the others one
turn later. Every one commits to disk (write-ahead log, synchronous FULL) before its time is taken.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.entries import OPENING, PATIENT, SECONDS_BETWEEN, Entry, entries
from benchmarks.harness import Remark, Row, Work, take_turns, timed
from codelog.case.codec import encode
from codelog.case.scenario import ZERO
from codelog.clinical.protocols import DEFAULT_PROTOCOL, load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.cases import open_recorder
from codelog.live.clock import VirtualClock
from codelog.live.recorder import Request
from codelog.log.store import Store, open_store

TITLE = "one durable append"

_SCHEMA = """
CREATE TABLE events (
    "case" TEXT, terminal TEXT, seq INTEGER, digest TEXT, line TEXT, PRIMARY KEY ("case", terminal, seq)
) WITHOUT ROWID
"""


class Raw:
    """The driver and a hash: the least that a chained, durable append can be."""

    def __init__(self, path: Path, case: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(_SCHEMA)
        self._case = case
        self._seq = 0

    def append(self, lines: list[str]) -> None:
        """Append the lines as one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        for line in lines:
            self._seq += 1
            digest = hashlib.sha256(line.encode()).hexdigest()
            row = (self._case, "t-raw", self._seq, digest, line)
            self._connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
        self._connection.execute("COMMIT")


class Lines(Aggregate):
    """A case as the library would keep it."""

    @event("Appended")
    def append(self, line: str) -> None:
        """Remember the last line only."""
        self.last = line


class Library:
    """The `eventsourcing` library on SQLite, as its documentation shows it."""

    def __init__(self, path: Path) -> None:
        self._application: Application[uuid.UUID] = Application(
            env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        )
        self._case = Lines()
        self._application.save(self._case)

    def append(self, lines: list[str]) -> None:
        """Append the lines as one transaction."""
        for line in lines:
            self._case.append(line)
        self._application.save(self._case)


class Alone:
    """The store without a recorder: it checks every line, and the database checks it again."""

    def __init__(self, store: Store, case: str, terminal: str) -> None:
        self._store, self._case, self._terminal = store, case, terminal

    def append(self, lines: list[str]) -> None:
        """Append the lines as one transaction."""
        with self._store.appending(self._case, self._terminal) as tail:
            for line in lines:
                tail.append(line)


class Recording:
    """The recorder, and the transactions it has made that the others have yet to append."""

    def __init__(self, store: Store) -> None:
        self._entries = _entries()
        # Entries come some seconds apart: in one burst they would be judged as slips of the finger.
        self._clock = VirtualClock(ZERO, boot="bench")
        self.recorder = open_recorder(store, load_protocol(DEFAULT_PROTOCOL), self._clock, load_tables())
        self.waiting: dict[str, deque[list[str]]] = {}

    def record(self) -> float:
        """Record the next entry, flags included; the seconds until it is durable."""
        kind, data = next(self._entries)
        request = Request(kind, data)
        self._clock.elapsed += SECONDS_BETWEEN * 1000
        begun = time.perf_counter_ns()
        recorded = self.recorder.record(request)
        seconds = (time.perf_counter_ns() - begun) / 1e9
        for queue in self.waiting.values():
            queue.append([encode(event) for event in recorded.written])
        return seconds

    def peer(self, name: str, append: Callable[[list[str]], None]) -> Work:
        """A work that appends what was recorded, transaction by transaction."""
        queue = self.waiting[name] = deque()

        def work() -> float:
            lines = queue.popleft()
            return timed(lambda: append(lines))

        return work


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    rounds = 200 if quick else 2_000
    bare, full = _measure(rounds, rules=False), _measure(rounds, rules=True)
    raw, library = "raw sqlite3, the same bytes", "the eventsourcing library"
    return [
        Row("the store alone", full["store"], raw, full["raw"], 1.6),
        Row("the store alone", full["store"], library, full["library"], 0.9),
        Row("the recorder without rules", bare["recorder"], raw, bare["raw"], 1.6),
        Row("the recorder without rules", bare["recorder"], library, bare["library"], 0.9),
        Row("the recorder with all rules", full["recorder"], raw, full["raw"], 1.6),
        Row("the recorder with all rules", full["recorder"], library, full["library"], 0.9),
    ]


def _measure(rounds: int, *, rules: bool) -> dict[str, list[float]]:
    with ExitStack() as stack:
        if not rules:
            stack.enter_context(mock.patch("codelog.rules.watch.RULES", ()))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        recorded, copied = (
            stack.enter_context(open_store(folder / name)) for name in ("recorded.db", "copied.db")
        )
        recording = Recording(recorded)
        case = recording.recorder.case
        works = {
            "recorder": recording.record,
            "store": recording.peer("store", Alone(copied, case, recorded.terminal).append),
            "raw": recording.peer("raw", Raw(folder / "raw.db", case).append),
            "library": recording.peer("library", Library(folder / "library.db").append),
        }
        # The peers are one transaction behind, so that each of the four can have the first turn.
        recording.record()
        return take_turns(works, rounds, warm_up=4)


def _entries() -> Iterator[Entry]:
    yield OPENING
    yield PATIENT
    yield from entries()
