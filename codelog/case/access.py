"""Vascular access: attempts, the lines they established, and the stretch of time in which access is wanted."""

from __future__ import annotations

from dataclasses import dataclass, field

from codelog.case.events import (
    AccessChecked,
    AccessConfirmed,
    AccessLost,
    AccessNeeded,
    AccessPresent,
    AccessRemoved,
    AttemptDescribed,
    AttemptEnded,
    AttemptStarted,
    Event,
    Ref,
)
from codelog.case.vocabulary import VENOUS_ROUTES

DETAILS = ("site", "side", "device", "gauge", "needle_mm", "operator", "operator_role")
"""What can be said of an attempt at its start or later; a later value stands."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something happened, and the entry that says so."""

    at: int
    seq: int


@dataclass(slots=True)
class Attempt:
    """One try at access, or a line that was in place before the record (`present`).

    `details` maps a name of `DETAILS` to its value, `known` to the moment since which that value has stood.
    `begun` is when the bone or vein was first used: the start, or earlier for a line that was there before.
    """

    number: Ref
    route: str
    start: Stamp
    begun: int
    present: bool = False
    details: dict[str, str | int] = field(default_factory=dict)
    known: dict[str, Stamp] = field(default_factory=dict)
    outcome: str | None = None
    reason: str | None = None
    end: Stamp | None = None
    established: Stamp | None = None
    confirmed: Stamp | None = None
    signs: tuple[str, ...] = ()
    checked: Stamp | None = None
    finding: str | None = None
    gone: Stamp | None = None
    gone_by: str | None = None

    @property
    def venous(self) -> bool:
        """Whether the route is a vein."""
        return self.route in VENOUS_ROUTES

    @property
    def in_progress(self) -> bool:
        """Whether the attempt has started and not ended."""
        return self.end is None

    @property
    def works(self) -> bool:
        """Whether it is a line in place: established, not lost, not removed."""
        return self.established is not None and self.gone is None

    @property
    def without_access(self) -> bool:
        """Whether it ended and no line came of it."""
        return self.end is not None and self.established is None

    def text(self, name: str) -> str | None:
        """A detail that is text, or None while nobody has said."""
        value = self.details.get(name)
        return value if isinstance(value, str) else None

    def describe(self, data: AttemptStarted | AttemptDescribed | AccessPresent, stamp: Stamp) -> None:
        """Take over what `data` says; what it does not mention stays."""
        for name in DETAILS:
            value = getattr(data, name, None)
            if value is not None and value != self.details.get(name):
                self.details[name] = value
                self.known[name] = stamp


@dataclass(frozen=True, slots=True)
class Need:
    """One `access.needed` within an episode."""

    stamp: Stamp
    urgency: str


@dataclass(slots=True)
class Episode:
    """A stretch of time in which access is wanted and no line works. `t0` is when it began.

    `venous_failures` and `io_failures` are the attempts that ended in it without access, in order of their ends.
    `pressing` are the stretches in which the urgency was not `routine`, as (from, until); the last may be open.
    """

    t0: Stamp
    cause: str
    needs: list[Need] = field(default_factory=list)
    venous_failures: list[Attempt] = field(default_factory=list)
    io_failures: list[Attempt] = field(default_factory=list)
    pressing: list[tuple[int, int | None]] = field(default_factory=list)
    over: Stamp | None = None

    @property
    def urgency(self) -> str:
        """That of the latest need; without one, urgent: who opens a resuscitation log means it."""
        return self.needs[-1].urgency if self.needs else "urgent"

    def note_need(self, need: Need) -> None:
        """Take over the urgency of a need."""
        self.needs.append(need)
        since, until = self.pressing[-1]
        if need.urgency == "routine" and until is None:
            self.pressing[-1] = (since, need.stamp.at)
        elif need.urgency != "routine" and until == need.stamp.at:
            self.pressing[-1] = (since, None)
        elif need.urgency != "routine" and until is not None:
            self.pressing.append((need.stamp.at, None))


