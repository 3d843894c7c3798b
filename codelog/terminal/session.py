"""A running case as the terminal holds it: what is saved (the view), what is on its way, and what went wrong.

Knows nothing of the screen. Requests go to the writer; outcomes come back through `take`, on the screen's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from codelog.case.access import Attempt
from codelog.case.corrections import active_corrections
from codelog.case.events import (
    CORRECTIONS,
    FLAG_KINDS,
    UNCORRECTABLE,
    Data,
    Event,
    EventRetracted,
    Ref,
    read_data,
)
from codelog.case.fields import FieldError
from codelog.case.scenario import NUMBERED
from codelog.clinical.tables import Tables
from codelog.debrief.wording import describe, site_words, word
from codelog.live.clock import Clock
from codelog.live.keycount import KeyCount
from codelog.live.presence import Claim
from codelog.live.recorder import Recorder, Request
from codelog.live.spill import Spill
from codelog.live.view import CaseView
from codelog.live.writer import (
    NotSaved,
    NotSigned,
    Outcome,
    Refused,
    RulesStopped,
    Saved,
    StoreFails,
    Woken,
    Writer,
)

SCRIBE = "scribe"
UNDONE = "undone by the scribe"
_STARTS = {"attempt": ("access.attempt_started", "access.present"), "infusion": ("infusion.started",)}


@dataclass(frozen=True, slots=True)
class Press:
    """The instant of an act: a reading of the boot clock, and how long before it the thing happened.

    `basis` and `within_ms` say how an instant before the press is known.
    """

    boot_ms: int
    ago_ms: int = 0
    basis: str = "stated"
    within_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An attempt or a line that an act can be about: its number, or the ticket of a start that is not saved yet."""

    route: str
    words: str
    number: Ref | None = None
    ticket: int | None = None

    def meant_by(self, pending: Pending) -> bool:
        """Whether an entry on its way is about this attempt."""
        if self.ticket is not None:
            return pending.follows == self.ticket
        return pending.number == self.number


@dataclass(slots=True)
class Pending:
    """An entry that is not durable yet, as it is painted meanwhile."""

    kind: str
    data: Mapping[str, Any]
    at: int
    words: str
    number: Ref | None = None
    follows: int | None = None
    failure: NotSaved | None = None
    undo: Press | None = None


