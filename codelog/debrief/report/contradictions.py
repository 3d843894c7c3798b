"""Entries that cannot all be true: ends before starts, use of a line that was not there, times that lie ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codelog.case.access import Attempt, Stamp
from codelog.case.events import (
    AccessChecked,
    AccessConfirmed,
    AccessLost,
    AccessPresent,
    AccessRemoved,
    AttemptDescribed,
    AttemptEnded,
    AttemptStarted,
    DrugGiven,
    Event,
    InfusionChanged,
    InfusionStarted,
    InfusionStopped,
    Ref,
)
from codelog.case.instants import SECOND
from codelog.debrief.gaps import lines_at
from codelog.debrief.report.record import Record
from codelog.rules.no_line import LINES_FOR

AHEAD_MS = SECOND
"""An entry may be this much earlier than what it tells: clocks are read one after the other."""

_OF_LINE = (AccessConfirmed, AccessChecked, AccessLost, AccessRemoved)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot be, in one sentence, and the entries that say it."""

    id: str
    text: str
    events: tuple[Ref, ...]


def contradictions(record: Record) -> tuple[Contradiction, ...]:
    """Every contradiction of a record, in the order of its entries."""
    found = [one for event in record.entries for one in _of(record, event)]
    return tuple(found)


def _of(record: Record, event: Event) -> Iterator[Contradiction]:
    data = event.data
    if event.at - event.recorded_at > AHEAD_MS:
        yield _told(record, "ahead", "entered before it happened", event)
    if isinstance(data, (AttemptStarted, AccessPresent)):
        attempt = record.state.access.attempts[data.attempt]
        if attempt.start.seq != event.seq:
            yield _told(record, "twice", f"attempt {data.attempt} started twice", event, attempt.start)
    elif isinstance(data, (AttemptDescribed, AttemptEnded, *_OF_LINE)):
        known = record.state.access.attempts.get(data.attempt)
        if known is None:
            yield _told(record, "no_start", f"attempt {data.attempt} was never started", event)
        else:
            yield from _of_attempt(record, event, known)
    elif isinstance(data, (InfusionChanged, InfusionStopped)):
        infusion = record.state.infusions.get(data.infusion)
        if infusion is None or (infusion.start.at, infusion.start.seq) > (event.at, event.seq):
            said = f"infusion {data.infusion} was not running then"
            yield _told(record, "no_infusion", said, event, None if infusion is None else infusion.start)
    elif isinstance(data, (DrugGiven, InfusionStarted)) and data.route in LINES_FOR:
        yield from _through(record, event, data)


def _of_attempt(record: Record, event: Event, attempt: Attempt) -> Iterator[Contradiction]:
    data = event.data
    if isinstance(data, AttemptDescribed):
        return
    if event.at < attempt.start.at:
        said = f"attempt {attempt.number} ended before it began"
        if not isinstance(data, AttemptEnded):
            said = f"line {attempt.number} was in use before its attempt began"
        yield _told(record, "order", said, event, attempt.start)
    elif isinstance(data, AttemptEnded):
        if attempt.end is not None and attempt.end.seq != event.seq:
            yield _told(record, "ended_twice", f"attempt {attempt.number} ended twice", event, attempt.end)
    elif attempt.established is None:
        yield _told(record, "no_line", f"attempt {attempt.number} gave no line", event, attempt.start)
    elif isinstance(data, (AccessLost, AccessRemoved)):
        if attempt.gone is not None and attempt.gone.seq != event.seq:
            yield _told(record, "gone_twice", f"line {attempt.number} went twice", event, attempt.gone)
    elif event.at < attempt.established.at:
        said = f"line {attempt.number} was in use before it was established"
        yield _told(record, "order", said, event, attempt.established)


def _through(record: Record, event: Event, data: DrugGiven | InfusionStarted) -> Iterator[Contradiction]:
    """As the rule `no-line` has it, at the end: a line of that route, and the one named if one is."""
    working = lines_at(event.at, record.state)
    if data.attempt is not None and data.attempt not in {line.number for line in working}:
        yield _told(record, "no_line", f"line {data.attempt} was no working line then", event)
    elif not record.lines_for(event, data):
        yield _told(record, "no_line", "no line of that route was in place then", event)


def _told(record: Record, id: str, text: str, event: Event, other: Stamp | None = None) -> Contradiction:
    return Contradiction(id, text, record.refs(event.seq, other.seq if other is not None else None))
