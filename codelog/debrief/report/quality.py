"""How good a record is: what is missing, late, corrected, silent or impossible, and a score with its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from codelog.case.corrections import active_corrections
from codelog.case.events import (
    ADDENDA,
    CaseOpened,
    Event,
    EventAmended,
    EventRetracted,
    Ref,
)
from codelog.case.instants import MINUTE, SECOND, InstantError, format_elapsed, parse_instant
from codelog.case.vocabulary import WATCHER
from codelog.debrief.gaps import Gap, complete, gaps
from codelog.debrief.report.contradictions import Contradiction, contradictions
from codelog.debrief.report.figures import Moment, span_words
from codelog.debrief.report.record import Record
from codelog.debrief.wording import describe, only_adds, value_words

LATE_MS = 5 * SECOND
"""An entry made later than this after what it tells is a late one."""
SILENT_MS = 2 * MINUTE
"""From this length on a time in which nothing was entered is named. No figure for it is published."""

_TIMES = ("outcome", "end", "need")
"""Gaps that leave a time unknown: the end of an attempt, of care or an infusion, and when access was needed."""
_BASES = ("live", "stated", "device", "reconstructed")


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that the record lacks. `marked_unknown`: somebody said that it cannot be filled."""

    subject: str
    field: str
    words: str
    marked_unknown: bool
    moment: Moment
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """Details that the record should have, those it has, and those marked as not known. Percent is rounded down.

    A detail marked as not known counts as accounted for. None: there is nothing that it should have.
    """

    expected: int
    filled: int
    marked_unknown: int
    percent: int | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """An entry made `after_ms` after what it tells."""

    moment: Moment
    after_ms: int
    basis: str
    words: str
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """A correction of an entry. `adds`: it says what was not known at the entry, and mends nothing."""

    moment: Moment
    of: str
    changes: tuple[str, ...]
    reason: str
    adds: bool
    by: str
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Retraction:
    """An entry taken back: `of` is what it said."""

    moment: Moment
    of: str
    reason: str
    by: str
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """A time in which nothing was entered that happened then."""

    since: Moment
    until: Moment
    ms: int
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of the score in percent, and what it counts. None: there was nothing to judge."""

    id: str
    label: str
    percent: int | None
    good: int
    of: int
    explanation: str
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The mean of the parts that could be judged, in percent. It is ours, not published: it judges records, not teams."""

    percent: int | None
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a record. `bases` counts the entries by how their time is known; `entries` are people's."""

    entries: int
    bases: Mapping[str, int]
    details: Details
    late: tuple[Late, ...]
    amended: tuple[Amendment, ...]
    retracted: tuple[Retraction, ...]
    longest_silence: Silence | None
    silences: tuple[Silence, ...]
    contradictions: tuple[Contradiction, ...]
    missing_times: tuple[Missing, ...]
    score: Score
    events: tuple[Ref, ...]


def quality(record: Record) -> Quality:
    """The quality of a case's record."""
    entries = [event for event in record.entries if _by_people(event)]
    details = _details(record)
    late = tuple(_late(record, event) for event in entries if _is_late(event))
    silences = _silences(record, entries)
    impossible = contradictions(record)
    missing_times = tuple(gap for gap in details.missing if gap.field in _TIMES)
    amended, retracted = _corrections(record)
    return Quality(
        entries=len(entries),
        bases={basis: sum(event.basis == basis for event in entries) for basis in _BASES},
        details=details,
        late=late,
        amended=amended,
        retracted=retracted,
        longest_silence=max(silences, key=lambda silence: silence.ms, default=None),
        silences=tuple(silence for silence in silences if silence.ms >= SILENT_MS),
        contradictions=impossible,
        missing_times=missing_times,
        score=_score(record, entries, details, late, impossible, missing_times),
        events=record.refs(*(event.seq for event in entries)),
    )


def _by_people(event: Event) -> bool:
    """Whether somebody told something of the case, as it went on."""
    return event.by != WATCHER and event.kind not in ADDENDA and not isinstance(event.data, CaseOpened)


def _details(record: Record) -> Details:
    arguments = record.entries, record.state, record.flags, record.tables
    whole = complete(*arguments)
    accounted = whole.filled + whole.unknown
    return Details(
        expected=whole.expected,
        filled=whole.filled,
        marked_unknown=whole.unknown,
        percent=_percent(accounted, whole.expected),
        missing=tuple(_missing(record, gap) for gap in gaps(*arguments)),
    )


def _missing(record: Record, gap: Gap) -> Missing:
    events = record.refs(gap.seq)
    moment = Moment(gap.at, gap.at - record.zero, events)
    return Missing(gap.subject, gap.field, gap.words, gap.unknown is not None, moment, events)


