"""timing: the same entry twice in a moment, or an end that stands before its start. Nothing is refused for it."""

from __future__ import annotations

from collections import deque
from typing import Any

from codelog.case.access import Stamp
from codelog.case.events import (
    AttemptEnded,
    AttemptStarted,
    CareEnded,
    CareStarted,
    Event,
    InfusionStarted,
    InfusionStopped,
    Ref,
)
from codelog.case.flags import Subject
from codelog.case.instants import SECOND
from codelog.case.state import State
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.rules.rule import Changes, Finding, Reasons, Rule, View, clock

WINDOW = 2 * SECOND
"""Two equal entries this close, both ends included, may be one press too many."""


class Timing(Rule):
    """Check the entry."""

    id = "timing"
    title = "Check the entry"

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        super().__init__(protocol, tables)
        self._recent: deque[Event] = deque()
        self._started: dict[tuple[str, Any], Stamp] = {}
        self._ended: dict[tuple[str, Any], Stamp] = {}
        self._standing: dict[Ref, Finding] = {}
        self._changes = Changes()

    def observe(self, state: State, event: Event) -> None:
        """Compare with the entries of the last two seconds, and an end with its start."""
        while self._recent and event.at - self._recent[0].at > WINDOW:
            self._recent.popleft()
        for earlier in self._recent:
            if earlier.data == event.data:
                first, again = sorted((earlier.seq, event.seq))
                self._mark("duplicate", event.at, again, first)
                break
        self._recent.append(event)
        self._pair(event)

    def _pair(self, event: Event) -> None:
        data, stamp = event.data, Stamp(event.at, event.seq)
        if isinstance(data, (AttemptStarted, InfusionStarted, CareStarted)):
            key = _what(data)
            ended = self._ended.pop(key, None)
            if ended is None:
                self._started[key] = stamp
            elif ended.seq > stamp.seq or not isinstance(data, CareStarted):
                self._mark("order", ended.at, ended.seq, stamp.seq)
            else:
                self._started[key] = stamp
        elif isinstance(data, (AttemptEnded, InfusionStopped, CareEnded)):
            key = _what(data)
            if self._started.pop(key, None) is None:
                self._ended[key] = stamp

    def _mark(self, basis: str, at: int, seq: int, other: int) -> None:
        evidence = tuple(sorted((seq, other)))
        self._standing.setdefault(seq, Finding(basis, at, "low", entry=seq, evidence=evidence))
        self._changes.note(entry=seq)

    def findings(self, view: View) -> list[Finding]:
        """One finding for every entry that is doubtful in time."""
        return list(self._standing.values())

    def changed(self) -> set[Subject] | None:
        """The entries marked since."""
        return self._changes.take()

    def finding(self, view: View, subject: Subject) -> Finding | None:
        """What is doubtful about one entry."""
        return self._standing.get(subject[1] or 0)

    def explain(self, view: View, finding: Finding) -> Reasons:
        """Which entries, and what is odd about them."""
        at = clock(finding.due_at, view.state)
        first, second = finding.evidence
        other = first if second == finding.entry else second
        if finding.basis == "order":
            text, threshold = (
                f"Check entry {finding.entry}: it ends at {at} what entry {other} starts later.",
                "an end after its start",
            )
        else:
            text, threshold = f"Check entry {finding.entry}: the same as entry {other} within 2 s.", "2 s"
        return Reasons(
            text=text,
            threshold=threshold,
            source="the record of this case",
            facts={"at": at},
            evidence=finding.evidence,
        )


def _what(data: Any) -> tuple[str, Any]:
    if isinstance(data, (AttemptStarted, AttemptEnded)):
        return "attempt", data.attempt
    if isinstance(data, (InfusionStarted, InfusionStopped)):
        return "infusion", data.infusion
    return "care", data.care
