"""The rules run once more over a case, and their flags beside those that were raised.

A flag is the same when rule, subject and basis agree. Answers count as they were given, where the flag that was
answered, or one about the same subject, stands here too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from codelog.case.events import (
    Event,
    EventAmended,
    EventRetracted,
    FlagAcknowledged,
    FlagRaised,
    FlagSnoozed,
    Ref,
)
from codelog.case.flags import CAUTION, Flag
from codelog.case.instants import SECOND
from codelog.case.vocabulary import WATCHER
from codelog.clinical.protocols import Protocol
from codelog.debrief.report.figures import Moment
from codelog.debrief.report.record import Record
from codelog.rules.watch import Watch

Standing = Literal["same", "new", "earlier", "later", "gone"]

SAME_MS = SECOND
"""Within this, a flag comes when the other one came: a deadline is met when it is noticed as promptly."""

_Key = tuple[str, str, Ref | None, Ref | None, str | None]


@dataclass(frozen=True, slots=True)
class ComparedFlag:
    """One flag, as the second run has it against as raised. `new` has no `raised`, `gone` no `would_be`.

    `by_ms` is how much later it would have come (negative: earlier). `entry` is the entry it is about.
    """

    standing: Standing
    rule: str
    basis: str
    priority: str
    attempt: Ref | None
    entry: tuple[Ref, ...]
    text: str
    would_be: Moment | None
    raised: Moment | None
    flag: Ref | None
    by_ms: int | None
    events: tuple[Ref, ...]


class Act(NamedTuple):
    """An event and the instant at which the second run enters it; the events of one instant in order of `seq`."""

    at: int
    seq: int
    event: Event


@dataclass(frozen=True, slots=True)
class Compared:
    """All flags in both runs, in order of time, and the rules that could not be run."""

    flags: tuple[ComparedFlag, ...]
    not_run: tuple[str, ...]


def compare(record: Record, protocol: Protocol, acts: Iterable[Act], until: int) -> Compared:
    """Run the rules of a protocol over `acts` up to the instant `until`, and lay their flags beside those raised."""
    run = _Rerun(record, protocol)
    run.run(acts, until)
    raised = list(record.flags.flags.values())
    found = [_told(record, would_be, flag) for would_be, flag in _paired(run.raised, raised)]
    found.sort(key=lambda flag: ((flag.would_be or flag.raised or _NEVER).at, flag.rule, str(flag.flag)))
    return Compared(tuple(found), tuple(sorted(run.watch.failures)))


_NEVER = Moment(0, 0, ())


class _Rerun:
    """The watch over the acts, with a clock of its own and numbers of its own."""

    def __init__(self, record: Record, protocol: Protocol) -> None:
        self.watch = Watch(protocol, record.tables)
        self.raised: list[_WouldBe] = []
        self._record = record
        self._origin: dict[Ref, int] = {}
        self._own: dict[Ref, int] = {}
        self._number = 0
        self._now = 0

    def run(self, acts: Iterable[Act], until: int) -> None:
        """Play the acts in order of time, and on to the instant `until`."""
        in_order = sorted(acts, key=lambda act: (act.at, act.seq))
        for at, of_instant in groupby(in_order, key=lambda act: act.at):
            self._wake_before(at)
            for act in of_instant:
                self._enter(act.event, at)
            self._evaluate(at)
        self._wake_before(until + 1)

    def _wake_before(self, at: int) -> None:
        if not self.watch.entered:
            return
        while (due := self.watch.next_due(self._now)) is not None and due < at:
            self._evaluate(due)

    def _enter(self, event: Event, at: int) -> None:
        data = event.data
        if isinstance(data, (FlagAcknowledged, FlagSnoozed)):
            flag = self._answered(data.flag)
            if flag is None:
                return
            event = dataclasses.replace(event, data=dataclasses.replace(data, flag=flag.number))
        elif isinstance(data, (EventAmended, EventRetracted)):
            # What is not here keeps a name that no entry has.
            target = self._own.get(data.target, f"/{data.target}")
            event = dataclasses.replace(event, data=dataclasses.replace(data, target=target))
        self._number += 1
        self._origin[self._number] = event.seq
        self._own[event.seq] = self._number
        self.watch.enter(dataclasses.replace(event, seq=self._number, recorded_at=at))

    def _answered(self, number: Ref) -> Flag | None:
        """The open flag here that stands for the one that was answered."""
        answered = self._record.flags.flags.get(number)
        if answered is None:
            return None
        open_flags = self.watch.flags.open_flags(answered.rule)
        wanted = _key_of(answered)
        alike = [flag for flag in open_flags if self._key(flag.data) == wanted]
        about = [flag for flag in open_flags if self._key(flag.data)[2:] == wanted[2:]]
        return next(iter(alike or about), None)

    def _evaluate(self, at: int) -> None:
        self._now = at
        for data in self.watch.evaluate(at):
            self._number += 1
            self.watch.enter(_by_watch(data, self._number, at))
            if isinstance(data, FlagRaised):
                evidence = tuple(self._origin[ref] for ref in data.evidence if ref in self._origin)
                self.raised.append(_WouldBe(data, at, self._key(data), evidence))

    def _key(self, data: FlagRaised) -> _Key:
        entry = None if data.entry is None else self._origin.get(data.entry)
        return data.rule, data.basis, data.attempt, entry, data.facts.get(CAUTION)


@dataclass(frozen=True, slots=True)
class _WouldBe:
    """A flag of the second run; `evidence` are entries of the record."""

    data: FlagRaised
    at: int
    key: _Key
    evidence: tuple[int, ...]


def _by_watch(data: object, seq: int, at: int) -> Event:
    return Event(
        case="",
        terminal="",
        seq=seq,
        prev="",
        at=at,
        basis="live",
        within_ms=None,
        recorded_at=at,
        boot="",
        boot_ms=0,
        by=WATCHER,
        data=data,  # type: ignore[arg-type]
    )


def _key_of(flag: Flag) -> _Key:
    return flag.rule, flag.basis, *flag.subject


def _paired(would_be: list[_WouldBe], raised: list[Flag]) -> Iterator[tuple[_WouldBe | None, Flag | None]]:
    """The flags of both readings that are the same: those at the same time first, then the nearest."""
    theirs: dict[_Key, list[_WouldBe]] = {}
    ours: dict[_Key, list[Flag]] = {}
    for new in would_be:
        theirs.setdefault(new.key, []).append(new)
    for flag in raised:
        ours.setdefault(_key_of(flag), []).append(flag)
    for key in dict.fromkeys((*theirs, *ours)):
        yield from _pairs(theirs.get(key, []), ours.get(key, []))


def _pairs(would_be: list[_WouldBe], raised: list[Flag]) -> Iterator[tuple[_WouldBe | None, Flag | None]]:
    left = list(raised)
    alone = []
    for new in would_be:
        same = next((flag for flag in left if abs(flag.raised.at - new.at) <= SAME_MS), None)
        if same is None:
            alone.append(new)
        else:
            left.remove(same)
            yield new, same
    for new in alone:
        nearest = min(left, key=lambda flag: abs(flag.raised.at - new.at), default=None)
        if nearest is not None:
            left.remove(nearest)
        yield new, nearest
    yield from ((None, flag) for flag in left)


def _told(record: Record, would_be: _WouldBe | None, flag: Flag | None) -> ComparedFlag:
    if would_be is not None:
        rule, basis, attempt, entry, _ = would_be.key
        data, at = would_be.data, would_be.at
        evidence: tuple[Ref, ...] = would_be.evidence
        moment: Moment | None = Moment(at, at - record.zero, record.refs(*evidence))
    else:
        assert flag is not None
        rule, basis, attempt, entry, _ = _key_of(flag)
        data, evidence, moment = flag.data, flag.data.evidence, None
    by = None if would_be is None or flag is None else would_be.at - flag.raised.at
    return ComparedFlag(
        standing=_standing(would_be, by),
        rule=rule,
        basis=basis,
        priority=data.priority,
        attempt=attempt,
        entry=record.refs(entry),
        text=data.text,
        would_be=moment,
        raised=None if flag is None else record.moment(flag.raised),
        flag=None if flag is None else flag.number,
        by_ms=by,
        events=record.refs(*evidence, *(() if flag is None else (flag.raised.seq,))),
    )


def _standing(would_be: _WouldBe | None, by: int | None) -> Standing:
    if would_be is None:
        return "gone"
    if by is None:
        return "new"
    if abs(by) <= SAME_MS:
        return "same"
    return "earlier" if by < 0 else "later"
