"""What the whole catalogue of rules costs per entry, early and late in a long case."""

from __future__ import annotations

import time
from functools import cache
from itertools import islice

from benchmarks.entries import OPENING, PATIENT, PERIOD, SECONDS_BETWEEN, Entry, entries
from benchmarks.harness import Remark, Row, take_turns
from codelog.case.events import Data, Event, read_data
from codelog.case.vocabulary import WATCHER
from codelog.clinical.protocols import DEFAULT_PROTOCOL, load_protocol
from codelog.clinical.tables import Tables, load_tables
from codelog.rules.watch import Watch

TITLE = (
    "rules per event: enter, evaluate, and ask when to look again (a mean over twenty entries of every kind)"
)

EARLY, LATE = 10, 10_000


class WatchedCase:
    """A case that grows, with nothing but the watch."""

    def __init__(self, adrenaline: str = "0.06 mg") -> None:
        self.watch = Watch(load_protocol(DEFAULT_PROTOCOL), _tables())
        self.now = 0
        self.seconds = 0.0
        self._entries = entries(adrenaline)
        self._enter(OPENING)
        self._enter(PATIENT)

    def grow(self, number: int) -> None:
        """Take so many entries, one every few seconds."""
        for entry in islice(self._entries, number):
            self._enter(entry)

    def period(self) -> float:
        """The mean seconds of an entry over one round of them."""
        before = self.seconds
        self.grow(PERIOD)
        return (self.seconds - before) / PERIOD

    def correct(self) -> float:
        """The seconds of a correction of the last entry."""
        target = self.watch.entered[-1].seq
        before = self.seconds
        self._enter(("event.retracted", {"target": target, "reason": "entered twice"}))
        return self.seconds - before

    def _enter(self, entry: Entry) -> None:
        kind, raw = entry
        self.now += SECONDS_BETWEEN * 1000
        event = self._event(read_data(kind, raw, None), "scribe")
        begun = time.perf_counter_ns()
        self.watch.enter(event)
        for data in self.watch.evaluate(self.now):
            self.watch.enter(self._event(data, WATCHER))
        self.watch.next_due(self.now)
        self.seconds += (time.perf_counter_ns() - begun) / 1e9

    def _event(self, data: Data, by: str) -> Event:
        return Event(
            case="0b4f1c52-6a53-4c8e-9a51-3f6a2f0c7d11",
            terminal="t-00aa11bb22",
            seq=len(self.watch.entered) + 1,
            prev="0" * 64,
            at=self.now,
            basis="live",
            within_ms=None,
            recorded_at=self.now,
            boot="b",
            boot_ms=self.now,
            by=by,
            data=data,
        )


@cache
def _tables() -> Tables:
    return load_tables()


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    number = (1_000 if quick else LATE) - EARLY
    late, flagged = WatchedCase(), WatchedCase(adrenaline="0.03 mg")
    late.grow(number)
    flagged.grow(number)
    entered, opened = len(late.watch.entered), len(flagged.watch.flags.open_flags())
    works = {"early": lambda: WatchedCase().period(), "late": late.period, "flagged": flagged.period}
    seconds = take_turns(works, 20 if quick else 60)
    failures = [Remark(f"{rule} failed: {error!r}") for rule, error in late.watch.failures.items()]
    short = WatchedCase()
    short.grow(PERIOD)
    corrections = take_turns({"early": short.correct, "late": late.correct}, 5, warm_up=0)
    return [
        Row(f"an entry around the {EARLY}th", seconds["early"], seconds_budget=60e-6),
        Row(f"an entry after {entered:,}", seconds["late"], seconds_budget=60e-6),
        Row(
            "the late one beside the early one",
            seconds["late"],
            f"around the {EARLY}th",
            seconds["early"],
            1.2,
        ),
        Row(
            f"a late one with {opened:,} flags open",
            seconds["flagged"],
            f"around the {EARLY}th",
            seconds["early"],
        ),
        Row(f"a correction after {entered:,}", corrections["late"], f"after {PERIOD}", corrections["early"]),
        *failures,
    ]
