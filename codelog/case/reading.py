"""The corrected reading of a case, kept up with its log as the log grows.

An entry that comes last in time is taken into the fold as it is. A correction or a late entry that belongs before
what was already folded makes the fold begin again: rare, and never wrong.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from codelog.case.corrections import corrected, is_entry
from codelog.case.events import CORRECTIONS, Event


class Fold(Protocol):
    """What a reading drives: entries one by one, and a word after all entries of one instant."""

    def apply(self, event: Event) -> None:
        """Take the next entry."""

    def settle(self) -> None:
        """All entries so far of the last entry's instant are in. May be called again for the same instant."""


F = TypeVar("F", bound=Fold)


class Reading(Generic[F]):
    """The entries of one stream as corrected, folded up to an instant.

    `new_fold` makes an empty fold; `entered` holds every event in order of seq, `ordered` the corrected entries in
    order of (`at`, `seq`).
    """

    def __init__(self, new_fold: Callable[[], F], events: Iterable[Event] = ()) -> None:
        self._new_fold = new_fold
        self.entered: list[Event] = list(events)
        self._begin_again()

    def enter(self, event: Event) -> None:
        """Take the next event of the log, of whatever kind."""
        self.entered.append(event)
        if event.kind in CORRECTIONS:
            self._begin_again()
        elif is_entry(event):
            if self._applied and _order(event) < _order(self.ordered[self._applied - 1]):
                self._begin_again()
            else:
                insort(self.ordered, event, lo=self._applied, key=_order)

    def advance(self, now: int) -> F:
        """The fold after every entry whose `at` is no later than `now`; `now` never goes back."""
        last = self.ordered[self._applied - 1].at if self._applied else None
        fresh = False
        while self._applied < len(self.ordered) and self.ordered[self._applied].at <= now:
            event = self.ordered[self._applied]
            if fresh and event.at != last:
                self.fold.settle()
            self.fold.apply(event)
            last, fresh = event.at, True
            self._applied += 1
        if fresh:
            self.fold.settle()
        return self.fold

    def next_entry_at(self) -> int | None:
        """The instant of the first entry that lies ahead (its time was amended to be later), if there is one."""
        return self.ordered[self._applied].at if self._applied < len(self.ordered) else None

    def without(self, seqs: frozenset[int], now: int) -> F:
        """The fold at `now` as it would be had the events `seqs` not been entered."""
        rest = [event for event in self.entered if event.seq not in seqs]
        return Reading(self._new_fold, rest).advance(now)

    def _begin_again(self) -> None:
        self.fold: F = self._new_fold()
        self.ordered: list[Event] = corrected(self.entered)
        self._applied = 0


def _order(event: Event) -> tuple[int, int]:
    return event.at, event.seq
