"""The recorder: from a request to durable events, and from due rules to flags. One for live, command line and replay.

It belongs to one thread. Every request is one transaction: the entry, and the flags that follow from it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codelog import __version__
from codelog.case import admission
from codelog.case.codec import GENESIS, decode, digest, encode
from codelog.case.events import (
    ADDENDA,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    ClockStepped,
    Data,
    Event,
    ProtocolRef,
)
from codelog.case.flags import FlagBook
from codelog.case.state import State
from codelog.case.vocabulary import WATCHER
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.live.clock import CaseClock, Clock
from codelog.live.journal import Journal, Tail
from codelog.log.checkpoints import is_due
from codelog.rules.watch import Watch

SOFTWARE = f"codelog {__version__}"
PROMPT_MS = 1_000
"""A deadline noticed within this time counts as met: the flag's `at` is then the deadline itself."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants entered: a kind and its data as JSON.

    It happened at `at` (milliseconds since the epoch), or `since_zero` milliseconds after case zero, or when
    `pressed`, a reading of the boot clock, was read; without any of these, now. `ago` milliseconds are taken off.
    """

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    by: str = "scribe"
    at: int | None = None
    since_zero: int | None = None
    pressed: int | None = None
    ago: int = 0
    basis: str | None = None
    within_ms: int | None = None

    @property
    def stated(self) -> bool:
        """Whether somebody said when it happened, rather than pressing a key as it did."""
        return self.at is not None or self.since_zero is not None or self.ago > 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became durable: the events of the requests, one each, and all events written, flags included."""

    entries: tuple[Event, ...]
    written: tuple[Event, ...]


