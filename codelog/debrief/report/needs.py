"""The needs for access of a case: each stretch of time without a working line, and what was tried in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codelog.case.access import Attempt, Episode, Stamp
from codelog.case.events import Ref
from codelog.debrief.report.figures import Moment
from codelog.debrief.report.record import Record


@dataclass(frozen=True, slots=True)
class NeedStory:
    """One need for access. `cause`: `need` (it was said), `attempt` (only tried) or `loss` (the last line went).

    `needed` is when access came to be needed; where nobody said so it is not known, and `began` is the first attempt.
    `venous_failures` ended in it without access; `attempts_limit` is the protocol's, None where it has none.
    """

    number: int
    cause: str
    urgency: str
    began: Moment
    needed: Moment | None
    needed_why: str | None
    first_attempt: Moment | None
    first_attempt_why: str | None
    over: Moment | None
    over_by: Ref | None
    attempts: tuple[Ref, ...]
    venous_failures: int
    io_failures: int
    attempts_limit: int | None
    events: tuple[Ref, ...]


@dataclass(frozen=True)
class NeedSpan:
    """A need with what its intervals are counted between."""

    number: int
    episode: Episode
    attempts: tuple[Attempt, ...]
    needed: Stamp | None
    first: Stamp | None

    def holds(self, stamp: Stamp) -> bool:
        """Whether something was within it, both ends included."""
        over = self.episode.over
        return _key(self.episode.t0) <= _key(stamp) and (over is None or _key(stamp) <= _key(over))

    @property
    def needed_why(self) -> str | None:
        """Why it is not known when access came to be needed."""
        if self.needed is not None:
            return None
        if self.episode.needs:
            return "the need was noted only after the first attempt had begun"
        return "nobody noted that access was needed"

    @property
    def first_why(self) -> str | None:
        """Why there is no first attempt to count from."""
        if self.first is not None:
            return None
        if self.attempts:
            return "an attempt was in progress already when the need began"
        return "no attempt was recorded"


def need_spans(record: Record) -> list[NeedSpan]:
    """The needs in order of time, the one still open last."""
    access = record.state.access
    episodes = [*access.past_episodes, *([access.episode] if access.episode is not None else [])]
    return [_span(number, episode, record.tries()) for number, episode in enumerate(episodes, start=1)]


def need_stories(record: Record, spans: Sequence[NeedSpan]) -> tuple[NeedStory, ...]:
    """What there is to be told of each need."""
    return tuple(_story(record, span) for span in spans)


def _span(number: int, episode: Episode, tries: list[Attempt]) -> NeedSpan:
    needed = None if episode.cause == "attempt" else episode.t0
    span = NeedSpan(number, episode, (), needed, None)
    within = tuple(attempt for attempt in tries if span.holds(attempt.start) or _reaches_into(attempt, span))
    running = any(_key(attempt.start) < _key(episode.t0) for attempt in within)
    starts = [attempt.start for attempt in within]
    first = min(starts, key=_key) if starts and not running else None
    return NeedSpan(number, episode, within, needed, first)


def _reaches_into(attempt: Attempt, span: NeedSpan) -> bool:
    """Whether an attempt that began before a need was still going in it."""
    t0 = _key(span.episode.t0)
    return _key(attempt.start) < t0 and (attempt.end is None or _key(attempt.end) > t0)


def _story(record: Record, span: NeedSpan) -> NeedStory:
    episode, over = span.episode, span.episode.over
    established = record.state.access.established
    by = next((line for line in established if over is not None and line.established == over), None)
    ends = [attempt.end.seq for attempt in span.attempts if attempt.end is not None]
    seqs = [episode.t0.seq, *(need.stamp.seq for need in episode.needs)]
    seqs += [attempt.start.seq for attempt in span.attempts] + ends
    return NeedStory(
        number=span.number,
        cause=episode.cause,
        urgency=episode.urgency,
        began=record.moment(episode.t0),
        needed=record.moment_or_none(span.needed),
        needed_why=span.needed_why,
        first_attempt=record.moment_or_none(span.first),
        first_attempt_why=span.first_why,
        over=record.moment_or_none(over),
        over_by=None if by is None else by.number,
        attempts=tuple(attempt.number for attempt in span.attempts),
        venous_failures=len(episode.venous_failures),
        io_failures=len(episode.io_failures),
        attempts_limit=record.protocol.thresholds.attempts_limit,
        events=record.refs(*seqs, over.seq if over is not None else None),
    )


def _key(stamp: Stamp) -> tuple[int, int]:
    return stamp.at, stamp.seq
