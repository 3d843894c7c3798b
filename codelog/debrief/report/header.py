"""The head of the report: which case, which child, which protocol, whose clocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from codelog.case.events import CaseClosed, ClockMarked, ClockStepped, Event, Ref
from codelog.case.instants import DAY, HOUR, MINUTE, SECOND
from codelog.case.quantities import Quantity
from codelog.case.state import PATIENT_FACTS
from codelog.debrief.report.figures import Moment, Named
from codelog.debrief.report.record import Record
from codelog.debrief.wording import word


@dataclass(frozen=True, slots=True)
class Child:
    """What is known of the child by the end; None is not recorded. `age_days` is 0 where the clock is from birth."""

    age_days: int | None
    gestation_weeks: int | None
    weight: Quantity | None
    weight_source: Named | None
    sex: str | None
    cord: Named | None
    cooling: bool | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ProtocolUsed:
    """The protocol of this report. `opened_with` is the digest in the log; `changed`: this is not the same file."""

    id: str
    version: str
    title: str
    status: str
    digest: str
    opened_with: str | None
    changed: bool
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ForeignClock:
    """What another clock showed. `ahead_ms`: before (-) or ahead of UTC by the time of day, time zone included.

    None: what it showed is no time of day.
    """

    moment: Moment
    clock: Named
    shows: str
    text: str | None
    ahead_ms: int | None


@dataclass(frozen=True, slots=True)
class ClockStep:
    """A jump of the terminal's wall clock by `wall_ms`; the case's own time did not jump."""

    moment: Moment
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Header:
    """The head. Without an opening that can be read, what it would say is None.

    `zero` is the instant from which the case's clock counts, `zero_is` what happened then. `interim`: still open.
    """

    case: str | None
    label: str | None
    place: str | None
    text: str | None
    setting: Named | None
    mode: str | None
    zero: Moment
    zero_is: Named | None
    first_entry: Moment | None
    last_entry: Moment | None
    closed: Moment | None
    outcome: Named | None
    closing_text: str | None
    interim: bool
    child: Child
    protocol: ProtocolUsed
    clocks: tuple[ForeignClock, ...]
    clock_steps: tuple[ClockStep, ...]
    events: tuple[Ref, ...]


_TIME_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]([0-5][0-9]))?")


def header(record: Record) -> Header:
    """The head of a case's report."""
    opened, opening = record.state.opened, record.opening
    closing = _closing(record)
    data = closing.data if closing is not None and isinstance(closing.data, CaseClosed) else None
    entries = record.entries
    return Header(
        case=record.entered[0].case if record.entered else None,
        label=None if opened is None else opened.label,
        place=None if opened is None else opened.place,
        text=None if opened is None else opened.text,
        setting=None if opened is None else Named(opened.setting, word("setting", opened.setting)),
        mode=None if opened is None else opened.mode,
        zero=Moment(record.zero, 0, () if opening is None else record.refs(opening.seq)),
        zero_is=None if opened is None else Named(opened.zero, word("zero", opened.zero)),
        first_entry=record.moment(entries[0]) if entries else None,
        last_entry=record.moment(entries[-1]) if entries else None,
        closed=record.moment_or_none(record.state.closed),
        outcome=None if data is None else Named(data.outcome, data.outcome),
        closing_text=None if data is None else data.text,
        interim=not record.closed,
        child=_child(record),
        protocol=_protocol(record),
        clocks=tuple(_clock(record, event, shown) for event, shown in record.of(ClockMarked)),
        clock_steps=tuple(
            ClockStep(record.moment(event), step.wall_ms) for event, step in record.of(ClockStepped)
        ),
        events=record.refs(*(event.seq for event in (opening, closing) if event is not None)),
    )


def _closing(record: Record) -> Event | None:
    closed = record.state.closed
    found = (event for event, _ in record.of(CaseClosed) if closed is not None and event.seq == closed.seq)
    return next(found, None)


def _child(record: Record) -> Child:
    state = record.state
    known = [state.known(fact) for fact in PATIENT_FACTS]
    source, cord = state.value("weight_source"), state.value("cord")
    return Child(
        age_days=state.age_days(),
        gestation_weeks=state.value("gestation_weeks"),
        weight=state.value("weight"),
        weight_source=None if source is None else Named(source, word("weight_source", source)),
        sex=state.value("sex"),
        cord=None if cord is None else Named(cord, word("cord", cord)),
        cooling=state.value("cooling"),
        events=record.refs(*(fact.stamp.seq for fact in known if fact is not None)),
    )


def _protocol(record: Record) -> ProtocolUsed:
    protocol, opened, opening = record.protocol, record.state.opened, record.opening
    ref = None if opened is None else opened.protocol
    return ProtocolUsed(
        id=protocol.id,
        version=protocol.version,
        title=protocol.title,
        status=protocol.status,
        digest=protocol.digest,
        opened_with=None if ref is None else ref.digest,
        changed=ref is None or ref.digest != protocol.digest,
        events=() if opening is None else record.refs(opening.seq),
    )


def _clock(record: Record, event: Event, data: ClockMarked) -> ForeignClock:
    return ForeignClock(
        moment=record.moment(event),
        clock=Named(data.clock, word("clock", data.clock)),
        shows=data.shows,
        text=data.text,
        ahead_ms=_ahead(data.shows, event.at),
    )


def _ahead(shows: str, at: int) -> int | None:
    """How far a time of day is ahead of UTC, between -12 and +12 hours."""
    match = _TIME_OF_DAY.fullmatch(shows.strip())
    if match is None:
        return None
    shown = int(match[1]) * HOUR + int(match[2]) * MINUTE + int(match[3] or 0) * SECOND
    return (shown - at % DAY + DAY // 2) % DAY - DAY // 2