class Access:
    """All attempts of a case in the corrected reading, and the need episode that is running, if one is.

    Events arrive ordered by (`at`, `seq`). `clock_starts` is the protocol's word on what begins an episode:
    `need_or_first_attempt`, `need` or `first_attempt`; a loss of the last line always begins one.
    """

    def __init__(self, clock_starts: str = "need_or_first_attempt") -> None:
        self._need_starts = clock_starts != "first_attempt"
        self._attempt_starts = clock_starts != "need"
        self.attempts: dict[Ref, Attempt] = {}
        self.in_progress: dict[Ref, Attempt] = {}
        self.working: dict[Ref, Attempt] = {}
        self.io_attempts: list[Attempt] = []
        self.established: list[Attempt] = []
        self.episode: Episode | None = None
        self.past_episodes: list[Episode] = []
        self.venous_since: Stamp | None = None
        self._unstarted: dict[Ref, list[Event]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Access) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def working_by(self, *routes: str) -> list[Attempt]:
        """The lines in place by any of the routes, oldest first."""
        return [line for line in self.working.values() if line.route in routes]

    def apply(self, event: Event) -> None:
        """Take one `access.*` event into the reading."""
        data = event.data
        stamp = Stamp(event.at, event.seq)
        if isinstance(data, AccessNeeded):
            self._needed(data, stamp)
        elif isinstance(data, AttemptStarted):
            self._started(data, stamp)
        elif isinstance(data, AccessPresent):
            self._present(data, stamp)
        elif isinstance(
            data, (AttemptDescribed, AttemptEnded, AccessConfirmed, AccessChecked, AccessLost, AccessRemoved)
        ):
            attempt = self.attempts.get(data.attempt)
            if attempt is None:
                # Its start may still come (entered with a later time), or may have been retracted for good.
                self._unstarted.setdefault(data.attempt, []).append(event)
            else:
                self._follow(attempt, data, stamp)

    def _needed(self, data: AccessNeeded, stamp: Stamp) -> None:
        if self.working:
            return
        if self.episode is None and self._need_starts:
            self._begin(stamp, "need")
        if self.episode is not None:
            self.episode.note_need(Need(stamp, data.urgency))

    def _started(self, data: AttemptStarted, stamp: Stamp) -> None:
        if data.attempt in self.attempts:
            return
        attempt = Attempt(data.attempt, data.route, stamp, stamp.at)
        attempt.describe(data, stamp)
        self._enrol(attempt)
        self.in_progress[attempt.number] = attempt
        if self.episode is None and not self.working and self._attempt_starts:
            self._begin(stamp, "attempt")
        for event in self._unstarted.pop(attempt.number, ()):
            self.apply_late(event, stamp.at)

    def apply_late(self, event: Event, not_before: int) -> None:
        """Take an event that stands before its attempt's start: it counts from the start."""
        attempt = self.attempts[event.data.attempt]  # type: ignore[attr-defined]
        self._follow(attempt, event.data, Stamp(max(event.at, not_before), event.seq))

    def _present(self, data: AccessPresent, stamp: Stamp) -> None:
        if data.attempt in self.attempts:
            return
        since = 0 if data.since is None else int(data.since.to("s") * 1000)
        line = Attempt(
            data.attempt, data.route, stamp, stamp.at - since, present=True, outcome="established", end=stamp
        )
        line.describe(data, stamp)
        self._enrol(line)
        self._establish(line, stamp)
        for event in self._unstarted.pop(line.number, ()):
            self.apply_late(event, stamp.at)

    def _enrol(self, attempt: Attempt) -> None:
        self.attempts[attempt.number] = attempt
        if attempt.route == "io":
            self.io_attempts.append(attempt)

    def _follow(self, attempt: Attempt, data: object, stamp: Stamp) -> None:
        if isinstance(data, AttemptDescribed):
            attempt.describe(data, stamp)
        elif isinstance(data, AttemptEnded):
            self._ended(attempt, data, stamp)
        elif isinstance(data, AccessConfirmed):
            attempt.confirmed = attempt.confirmed or stamp
            attempt.signs += tuple(sign for sign in data.signs if sign not in attempt.signs)
        elif isinstance(data, AccessChecked):
            attempt.checked = stamp
            attempt.finding = data.finding
        elif isinstance(data, AccessLost):
            self._gone(attempt, stamp, "lost")
        elif isinstance(data, AccessRemoved):
            self._gone(attempt, stamp, "removed")

    def _ended(self, attempt: Attempt, data: AttemptEnded, stamp: Stamp) -> None:
        if attempt.end is not None:
            return
        attempt.end, attempt.outcome, attempt.reason = stamp, data.outcome, data.reason
        del self.in_progress[attempt.number]
        if data.outcome == "established":
            self._establish(attempt, stamp)
        elif self.episode is not None:
            failures = self.episode.venous_failures if attempt.venous else self.episode.io_failures
            failures.append(attempt)

    def _establish(self, attempt: Attempt, stamp: Stamp) -> None:
        attempt.established = stamp
        self.working[attempt.number] = attempt
        self.established.append(attempt)
        if attempt.venous and self.venous_since is None:
            self.venous_since = stamp
        if self.episode is not None:
            self.episode.over = stamp
            self.past_episodes.append(self.episode)
            self.episode = None

    def _gone(self, line: Attempt, stamp: Stamp, by: str) -> None:
        if not line.works:
            return
        line.gone, line.gone_by = stamp, by
        del self.working[line.number]
        if not any(other.venous for other in self.working.values()):
            self.venous_since = None
        if not self.working and by == "lost":
            self._begin(stamp, "loss")

    def _begin(self, stamp: Stamp, cause: str) -> None:
        self.episode = Episode(stamp, cause, pressing=[(stamp.at, None)])