class RequestRefused(ValueError):
    """A request has no meaning; `index` is its place in the command. Nothing of the command was written."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


class Recorder:
    """One case on one stream. `strict` refuses every contradiction, as scenarios want it."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        protocol: Protocol,
        tables: Tables,
        *,
        strict: bool = False,
    ) -> None:
        self.protocol = protocol
        self._journal = journal
        self._clock = clock
        self._tables = tables
        self._vocabulary = tables.vocabulary()
        self._strict = strict
        self._floor: int | None = None
        self._signed = 0
        self._case_clock = CaseClock(clock, ())
        self._forget()

    @property
    def case(self) -> str:
        """The id of the case."""
        return self._journal.case

    @property
    def flags(self) -> FlagBook:
        """The flags so far."""
        return self._watch.flags

    @property
    def events(self) -> Sequence[Event]:
        """Every event of the stream that this recorder has seen, in order of seq."""
        return self._watch.entered

    @property
    def failures(self) -> Mapping[str, Exception]:
        """The rules that are not running, each with what stopped it."""
        return self._watch.failures

    def state(self) -> State:
        """The corrected state now."""
        return self._watch.state(self._now())

    def instant(self, request: Request, now: int | None = None) -> int:
        """When a request says that it happened; a key was pressed no later than `now`."""
        now = self._now() if now is None else now
        at = now if request.pressed is None else min(now, self._case_clock.instant(request.pressed))
        if request.at is not None:
            at = request.at
        elif request.since_zero is not None:
            at = self._watch.state(now).zero + request.since_zero
        return at - request.ago

    def not_before(self, instant: int | None) -> None:
        """The case's time is no earlier than this: an entry that was not saved yet already says so."""
        self._floor = instant
        self._case_clock.not_before(instant)

    def record(self, *requests: Request) -> Recorded:
        """Enter the requests as one command: one instant, one transaction. RequestRefused if one has no meaning."""

        def enter(command: _Command) -> None:
            for index, request in enumerate(requests):
                try:
                    self._enter(command, request)
                except admission.Refused as error:
                    raise RequestRefused(index, str(error)) from None

        return self._run(enter)

    def wake(self) -> Recorded:
        """Take in what other processes wrote, and write the flags that have come due."""
        return self._run(lambda command: None)

    def sign(self) -> None:
        """Have the stream signed when that is due: after the entries, so that it slows none. Raises StoreError.

        No entry depends on it: what is not signed now is tried again the next time.
        """
        if is_due(self._seq, self._signed, closed=self._closed):
            self._signed = self._journal.sign()

    def behind(self) -> bool:
        """Whether another process has appended to the stream. Holds nothing, so it costs next to nothing."""
        return bool(self._journal.lines_after(self._seq))

    def next_due(self) -> int | None:
        """Milliseconds until a rule may come due, 0 or more; None while nothing is ahead."""
        now = self._now()
        due = self._watch.next_due(self._evaluated)
        return None if due is None else max(0, due - now)

    def _run(self, enter: Callable[[_Command], None]) -> Recorded:
        command: _Command | None = None
        try:
            if not self._seq:
                # A long case is read before the stream is held, so that nobody else waits for that.
                self._take_in(self._journal.lines_after(0))
            with self._journal.appending() as tail:
                if tail.seq != self._seq:
                    self._take_in(tail.lines_after(self._seq))
                boot_ms = self._clock.boot_ms()
                command = _Command(tail, boot_ms, max(self._case_clock.instant(boot_ms), self._evaluated))
                self._notice_step(command)
                self._meet_deadlines(command)
                enter(command)
                if self._watch.entered:
                    self._evaluate(command, command.now)
        except BaseException as error:
            refused_at_once = (
                isinstance(error, RequestRefused) and command is not None and not command.written
            )
            if not refused_at_once:
                # What was taken into memory did not become durable: read it anew next time.
                self._forget()
            raise
        return Recorded(tuple(command.entries), tuple(command.written))

    def _forget(self) -> None:
        self._seq = 0
        self._head = GENESIS
        self._closed = False
        self._watch = Watch(self.protocol, self._tables)
        self._evaluated = 0

    def _take_in(self, lines: Sequence[str]) -> None:
        """Take in what is in the stream and not yet here: all of it at first, later what other processes wrote."""
        if not lines:
            return
        events = [decode(line) for line in lines]
        if self._seq == 0:
            self._watch = Watch(self.protocol, self._tables, events)
            self._case_clock = CaseClock(self._clock, events)
            self._case_clock.not_before(self._floor)
        else:
            for event in events:
                self._watch.enter(event)
                self._case_clock.follow(event)
            self._watch.forget_fresh()
        for event in events:
            self._closed = _closed_after(event, before=self._closed)
        self._evaluated = max(self._evaluated, events[-1].recorded_at)
        self._seq, self._head = events[-1].seq, digest(lines[-1])

    def _now(self) -> int:
        return max(self._case_clock.now(), self._evaluated)

    def _notice_step(self, command: _Command) -> None:
        jumped = self._case_clock.step() if self._seq else 0
        if jumped:
            self._write(command, ClockStepped(wall_ms=jumped), at=command.now, by=WATCHER)

    def _meet_deadlines(self, command: _Command) -> None:
        """Evaluate at every deadline before now; one that was missed by long is evaluated now."""
        while self._watch.entered:
            due = self._watch.next_due(self._evaluated)
            if due is None or due >= command.now:
                return
            if command.now - due > PROMPT_MS:
                self._evaluate(command, command.now)
                return
            self._evaluate(command, due)

    def _evaluate(self, command: _Command, at: int) -> None:
        for data in self._watch.evaluate(at):
            self._write(command, data, at=at, by=WATCHER)
        self._evaluated = max(self._evaluated, at)

    def _enter(self, command: _Command, request: Request) -> None:
        at = self.instant(request, command.now)
        if request.kind == "case.opened":
            if self._seq:
                raise admission.Refused(
                    "the case is open already; case.opened is its first line and stands once"
                )
        elif not self._seq:
            raise admission.Refused("the case is not open yet; its first entry is case.opened")
        if at > command.now:
            raise admission.Refused("at lies in the future; enter what has happened")
        if request.by == WATCHER or not request.by.strip():
            raise admission.Refused("by names the person who enters it, and codelog is not one")
        if (request.within_ms or 0) < 0:
            raise admission.Refused("within_ms is half the width of an uncertainty, 0 or more")
        known = admission.Known(self._watch.entered, self._watch.state(command.now), self._watch.flags)
        data = admission.complete(request.kind, request.data, known, self._vocabulary)
        admission.check(data, at, known, self._vocabulary, strict=self._strict)
        if known.state.closed is not None and request.kind not in ADDENDA:
            self._write(command, CaseReopened(), at=command.now, by=request.by)
        basis = request.basis or ("stated" if request.stated and at < command.now else "live")
        event = self._write(
            command, self._completed(data), at=at, by=request.by, basis=basis, within_ms=request.within_ms
        )
        command.entries.append(event)

    def _completed(self, data: Data) -> Data:
        """What the program itself has to say in an entry."""
        if isinstance(data, CaseOpened):
            ref = ProtocolRef(self.protocol.id, self.protocol.version, self.protocol.digest)
            return dataclasses.replace(data, protocol=ref, software=SOFTWARE)
        if isinstance(data, CaseClosed):
            return dataclasses.replace(data, events=self._seq + 1)
        return data

    def _write(
        self,
        command: _Command,
        data: Data,
        *,
        at: int,
        by: str,
        basis: str = "live",
        within_ms: int | None = None,
    ) -> Event:
        event = Event(
            case=self._journal.case,
            terminal=self._journal.terminal,
            seq=self._seq + 1,
            prev=self._head,
            at=at,
            basis=basis,
            within_ms=within_ms,
            recorded_at=command.now,
            boot=self._clock.boot,
            boot_ms=command.boot_ms,
            by=by,
            data=data,
        )
        self._head = command.tail.append(encode(event))
        self._seq += 1
        self._closed = _closed_after(event, before=self._closed)
        self._watch.enter(event)
        self._case_clock.follow(event)
        command.written.append(event)
        return event


def _closed_after(event: Event, *, before: bool) -> bool:
    """Whether the case stands closed in order of entry, after an event."""
    return isinstance(event.data, CaseClosed) or (before and not isinstance(event.data, CaseReopened))


@dataclass
class _Command:
    """One command under way: the tail it appends to, and the one instant at which everything of it is recorded."""

    tail: Tail
    boot_ms: int
    now: int
    entries: list[Event] = field(default_factory=list)
    written: list[Event] = field(default_factory=list)
