"""The course of a case: every entry that stands, care from start to end, vital signs, turning points and notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from codelog.case.events import (
    ArrestRecognised,
    CareEnded,
    CareStarted,
    CaseClosed,
    CaseReopened,
    Event,
    NoteAdded,
    Ref,
    RoscRecognised,
    VitalRecorded,
)
from codelog.case.quantities import Quantity
from codelog.debrief.report.figures import Moment, Named
from codelog.debrief.report.record import Record
from codelog.debrief.wording import describe, word

UNITS: Mapping[str, str] = {
    "heart_rate": "/min",
    "spo2": "%",
    "resp_rate": "/min",
    "temperature": "Cel",
    "systolic": "mm[Hg]",
    "apgar": "",
}
"""Every vital sign with the unit it is recorded in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that stands, as corrected. `words` has text from people as it is. `entered_after_ms`: how late."""

    number: Ref
    moment: Moment
    kind: str
    words: str
    by: str
    basis: str
    within_ms: int | None
    entered_after_ms: int
    amended_by: tuple[Ref, ...]
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Care from its start to its end; `until` None: it had not ended."""

    care: Named
    since: Moment
    until: Moment | None
    ms: int | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Vital:
    """One measurement; `minute` is that of an Apgar score."""

    moment: Moment
    sign: str
    value: Decimal
    unit: str
    minute: int | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A turning point: arrest, return of circulation, closing, reopening."""

    moment: Moment
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote, as it was entered."""

    moment: Moment
    text: str


@dataclass(frozen=True, slots=True)
class Course:
    """Everything in order of time."""

    entries: tuple[Entry, ...]
    milestones: tuple[Milestone, ...]
    care: tuple[Stretch, ...]
    vitals: tuple[Vital, ...]
    notes: tuple[Note, ...]


_MILESTONES = (ArrestRecognised, RoscRecognised, CaseClosed, CaseReopened)


def course(record: Record) -> Course:
    """The course of a case."""
    return Course(
        entries=tuple(_entry(record, event) for event in record.entries),
        milestones=tuple(
            Milestone(record.moment(event), event.kind, describe(event.data, record.tables))
            for event in record.entries
            if isinstance(event.data, _MILESTONES)
        ),
        care=_care(record),
        vitals=tuple(
            vital for event, data in record.of(VitalRecorded) for vital in _vitals(record, event, data)
        ),
        notes=tuple(Note(record.moment(event), data.text) for event, data in record.of(NoteAdded)),
    )


def _entry(record: Record, event: Event) -> Entry:
    moment = record.moment(event)
    return Entry(
        number=record.number(event.seq),
        moment=moment,
        kind=event.kind,
        words=describe(event.data, record.tables),
        by=event.by,
        basis=event.basis,
        within_ms=event.within_ms,
        entered_after_ms=event.recorded_at - event.at,
        amended_by=tuple(record.number(seq) for seq in record.amendments.get(event.seq, ())),
        events=moment.events,
    )


def _care(record: Record) -> tuple[Stretch, ...]:
    """Each care from its first start to the next end; a start while it runs begins nothing."""
    running: dict[str, Event] = {}
    found = []
    for event in record.entries:
        data = event.data
        if isinstance(data, CareStarted):
            running.setdefault(data.care, event)
        elif isinstance(data, CareEnded) and data.care in running:
            found.append(_stretch(record, data.care, running.pop(data.care), event, data.result))
    found += [_stretch(record, care, event, None, None) for care, event in running.items()]
    return tuple(sorted(found, key=lambda stretch: stretch.since.at))


def _stretch(record: Record, care: str, since: Event, until: Event | None, result: str | None) -> Stretch:
    return Stretch(
        care=Named(care, word("care", care)),
        since=record.moment(since),
        until=None if until is None else record.moment(until),
        ms=None if until is None else until.at - since.at,
        result=result,
    )


def _vitals(record: Record, event: Event, data: VitalRecorded) -> list[Vital]:
    found = []
    for sign, unit in UNITS.items():
        value: Any = getattr(data, sign)
        if value is not None:
            number = value.value if isinstance(value, Quantity) else Decimal(value)
            minute = data.apgar_minute if sign == "apgar" else None
            found.append(Vital(record.moment(event), sign, number, unit, minute))
    return found
