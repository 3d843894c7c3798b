"""The rows of the timeline, made from the log and from what is on its way. Knows nothing of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codelog.case.corrections import CorrectionError, active_corrections, amended
from codelog.case.events import CORRECTIONS, Event, EventAmended, EventRetracted, FlagRaised, Ref
from codelog.case.instants import format_elapsed
from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import describe
from codelog.terminal.session import Pending

LATE_MS = 5_000
"""From how far apart on both times of an entry are shown."""
LONGEST = 400

_TONES = {
    "flag.acknowledged": "answer",
    "flag.snoozed": "answer",
    "flag.cleared": "quiet",
    "clock.stepped": "quiet",
    "event.amended": "quiet",
    "event.retracted": "quiet",
    "case.opened": "quiet",
    "note.added": "note",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (or that it waits), its time from case zero, its words, and how it looks."""

    number: str
    time: str
    words: str
    after: str = ""
    tone: str = "entry"
    struck: bool = False


class Marks:
    """What later entries say of earlier ones, kept up as the log grows."""

    def __init__(self) -> None:
        self.retracted: dict[Ref, str] = {}
        self.amendments: dict[Ref, list[Event]] = {}
        self._corrections: list[Event] = []

    def follow(self, events: Iterable[Event]) -> set[Ref]:
        """Take in new events; returns the entries of which something else is to be said now."""
        news = [event for event in events if event.kind in CORRECTIONS]
        if not news:
            return set()
        self._corrections += news
        before = self.retracted, self.amendments
        self.retracted, self.amendments = {}, {}
        for event in active_corrections(self._corrections):
            if isinstance(event.data, EventRetracted):
                self.retracted[event.data.target] = event.data.reason
            elif isinstance(event.data, EventAmended):
                self.amendments.setdefault(event.data.target, []).append(event)
        return _differing(before[0], self.retracted) | _differing(before[1], self.amendments)


def _differing(old: Mapping[Ref, object], new: Mapping[Ref, object]) -> set[Ref]:
    return {target for target in old.keys() | new.keys() if old.get(target) != new.get(target)}


def saved_row(event: Event, zero: int, tables: Tables, marks: Marks) -> Row:
    """The row of an event of the log, with its words as corrected."""
    after = []
    if event.recorded_at - event.at > LATE_MS:
        after.append(f"entered {format_elapsed(event.recorded_at - zero, millis=False)}")
    if event.seq in marks.retracted:
        after.append(f"retracted: {marks.retracted[event.seq]}")
    amendments = marks.amendments.get(event.seq, [])
    if amendments:
        after.append(f"amended #{amendments[-1].seq}")
    said = _as_amended(event, amendments)
    return Row(
        number=f"#{event.seq}",
        time=format_elapsed(said.at - zero, millis=False),
        words=plain(describe(said.data, tables), LONGEST),
        after=plain(f"({', '.join(after)})", LONGEST) if after else "",
        tone=_tone(event),
        struck=event.seq in marks.retracted,
    )


def _as_amended(event: Event, amendments: Iterable[Event]) -> Event:
    for amendment in amendments:
        if isinstance(amendment.data, EventAmended):
            try:
                event = amended(event, amendment.data.changes)
            except CorrectionError:
                continue
    return event


def waiting_row(pending: Pending, zero: int) -> Row:
    """The row of an entry that is not durable yet."""
    failed = pending.failure is not None
    return Row(
        number="…",
        time=format_elapsed(pending.at - zero, millis=False),
        words=plain(pending.words, LONGEST),
        after="(NOT SAVED yet)" if failed else "",
        tone="failed" if failed else "pending",
    )


def _tone(event: Event) -> str:
    if isinstance(event.data, FlagRaised):
        return event.data.priority
    return _TONES.get(event.kind, "entry")
