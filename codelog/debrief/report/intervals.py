"""The key intervals of a case, each with its target. What is not known is said to be so, with why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codelog.case.access import Stamp
from codelog.case.events import (
    ArrestRecognised,
    CareStarted,
    DrugGiven,
    Event,
    Ref,
    RoscRecognised,
)
from codelog.case.flags import Flag
from codelog.debrief.report import targets
from codelog.debrief.report.figures import Interval, Target
from codelog.debrief.report.needs import NeedSpan
from codelog.debrief.report.record import Record
from codelog.debrief.wording import word
from codelog.rules.io_consider import IoConsider
from codelog.rules.no_line import LINES_FOR

LABELS: Mapping[str, str] = {
    "need_to_first_attempt": "need to first attempt",
    "need_to_access": "need to access",
    "first_attempt_to_access": "first attempt to access",
    "flag_to_decision": "flag to decision for IO",
    "decision_to_io_in": "decision for IO to IO in",
    "flag_to_io_start": "flag to IO started",
    "flag_to_io_in": "flag to IO in",
    "zero_to_first_adrenaline": "case zero to first adrenaline",
    "zero_to_first_adrenaline_by_line": "case zero to first adrenaline by line",
    "arrest_to_first_adrenaline": "arrest to first adrenaline",
    "access_to_first_adrenaline": "access to first adrenaline by line",
    "adrenaline_interval": "adrenaline to adrenaline",
    "uvc_start_to_success": "umbilical attempt to umbilical line",
    "io_in_to_confirmed": "IO in to confirmed",
    "io_dwell": "IO dwell",
}
"""Every interval of the report by id, in its order."""

_NO_NEED = "no need for access and no attempt was recorded"
_NO_ADRENALINE = "no adrenaline was recorded"
_Stamped = Stamp | Event


@dataclass(frozen=True, slots=True)
class Spacing:
    """The times between doses of adrenaline in short. `early`, `late`: outside the target, where that was judged."""

    doses: int
    intervals: int
    shortest_ms: int | None
    longest_ms: int | None
    early: int
    late: int
    events: tuple[Ref, ...]


def intervals(record: Record, spans: Sequence[NeedSpan]) -> tuple[Interval, ...]:
    """Every interval, in the order of `LABELS` and then of time."""
    found = [
        *_access(record, spans),
        *_flags(record, spans),
        *_adrenaline(record),
        *_umbilical(record),
        *_io_lines(record),
    ]
    ranks = {id: rank for rank, id in enumerate(LABELS)}
    return tuple(sorted(found, key=lambda interval: ranks[interval.id]))


def spacing(record: Record, found: Sequence[Interval]) -> Spacing:
    """The intervals between doses of adrenaline, of all the `found` intervals, in short."""
    doses = _doses(record)
    between = [interval for interval in found if interval.id == "adrenaline_interval"]
    spans = [interval.ms for interval in between if interval.ms is not None]
    outside = [interval for interval in between if interval.met is False]
    early = sum(_is_early(interval) for interval in outside)
    return Spacing(
        doses=len(doses),
        intervals=len(spans),
        shortest_ms=min(spans, default=None),
        longest_ms=max(spans, default=None),
        early=early,
        late=len(outside) - early,
        events=record.refs(*(dose.seq for dose in doses)),
    )


def _is_early(interval: Interval) -> bool:
    least = None if interval.target is None else interval.target.least_ms
    return interval.ms is not None and least is not None and interval.ms < least


def _between(
    record: Record,
    id: str,
    since: _Stamped | None,
    until: _Stamped | None,
    why: str | None,
    *,
    target: Target | None = None,
    judged: bool = True,
    ends: bool = True,
    need: int | None = None,
    attempt: Ref | None = None,
) -> Interval:
    """From `since` to `until`; `why` says why one of them is not known. `ends`: it goes on until `until` comes."""
    span = None if since is None or until is None else until.at - since.at
    so_far = max(0, record.end - since.at) if since is not None and until is None and ends else None
    if span is not None and span < 0:
        span, why = None, "as recorded, it ended before it began"
    met: bool | None = None
    if target is not None and judged and span is not None:
        met = target.met_by(span)
    elif target is not None and target.most_ms is not None and so_far is not None and so_far > target.most_ms:
        met = False
    stamps = [stamp.seq for stamp in (since, until) if stamp is not None]
    return Interval(
        id=id,
        label=LABELS[id],
        since=None if since is None else record.moment(since),
        until=None if until is None else record.moment(until),
        ms=span,
        so_far_ms=so_far,
        why=None if span is not None else why,
        target=target,
        met=met,
        events=record.refs(*stamps),
        need=need,
        attempt=attempt,
    )


# Access


def _access(record: Record, spans: Sequence[NeedSpan]) -> Iterator[Interval]:
    limit = targets.access_limit(record.protocol)
    if not spans:
        yield _between(record, "need_to_first_attempt", None, None, _NO_NEED)
        yield _between(record, "need_to_access", None, None, _NO_NEED, target=limit)
        yield _between(record, "first_attempt_to_access", None, None, _NO_NEED)
    for span in spans:
        over, no_access = span.episode.over, _no_access(record)
        yield _between(
            record,
            "need_to_first_attempt",
            span.needed,
            span.first,
            span.needed_why or span.first_why,
            ends=over is None and not span.attempts,
            need=span.number,
        )
        yield _between(
            record,
            "need_to_access",
            span.needed,
            over,
            span.needed_why or no_access,
            target=limit,
            need=span.number,
        )
        yield _between(
            record,
            "first_attempt_to_access",
            span.first,
            over,
            span.first_why or no_access,
            need=span.number,
        )


def _no_access(record: Record) -> str:
    return "no access by the end of the case" if record.closed else "no access yet"


# Flags


def _flags(record: Record, spans: Sequence[NeedSpan]) -> Iterator[Interval]:
    asked = [(span, flag) for span in spans if (flag := _first_flag(record, span)) is not None]
    if not asked:
        yield _between(record, "flag_to_io_in", None, None, "no flag asked to consider IO")
    for span, flag in asked:
        tries = [attempt for attempt in span.attempts if attempt.route == "io"]
        start = next((attempt.start for attempt in tries if attempt.start.at >= flag.raised.at), None)
        lines = [attempt.established for attempt in tries if attempt.established is not None]
        placed = next((line for line in lines if line.at >= flag.raised.at), None)
        decided, undecided = _decision(record, span, flag)
        not_begun, not_in = "no IO attempt followed the flag", "no IO line followed the flag"
        if tries and start is None:
            not_begun = "IO was begun before the flag was raised"
        if start is not None and placed is None:
            not_in = "no IO attempt after the flag gave access"
        yield _between(
            record, "flag_to_decision", flag.raised, decided, undecided, ends=False, need=span.number
        )
        yield _between(
            record, "decision_to_io_in", decided, placed, undecided or not_in, ends=False, need=span.number
        )
        yield _between(
            record, "flag_to_io_start", flag.raised, start, not_begun, ends=False, need=span.number
        )
        yield _between(record, "flag_to_io_in", flag.raised, placed, not_in, ends=False, need=span.number)


def _first_flag(record: Record, span: NeedSpan) -> Flag | None:
    """The first flag of a need that asked to consider IO. It was raised on what was known that night."""
    over = record.end if span.episode.over is None else span.episode.over.at
    for flag in record.flags.of_rule(IoConsider.id):
        if span.episode.t0.at <= flag.raised.at <= over:
            return flag
    return None


def _decision(record: Record, span: NeedSpan, first: Flag) -> tuple[Stamp | None, str | None]:
    """The first acceptance of a flag of this need, or why there is none."""
    answers = [
        answer
        for flag in record.flags.of_rule(IoConsider.id)
        if flag.raised.at >= first.raised.at
        for answer in flag.answers
        if span.holds(answer.stamp)
    ]
    answers.sort(key=lambda answer: (answer.stamp.at, answer.stamp.seq))
    accepted = next((answer.stamp for answer in answers if answer.action == "accepted"), None)
    if accepted is not None:
        return accepted, None
    declined = next((answer for answer in answers if answer.action == "declined"), None)
    if declined is not None:
        return None, f"the flag was declined: {word('decline', declined.reason or '')}"
    return None, "nobody answered that the flag was accepted"


# Adrenaline


def _doses(record: Record) -> list[Event]:
    return [event for event, data in record.of(DrugGiven) if data.drug == targets.ADRENALINE]


def _adrenaline(record: Record) -> Iterator[Interval]:
    doses = _doses(record)
    by_line = [
        event for event in doses if isinstance(event.data, DrugGiven) and event.data.route in LINES_FOR
    ]
    first, first_by_line = next(iter(doses), None), next(iter(by_line), None)
    no_line = "no adrenaline was recorded by a line" if doses else _NO_ADRENALINE
    no_zero = None if record.opening is not None else "the opening of the case cannot be read"
    yield _between(
        record, "zero_to_first_adrenaline", record.opening, first, no_zero or _NO_ADRENALINE, ends=False
    )
    yield _between(
        record,
        "zero_to_first_adrenaline_by_line",
        record.opening,
        first_by_line,
        no_zero or no_line,
        ends=False,
    )
    arrest = _arrest(record)
    yield _between(
        record,
        "arrest_to_first_adrenaline",
        arrest,
        first,
        "neither an arrest nor compressions were recorded" if arrest is None else _NO_ADRENALINE,
        target=targets.first_dose(record.state.age_days(), record.tables),
        ends=False,
    )
    lines = [line.established for line in record.state.access.established if line.established is not None]
    access = min(lines, key=lambda stamp: (stamp.at, stamp.seq), default=None)
    yield _between(
        record,
        "access_to_first_adrenaline",
        access,
        first_by_line,
        "no line was recorded" if access is None else no_line,
        ends=False,
    )
    window = targets.repeat_window(record.tables)
    pulses = [event.at for event, _ in record.of(RoscRecognised)]
    for before, dose in pairwise(doses):
        going_on = not any(before.at <= pulse <= dose.at for pulse in pulses)
        yield _between(record, "adrenaline_interval", before, dose, None, target=window, judged=going_on)


def _arrest(record: Record) -> Event | None:
    """The first sign of an arrest: its recognition, the compressions, or that the clock counts from it."""
    found = [event for event, _ in record.of(ArrestRecognised)]
    found += [event for event, data in record.of(CareStarted) if data.care == "compressions"]
    opened = record.state.opened
    if record.opening is not None and opened is not None and opened.zero == "arrest":
        found.append(record.opening)
    return min(found, key=lambda event: (event.at, event.seq), default=None)


# Lines


def _umbilical(record: Record) -> Iterator[Interval]:
    """The time of each umbilical attempt that gave a line; the attempts before it that failed are not in it."""
    tries = record.tries("uvc")
    placed = [attempt for attempt in tries if attempt.established is not None]
    for attempt in placed:
        yield _between(
            record, "uvc_start_to_success", attempt.start, attempt.established, None, attempt=attempt.number
        )
    if not placed:
        start = tries[0].start if tries else None
        why = "no umbilical attempt gave access" if tries else "no umbilical attempt was recorded"
        going_on = any(attempt.in_progress for attempt in tries)
        yield _between(record, "uvc_start_to_success", start, None, why, ends=going_on)


def _io_lines(record: Record) -> Iterator[Interval]:
    confirm, dwell = targets.confirm_limit(record.protocol), targets.dwell_limit(record.protocol)
    for line in record.state.access.established:
        if line.route != "io":
            continue
        yield _between(
            record,
            "io_in_to_confirmed",
            line.established,
            line.confirmed,
            "never confirmed",
            target=confirm,
            ends=line.works,
            attempt=line.number,
        )
        why = "still in place at the end of the case" if record.closed else "still in place"
        yield _between(
            record, "io_dwell", line.established, line.gone, why, target=dwell, attempt=line.number
        )