def _is_late(event: Event) -> bool:
    return event.recorded_at - event.at > LATE_MS


def _late(record: Record, event: Event) -> Late:
    return Late(
        record.moment(event),
        event.recorded_at - event.at,
        event.basis,
        describe(event.data, record.tables),
        record.refs(event.seq),
    )


# Corrections


def _corrections(record: Record) -> tuple[tuple[Amendment, ...], tuple[Retraction, ...]]:
    entered = {event.seq: event for event in record.entered}
    amended, retracted = [], []
    for event in active_corrections(record.entered):
        data = event.data
        target = entered.get(data.target) if isinstance(data, (EventAmended, EventRetracted)) else None  # type: ignore[arg-type]
        of = "an entry that is not here" if target is None else describe(target.data, record.tables)
        events = record.refs(event.seq, target.seq if target is not None else None)
        if isinstance(data, EventAmended):
            changes = _changes(record, target, data)
            amended.append(
                Amendment(record.moment(event), of, changes, data.reason, only_adds(data), event.by, events)
            )
        elif isinstance(data, EventRetracted):
            retracted.append(Retraction(record.moment(event), of, data.reason, event.by, events))
    return tuple(amended), tuple(retracted)


def _changes(record: Record, target: Event | None, data: EventAmended) -> tuple[str, ...]:
    return tuple(
        f"{name.replace('_', ' ')}: {_change(record, target, name, value)}"
        for name, value in data.changes.items()
    )


def _change(record: Record, target: Event | None, name: str, value: Any) -> str:
    if name == "at":
        try:
            return format_elapsed(parse_instant(str(value)) - record.zero)
        except InstantError:
            return str(value)
    if target is None:
        return str(value)
    try:
        return value_words(target.kind, name, value, record.tables)
    except KeyError:
        # A log of other hands may amend a field that there is not.
        return str(value)


# Silence


def _silences(record: Record, entries: list[Event]) -> list[Silence]:
    """The times between one thing told and the next, within the case: from its zero, if that is told, to its end."""
    ends = [
        event
        for event in record.entries
        if record.state.closed is not None and event.seq == record.state.closed.seq
    ]
    told = [*([record.opening] if record.opening is not None else []), *entries, *ends]
    told = sorted({event.seq: event for event in told}.values(), key=lambda event: (event.at, event.seq))
    return [
        Silence(
            record.moment(before),
            record.moment(after),
            after.at - before.at,
            record.refs(before.seq, after.seq),
        )
        for before, after in pairwise(told)
    ]


# Score


def _score(
    record: Record,
    entries: list[Event],
    details: Details,
    late: tuple[Late, ...],
    impossible: tuple[Contradiction, ...],
    missing_times: tuple[Missing, ...],
) -> Score:
    accounted = details.filled + details.marked_unknown
    lacking = [ref for gap in details.missing if not gap.marked_unknown for ref in gap.events]
    ended = _ends(record)
    open_ends = [gap for gap in missing_times if gap.field != "need"]
    faulty = dict.fromkeys(ref for one in impossible for ref in one.events)
    parts = (
        _part(
            "details",
            "details",
            accounted,
            details.expected,
            "details recorded, or marked as not known",
            lacking,
        ),
        _part(
            "prompt",
            "entered in time",
            len(entries) - len(late),
            len(entries),
            f"entries made within {span_words(LATE_MS)} of what they tell",
            [ref for one in late for ref in one.events],
        ),
        _part(
            "ends",
            "ends recorded",
            ended,
            ended + len(open_ends),
            "attempts, infusions and care of which the end was recorded",
            [ref for gap in open_ends for ref in gap.events],
        ),
        _part(
            "possible",
            "free of contradiction",
            max(0, len(entries) - len(faulty)),
            len(entries),
            "entries that no other one contradicts",
            list(faulty),
        ),
    )
    judged = [part.percent for part in parts if part.percent is not None]
    return Score(sum(judged) // len(judged) if judged else None, parts)


def _ends(record: Record) -> int:
    """How many attempts, infusions and stretches of care have an end."""
    access = sum(not attempt.in_progress for attempt in record.tries())
    infusions = sum(not infusion.running for infusion in record.state.infusions.values())
    return access + infusions + sum(event.kind == "care.ended" for event in record.entries)


def _part(id: str, label: str, good: int, of: int, explanation: str, events: list[Ref]) -> ScorePart:
    return ScorePart(id, label, _percent(good, of), good, of, explanation, tuple(dict.fromkeys(events)))


def _percent(part: int, whole: int) -> int | None:
    return None if not whole else 100 * part // whole
