"""The rows of the timeline, made from the log and from what is on its way. Knows nothing of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codelog.case.events import Event, EventRetracted, FlagRaised
from codelog.case.instants import format_elapsed
from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import describe
from codelog.terminal.marks import Marks

if TYPE_CHECKING:
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
    hidden: bool = False
    """Whether another row says it all."""


def saved_row(event: Event, zero: int, tables: Tables, marks: Marks) -> Row:
    """The row of an event of the log, with its words as corrected and with the details that were added to it."""
    after = []
    if event.recorded_at - event.at > LATE_MS:
        after.append(f"entered {format_elapsed(event.recorded_at - zero, millis=False)}")
    retraction = marks.retracted.get(event.seq)
    if retraction is not None and isinstance(retraction.data, EventRetracted):
        after.append(f"retracted: {retraction.data.reason}")
    standing = marks.standing(event)
    told, added = standing.now, [entry.seq for entry in standing.added]
    amendments = [a.seq for a in marks.amendments.get(event.seq, []) if a.seq not in added]
    amendments += [a.seq for entry in standing.added for a in marks.amendments.get(entry.seq, [])]
    if amendments:
        after.append(f"amended #{amendments[-1]}")
    if added:
        after.append(f"+ {', '.join(f'#{seq}' for seq in added)}")
    return Row(
        number=f"#{event.seq}",
        time=format_elapsed(told.at - zero, millis=False),
        words=plain(describe(told.data, tables), LONGEST),
        after=plain(f"({', '.join(after)})", LONGEST) if after else "",
        tone=_tone(event),
        struck=retraction is not None,
        hidden=marks.told_elsewhere(event),
    )


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
