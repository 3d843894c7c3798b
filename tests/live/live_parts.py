"""Parts that the tests of the running case share: a clock to set, a store in a folder, a journal that can fail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.clock import VirtualClock
from codelog.live.journal import Journal, MemoryJournal, Tail
from codelog.live.recorder import Recorder, Request
from codelog.live.writer import Outcome
from codelog.log.errors import StoreFull

START = 1_800_000_000_000
OPENING = Request("case.opened", {"setting": "nicu", "zero": "opened", "mode": "training"})


def recorder_on(journal: Journal, clock: VirtualClock, *, strict: bool = False) -> Recorder:
    """A recorder under the default protocol."""
    return Recorder(journal, clock, load_protocol("gomella"), load_tables(), strict=strict)


def opened_recorder() -> tuple[Recorder, VirtualClock, MemoryJournal]:
    """A recorder with a case open in memory, at 0 of its clock."""
    clock, journal = VirtualClock(START, "boot-1"), MemoryJournal("case-1", "t-1")
    recorder = recorder_on(journal, clock)
    recorder.record(OPENING)
    return recorder, clock, journal


class FailingJournal:
    """A journal whose transactions fail while `failing`; as in a store, nothing of them is there afterwards.

    `after_commit` fails them once they are durable instead, as a program that is killed in that moment would see it.
    """

    def __init__(self, inner: MemoryJournal) -> None:
        self.case, self.terminal, self.inner = inner.case, inner.terminal, inner
        self.failing = False
        self.after_commit = False

    def lines_after(self, seq: int) -> list[str]:
        return self.inner.lines_after(seq)

    @contextmanager
    def appending(self) -> Iterator[Tail]:
        with self.inner.appending() as tail:
            yield tail
            if self.failing and not self.after_commit:
                raise StoreFull("the disk is full; make room and try again")
        if self.failing:
            raise StoreFull("the disk is full; make room and try again")

    def sign(self) -> int:
        return self.inner.sign()


class Outcomes:
    """Collects what a writer publishes, and waits for it."""

    def __init__(self) -> None:
        self.all: list[Outcome] = []
        self._changed = threading.Condition()

    def __call__(self, outcome: Outcome) -> None:
        with self._changed:
            self.all.append(outcome)
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[list[Outcome]], bool]) -> None:
        """Wait until what was published meets the condition."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.all), timeout=30), self.all
