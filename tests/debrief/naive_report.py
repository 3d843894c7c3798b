"""The figures of a report computed again, without the state of the case, the slow way and from the entries alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from codelog.case.corrections import corrected
from codelog.case.events import Event, Ref


@dataclass
class Try:
    """An attempt or a line from before, with the instants of its turns."""

    number: Ref
    route: str
    start: int
    present: bool
    end: int | None = None
    outcome: str | None = None
    gone: int | None = None


@dataclass
class Wanted:
    """A stretch without a working line in which access is wanted."""

    cause: str
    since: tuple[int, int]
    until: tuple[int, int] | None = None


class Naive:
    """All entries of a case, looked through again for every question."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.entries = corrected(list(events))
        self.end = self._end(events)
        self.tries: dict[Ref, Try] = {}
        self.order: dict[Ref, tuple[int, int]] = {}
        self.closing: dict[Ref, tuple[int, int]] = {}
        self.wanted: list[Wanted] = []
        self._walk()

    def _end(self, events: Sequence[Event]) -> int:
        closed = None
        for event in self.entries:
            if event.kind in ("case.closed", "case.reopened"):
                closed = event.at if event.kind == "case.closed" else None
        return max(event.at for event in events) if closed is None else closed

    def _walk(self) -> None:
        for event in self.entries:
            key = (event.at, event.seq)
            data: Any = event.data
            if event.kind == "access.needed" and not self.working() and self.open() is None:
                self.wanted.append(Wanted("need", key))
            if event.kind in ("access.attempt_started", "access.present") and data.attempt not in self.tries:
                present = event.kind == "access.present"
                self.tries[data.attempt] = Try(data.attempt, data.route, event.at, present)
                self.order[data.attempt] = key
                if present:
                    self._establish(self.tries[data.attempt], event.at, key)
                elif not self.working() and self.open() is None:
                    self.wanted.append(Wanted("attempt", key))
                for earlier in self.entries:
                    if (earlier.at, earlier.seq) < key and getattr(
                        earlier.data, "attempt", None
                    ) == data.attempt:
                        self._turn(earlier, event.at)
            elif getattr(data, "attempt", None) in self.tries:
                self._turn(event, event.at)

    def _turn(self, event: Event, not_before: int) -> None:
        data: Any = event.data
        found = self.tries[data.attempt]
        key = (max(event.at, not_before), event.seq)
        if event.kind == "access.attempt_ended" and found.outcome is None:
            found.end, found.outcome = key[0], data.outcome
            self.closing[data.attempt] = key
            if data.outcome == "established":
                self._establish(found, key[0], key)
        elif event.kind in ("access.lost", "access.removed") and found in self.working():
            found.gone = key[0]
            if event.kind == "access.lost" and not self.working():
                self.wanted.append(Wanted("loss", key))

    def _establish(self, found: Try, at: int, key: tuple[int, int]) -> None:
        found.end, found.outcome = at, "established"
        self.closing[found.number] = key
        wanted = self.open()
        if wanted is not None:
            wanted.until = key

    def working(self) -> list[Try]:
        return [one for one in self.tries.values() if one.outcome == "established" and one.gone is None]

    def open(self) -> Wanted | None:
        return next((wanted for wanted in self.wanted if wanted.until is None), None)

    # Figures

    def need_to_access(self) -> list[int | None]:
        return [
            None if wanted.until is None or wanted.cause == "attempt" else wanted.until[0] - wanted.since[0]
            for wanted in self.wanted
        ]

    def first_attempt_to_access(self) -> list[int | None]:
        return [
            None if first is None or wanted.until is None else wanted.until[0] - first
            for wanted, first in zip(self.wanted, self.first_attempts(), strict=True)
        ]

    def need_to_first_attempt(self) -> list[int | None]:
        return [
            None if first is None or wanted.cause == "attempt" else first - wanted.since[0]
            for wanted, first in zip(self.wanted, self.first_attempts(), strict=True)
        ]

    def first_attempts(self) -> list[int | None]:
        found: list[int | None] = []
        for wanted in self.wanted:
            going_on = [
                number
                for number, key in self.order.items()
                if key < wanted.since
                and not self.tries[number].present
                and self.closing.get(number, (1 << 60, 0)) > wanted.since
            ]
            starts = [
                key[0]
                for number, key in self.order.items()
                if not self.tries[number].present
                and wanted.since <= key
                and (wanted.until is None or key <= wanted.until)
            ]
            found.append(None if going_on else min(starts, default=None))
        return found

    def counts(self) -> dict[str, tuple[int, int, int, int]]:
        found: dict[str, tuple[int, int, int, int]] = {}
        for route in ("piv", "uvc", "cvc", "io"):
            outcomes = [one.outcome for one in self.tries.values() if one.route == route and not one.present]
            if outcomes:
                found[route] = (
                    len(outcomes),
                    outcomes.count("established"),
                    outcomes.count("failed"),
                    outcomes.count("abandoned"),
                )
        return found

    def dwell(self) -> dict[Ref, int | None]:
        return {
            one.number: None if one.gone is None or one.end is None else one.gone - one.end
            for one in self.tries.values()
            if one.route == "io" and one.outcome == "established"
        }

    def adrenaline(self) -> list[int]:
        data: Any
        doses = []
        for event in self.entries:
            data = event.data
            if event.kind == "drug.given" and data.drug == "adrenaline":
                doses.append(event.at)
        return [after - before for before, after in pairwise(doses)]

    def mass(self, drug: str) -> Fraction:
        """All doses of a drug given by mass, in mg."""
        total = Fraction(0)
        for event in self.entries:
            data: Any = event.data
            if event.kind == "drug.given" and data.drug == drug and data.dose.unit in ("mg", "g", "ug"):
                factor = {"mg": Fraction(1), "g": Fraction(1000), "ug": Fraction(1, 1000)}[data.dose.unit]
                total += Fraction(data.dose.value) * factor
        return total

    def fluid(self) -> Fraction:
        """The volume of all infusions in mL: as given if a stop says so, else as ordered."""
        started: dict[Ref, Any] = {}
        stopped: dict[Ref, Any] = {}
        for event in self.entries:
            data: Any = event.data
            if event.kind == "infusion.started":
                started.setdefault(data.infusion, data)
            elif event.kind == "infusion.stopped" and data.infusion in started:
                stopped.setdefault(data.infusion, data)
        total = Fraction(0)
        for number, data in started.items():
            stop = stopped.get(number)
            volume = stop.volume if stop is not None and stop.volume is not None else data.volume
            total += Fraction(0) if volume is None else Fraction(volume.value)
        return total
