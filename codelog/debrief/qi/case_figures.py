"""What the report over many cases needs of one case: taken from the figures of its own report, none computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codelog.case.access import Attempt
from codelog.case.events import Event
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.debrief.report.attempt_counts import AttemptCount, attempt_counts
from codelog.debrief.report.figures import Interval
from codelog.debrief.report.flag_story import FlagStory, flags_told
from codelog.debrief.report.intervals import intervals
from codelog.debrief.report.needs import NeedSpan, NeedStory, need_spans, need_stories
from codelog.debrief.report.quality import Quality, quality
from codelog.debrief.report.record import Record, read_record


@dataclass(frozen=True, slots=True)
class NeedFigures:
    """One need for access: the routes that were tried, and the route that met it; None while nothing did."""

    tried: tuple[str, ...]
    met_by: str | None


@dataclass(frozen=True, slots=True)
class SpanFigures:
    """One interval of the case; without `ms` it is not known, or has not ended after `so_far_ms`."""

    id: str
    ms: int | None
    so_far_ms: int | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class RouteFigures:
    """The attempts by one route. The first of them: whether it gave access, where, with what, by whom."""

    route: str
    tried: int
    established: int
    first_pass: bool | None
    site: str | None
    device: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class FlagFigures:
    """One flag: its last answer but for snoozes, and what became of it.

    `action` is `accepted`, `declined` or, where there is no other answer, `snoozed`; None: nobody answered.
    """

    rule: str
    action: str | None
    reason: str | None
    because: str | None
    seen_after_ms: int | None


@dataclass(frozen=True, slots=True)
class QualityFigures:
    """The quality of the record: its score, the parts of the score in percent, and what was counted."""

    score: int | None
    parts: tuple[tuple[str, int], ...]
    entries: int
    late: int
    amended: int
    retracted: int
    longest_silence_ms: int | None


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """The figures of one case. `zero` is its case zero, milliseconds since the epoch; None elsewhere is not known.

    `protocol` is the one that the case was opened with, with its version.
    """

    case: str
    zero: int
    setting: str | None
    mode: str | None
    age_band: str | None
    protocol: tuple[str, str] | None
    closed: bool
    needs: tuple[NeedFigures, ...]
    spans: tuple[SpanFigures, ...]
    routes: tuple[RouteFigures, ...]
    flags: tuple[FlagFigures, ...]
    quality: QualityFigures


def case_figures(case: str, events: Iterable[Event], protocol: Protocol, tables: Tables) -> CaseFigures:
    """The figures of one case from the events of all its streams, in any order."""
    record = read_record(events, protocol, tables)
    spans = need_spans(record)
    opened, age = record.state.opened, record.state.age_days()
    ref = None if opened is None else opened.protocol
    return CaseFigures(
        case=case,
        zero=record.zero,
        setting=None if opened is None else opened.setting,
        mode=None if opened is None else opened.mode,
        age_band=None if age is None else tables.age_band(age),
        protocol=None if ref is None else (ref.id, ref.version),
        closed=record.closed,
        needs=tuple(_needs(record, spans)),
        spans=tuple(_span(interval) for interval in intervals(record, spans)),
        routes=tuple(_route(record, count) for count in attempt_counts(record).by_route),
        flags=tuple(_flag(flag) for flag in flags_told(record)),
        quality=_quality(quality(record)),
    )


def _needs(record: Record, spans: list[NeedSpan]) -> Iterator[NeedFigures]:
    for span, told in zip(spans, need_stories(record, spans), strict=True):
        routes = dict.fromkeys(attempt.route for attempt in span.attempts)
        yield NeedFigures(tuple(routes), _route_of(record, told))


def _route_of(record: Record, need: NeedStory) -> str | None:
    return None if need.over_by is None else record.state.access.attempts[need.over_by].route


def _span(interval: Interval) -> SpanFigures:
    return SpanFigures(interval.id, interval.ms, interval.so_far_ms, interval.met)


def _route(record: Record, count: AttemptCount) -> RouteFigures:
    assert count.of is not None
    first: Attempt = record.tries(count.of.id)[0]
    return RouteFigures(
        route=count.of.id,
        tried=count.tried,
        established=count.established,
        first_pass=count.first_pass,
        site=first.text("site"),
        device=first.text("device"),
        role=record.role(first),
    )


def _flag(flag: FlagStory) -> FlagFigures:
    decided = [answer for answer in flag.answers if answer.action != "snoozed"]
    last = next(reversed(decided), None)
    undecided = "snoozed" if flag.answers else None
    return FlagFigures(
        rule=flag.rule.id,
        action=undecided if last is None else last.action,
        reason=None if last is None or last.reason is None else last.reason.id,
        because=None if flag.because is None else flag.because.id,
        seen_after_ms=flag.seen_after_ms,
    )


def _quality(found: Quality) -> QualityFigures:
    silence = found.longest_silence
    return QualityFigures(
        score=found.score.percent,
        parts=tuple((part.id, part.percent) for part in found.score.parts if part.percent is not None),
        entries=found.entries,
        late=len(found.late),
        amended=len(found.amended),
        retracted=len(found.retracted),
        longest_silence_ms=None if silence is None else silence.ms,
    )
