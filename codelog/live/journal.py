"""Where a recorder appends: the store, or memory for a replay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from codelog.case.codec import GENESIS, digest
from codelog.log.checkpoints import sign_due
from codelog.log.store import Store


class Tail(Protocol):
    """The end of a stream, held for writing."""

    seq: int
    head: str

    def lines_after(self, seq: int) -> list[str]:
        """The lines beyond `seq`."""

    def append(self, line: str) -> str:
        """Add the next line; returns its digest."""


class Journal(Protocol):
    """One stream: of `case`, written by `terminal`."""

    case: str
    terminal: str

    def lines_after(self, seq: int) -> list[str]:
        """The lines beyond `seq`, without holding the stream."""

    def appending(self) -> AbstractContextManager[Tail]:
        """Hold the end of the stream; what was appended is durable when the block has ended, or not there at all."""

    def sign(self) -> int:
        """Make a checkpoint of what is durable if one is due; returns how many lines are signed."""


class StoreJournal:
    """A stream of the store."""

    def __init__(self, store: Store, case: str, terminal: str) -> None:
        self._store = store
        self.case = case
        self.terminal = terminal

    def lines_after(self, seq: int) -> list[str]:
        """As `Store.lines`."""
        return list(self._store.lines(self.case, self.terminal, seq))

    def appending(self) -> AbstractContextManager[Tail]:
        """As `Store.appending`."""
        return self._store.appending(self.case, self.terminal)

    def sign(self) -> int:
        """As `checkpoints.sign_due`."""
        return sign_due(self._store, self.case, self.terminal)


class MemoryJournal:
    """A stream in memory, for a replay; `lines` are its lines."""

    def __init__(self, case: str, terminal: str) -> None:
        self.case = case
        self.terminal = terminal
        self.lines: list[str] = []
        self.seq = 0
        self.head = GENESIS

    @contextmanager
    def appending(self) -> Iterator[Tail]:
        """The stream itself; what a block that fails has appended is taken back."""
        seq, head = self.seq, self.head
        try:
            yield self
        except BaseException:
            del self.lines[seq:]
            self.seq, self.head = seq, head
            raise

    def lines_after(self, seq: int) -> list[str]:
        """The lines beyond `seq`."""
        return self.lines[seq:]

    def append(self, line: str) -> str:
        """Add the next line; returns its digest."""
        self.lines.append(line)
        self.seq, self.head = self.seq + 1, digest(line)
        return self.head

    def sign(self) -> int:
        """Nothing in memory is signed, and nothing of it waits to be."""
        return self.seq