@dataclass
class Session:
    """One case: its view, its writer, and the entries on their way."""

    recorder: Recorder
    spill: Spill
    clock: Clock
    tables: Tables
    publish: Callable[[Outcome], None]
    keys: KeyCount
    claim: Claim | None = None
    view: CaseView = field(init=False)
    pending: dict[int, Pending] = field(init=False, default_factory=dict)
    store_fails: str | None = field(init=False, default=None)
    rules_stopped: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        self.view = CaseView(self.clock, self.recorder.protocol, self.tables)
        self._writer = Writer(self.recorder, self.spill, self.publish, self.clock.pace)
        self._vocabulary = self.tables.vocabulary()
        self._saved: dict[int, Event] = {}

    @property
    def case(self) -> str:
        """The id of the case."""
        return self.recorder.case

    @property
    def entered(self) -> bool:
        """Whether the case is there to be looked at: its opening is durable."""
        return bool(self.view.events)

    @property
    def zero(self) -> int:
        """Case zero, from the opening that waits if none is saved."""
        if self.entered:
            return self.view.state().zero
        return next((pending.at for pending in self.pending.values()), self.view.now())

    @property
    def not_saved(self) -> list[Pending]:
        """What the store did not take so far."""
        return [pending for pending in self.pending.values() if pending.failure is not None]

    def start(self) -> None:
        """Begin to write."""
        self._writer.start()

    def note_first(self, text: str) -> None:
        """Enter a note before anything is known of the case: how it came to be written here."""
        self._writer.submit(Request("note.added", {"text": text}, SCRIBE, pressed=self.clock.boot_ms()))

    def stop(self, timeout: float = 5.0) -> bool:
        """Write what is on its way and stop; whether that was done in time."""
        self.keys.save()
        stopped = self._writer.close(timeout)
        if self.claim is not None:
            self.claim.release()
        return stopped

    @property
    def taken_over(self) -> bool:
        """Whether another terminal writes the case now, so that this one has to stop."""
        return self.claim is not None and self.claim.lost()

    def submit(
        self,
        kind: str,
        data: Mapping[str, Any],
        press: Press,
        *,
        about: Target | None = None,
        follows: int | None = None,
    ) -> int:
        """Enter something; returns its ticket at once. `about` fills in the number of the attempt."""
        data = dict(data)
        if about is not None:
            follows = about.ticket
            if about.number is not None:
                data["attempt"] = about.number
        at = self.view.instant(press.boot_ms) - press.ago_ms
        if press.ago_ms:
            request = Request(kind, data, SCRIBE, at=at, basis=press.basis, within_ms=press.within_ms)
        else:
            request = Request(kind, data, SCRIBE, pressed=press.boot_ms)
        number = self._number(kind, data, follows)
        pending = Pending(kind, data, at, self._words(kind, data, number), number, follows)
        ticket = self._writer.submit(request, follows=follows)
        self.pending[ticket] = pending
        return ticket

    def amend(self, ticket: int, changes: Mapping[str, Any], reason: str, press: Press) -> None:
        """Add to an entry of this session what was not known at the press, saved or not."""
        self.submit("event.amended", {"changes": dict(changes), "reason": reason}, press, follows=ticket)

    def attempt_of(self, ticket: int) -> Attempt | None:
        """The attempt that an entry of this session began, once it is saved."""
        event = self._saved.get(ticket)
        number = getattr(event.data, "attempt", None) if event is not None else None
        return None if number is None else self.view.state().access.attempts.get(number)

    def undo(self, press: Press) -> str | None:
        """Retract the newest own entry; its words, or None when there is none to take back."""
        for ticket in reversed(self.pending):
            pending = self.pending[ticket]
            if pending.undo is None and pending.kind not in ("event.retracted", *FLAG_KINDS):
                pending.undo = press
                self.submit("event.retracted", {"reason": UNDONE}, press, follows=ticket)
                return pending.words
        gone = self.retracted().keys() | self._being_retracted()
        for event in reversed(self.view.events):
            if event.by != SCRIBE or event.seq in gone:
                continue
            if event.kind in (*FLAG_KINDS, *UNCORRECTABLE, "event.retracted", "case.opened", "case.reopened"):
                continue
            self.submit("event.retracted", {"target": event.seq, "reason": UNDONE}, press)
            return f"#{event.seq} {describe(event.data, self.tables)}"
        return None

    def retracted(self) -> dict[Ref, str]:
        """seq -> reason, of every entry that stands retracted."""
        corrections = active_corrections(event for event in self.view.events if event.kind in CORRECTIONS)
        return {c.data.target: c.data.reason for c in corrections if isinstance(c.data, EventRetracted)}

    def take(self, outcome: Outcome) -> str | None:
        """Take in what became of requests; returns what the scribe has to be told beside it, if anything."""
        if isinstance(outcome, Saved):
            self._take_saved(outcome)
        elif isinstance(outcome, Woken):
            self.store_fails = None
            self.view.follow(outcome.events)
        elif isinstance(outcome, NotSaved):
            self._take_not_saved(outcome)
        elif isinstance(outcome, StoreFails):
            self.store_fails = outcome.why
        elif isinstance(outcome, RulesStopped):
            self.rules_stopped = outcome.rules
        elif isinstance(outcome, NotSigned):
            return f"Saved, but not signed: {outcome.why}"
        elif isinstance(outcome, Refused):
            refused = self.pending.pop(outcome.ticket, None)
            what = "" if refused is None else f"{refused.words}: "
            return f"Not entered. {what}{outcome.why}"
        return None

    def _take_not_saved(self, outcome: NotSaved) -> None:
        pending = self.pending.get(outcome.ticket)
        if pending is None:
            # Left by an earlier run: painted like any other entry that waits.
            request = outcome.request
            words = self._words(request.kind, request.data, None)
            pending = Pending(request.kind, request.data, request.at or self.view.now(), words)
            self.pending[outcome.ticket] = pending
        pending.failure = outcome

    def _take_saved(self, outcome: Saved) -> None:
        self.store_fails = None
        self.view.follow(outcome.recorded.written)
        entry = outcome.recorded.entries[0]
        self._saved[outcome.ticket] = entry
        self.pending.pop(outcome.ticket, None)

    def in_progress(self) -> list[Target]:
        """The attempts that have not ended, newest first, those not saved yet included."""
        ended = self._pending_numbers("access.attempt_ended")
        starts = [
            Target(pending.data["route"], pending.words, ticket=ticket)
            for ticket, pending in reversed(self.pending.items())
            if pending.kind == "access.attempt_started"
            and pending.number not in ended
            and pending.undo is None
        ]
        known = sorted(
            self.view.state().access.in_progress.values(),
            key=lambda a: (a.start.at, a.start.seq),
            reverse=True,
        )
        return starts + [self.target(attempt) for attempt in known if attempt.number not in ended]

    def lines(self, *routes: str) -> list[Target]:
        """The lines in place by any of the routes (none given: all), newest first, those not saved yet included."""
        gone = self._pending_numbers("access.lost", "access.removed")
        access = self.view.state().access
        fresh = [
            self._line_on_its_way(pending)
            for pending in reversed(self.pending.values())
            if pending.kind == "access.attempt_ended"
            and pending.data.get("outcome") == "established"
            and pending.undo is None
            and pending.number not in gone
            and pending.number not in access.working
        ]
        known = [self.target(line) for line in reversed(access.working.values()) if line.number not in gone]
        return [line for line in (*fresh, *known) if not routes or line.route in routes]

    def _line_on_its_way(self, ended: Pending) -> Target:
        attempt = self.view.state().access.attempts.get(ended.number or 0)
        if attempt is not None:
            return self.target(attempt)
        start = self.pending.get(ended.follows or 0)
        route = "piv" if start is None else str(start.data["route"])
        return Target(route, f"{word('access_route', route)} {ended.number}", ticket=ended.follows)

    def target(self, attempt: Attempt) -> Target:
        """An attempt of the record, in words."""
        where = site_words(attempt.text("site"), attempt.text("side"), self.tables)
        words = f"{word('access_route', attempt.route)} {attempt.number}{', ' + where if where else ''}"
        return Target(attempt.route, words, number=attempt.number)

    def _pending_numbers(self, *kinds: str) -> set[Ref | None]:
        return {pending.number for pending in self.pending.values() if pending.kind in kinds}

    def _being_retracted(self) -> set[Any]:
        pending = [pending for pending in self.pending.values() if pending.kind == "event.retracted"]
        saved = (self._saved.get(retraction.follows or 0) for retraction in pending)
        return {retraction.data.get("target") for retraction in pending} | {
            event.seq for event in saved if event
        }

    def _number(self, kind: str, data: Mapping[str, Any], follows: int | None) -> Ref | None:
        """The number that an entry will most likely get: good enough to be painted until it is saved."""
        name = NUMBERED.get(kind, "attempt")
        if name in data:
            number: Ref = data[name]
            return number
        if follows is not None:
            ahead = self.pending.get(follows)
            return None if ahead is None else ahead.number
        if kind in _STARTS[name]:
            newest = next((e for e in reversed(self.view.events) if e.kind in _STARTS[name]), None)
            taken = 0 if newest is None else getattr(newest.data, name)
            waiting = sum(pending.kind in _STARTS[name] for pending in self.pending.values())
            return 1 + waiting + (taken if isinstance(taken, int) else 0)
        return None

    def _words(self, kind: str, data: Mapping[str, Any], number: Ref | None) -> str:
        filled = dict(data)
        if kind in CORRECTIONS and "target" not in filled:
            changes = [
                f"{name.replace('_', ' ')} {value}" for name, value in filled.get("changes", {}).items()
            ]
            return f"to the entry before: {', '.join(changes) or filled['reason']}".replace("_", " ")
        if kind in NUMBERED and number is not None:
            filled.setdefault(NUMBERED[kind], number)
        try:
            entry: Data = read_data(kind, filled, self._vocabulary)
        except FieldError:
            return kind
        return describe(entry, self.tables)
