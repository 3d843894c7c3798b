"""A case as read once for its report: the entries as corrected, what they come to, and the flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from codelog.case.access import Attempt, Stamp
from codelog.case.corrections import active_corrections, corrected
from codelog.case.events import (
    CaseOpened,
    Data,
    DrugGiven,
    Event,
    EventAmended,
    InfusionStarted,
    Ref,
)
from codelog.case.flags import FlagBook
from codelog.case.state import State, fold
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.debrief.gaps import lines_at
from codelog.debrief.report.figures import Moment
from codelog.debrief.report.streams import merge
from codelog.rules.no_line import LINES_FOR

_Kind = TypeVar("_Kind", bound=Data)


@dataclass(frozen=True)
class Record:
    """One case, all its streams under one numbering.

    `entered` is every event in order of entry, `entries` those that stand, as corrected, in order of time. `state`
    is their fold; what begins a need is the same whatever the protocol, so that cases can be compared. `end` is the
    closing, or in an open case the last event.
    """

    entered: tuple[Event, ...]
    entries: tuple[Event, ...]
    opening: Event | None
    state: State
    flags: FlagBook
    protocol: Protocol
    tables: Tables
    zero: int
    end: int
    amendments: Mapping[Ref, tuple[int, ...]]
    _refs: Mapping[int, Ref]
    _by_kind: Mapping[type[Data], list[Event]]

    def of(self, kind: type[_Kind]) -> Iterator[tuple[Event, _Kind]]:
        """The standing entries of a kind with their data, in order of time."""
        for event in self._by_kind.get(kind, ()):
            assert isinstance(event.data, kind)
            yield event, event.data

    def refs(self, *numbers: Ref | None) -> tuple[Ref, ...]:
        """The event numbers behind merged numbers, those of amendments included, each once and in order."""
        found = {number for number in numbers if isinstance(number, int) and number in self._refs}
        for number in tuple(found):
            found.update(self.amendments.get(number, ()))
        return tuple(self._refs[number] for number in sorted(found))

    def number(self, seq: int) -> Ref:
        """The event number behind a merged number."""
        return self._refs[seq]

    def moment(self, of: Stamp | Event) -> Moment:
        """When an entry says that something was."""
        return Moment(of.at, of.at - self.zero, self.refs(of.seq))

    def moment_or_none(self, of: Stamp | None) -> Moment | None:
        """As `moment`, where there may be none."""
        return None if of is None else self.moment(of)

    @property
    def closed(self) -> bool:
        """Whether the case is closed."""
        return self.state.closed is not None

    @property
    def kilograms(self) -> Decimal | None:
        """The weight as known now."""
        weight: Decimal | None = self.state.weight_kg()
        return weight

    def tries(self, *routes: str) -> list[Attempt]:
        """The attempts made in the case, by some routes or all: lines in place before are none. In order of time."""
        found = [attempt for attempt in self.state.access.attempts.values() if not attempt.present]
        return [attempt for attempt in found if not routes or attempt.route in routes]

    def lines_for(self, event: Event, data: DrugGiven | InfusionStarted) -> list[Attempt]:
        """The lines in place at an entry that a drug or fluid can have gone through, as far as its route tells."""
        routes = LINES_FOR.get(data.route, ())
        return [line for line in lines_at(event.at, self.state) if line.route in routes]

    def line_of(self, event: Event, data: DrugGiven | InfusionStarted) -> tuple[Ref | None, bool]:
        """The line a drug or fluid went through, and whether that is only inferred: its route leaves one line."""
        if data.attempt is not None:
            return data.attempt, False
        lines = self.lines_for(event, data)
        return (lines[0].number, True) if len(lines) == 1 else (None, False)

    def role(self, attempt: Attempt) -> str | None:
        """The role of whoever made an attempt: as said of the attempt, else of that person."""
        said = attempt.text("operator_role")
        member = self.state.team.get(attempt.text("operator") or "")
        return said if said is not None or member is None else member.role


def read_record(events: Iterable[Event], protocol: Protocol, tables: Tables) -> Record:
    """Read the events of one case, all its streams in any order."""
    merged = merge(events)
    entries = corrected(merged.events)
    state = fold(entries)
    flags = FlagBook()
    for event in merged.events:
        flags.apply(event)
    by_kind: dict[type[Data], list[Event]] = {}
    for event in entries:
        by_kind.setdefault(type(event.data), []).append(event)
    amendments: dict[Ref, tuple[int, ...]] = {}
    for event in active_corrections(merged.events):
        if isinstance(event.data, EventAmended):
            target = event.data.target
            amendments[target] = (*amendments.get(target, ()), event.seq)
    opening = next(iter(by_kind.get(CaseOpened, ())), None)
    first = min((event.at for event in entries), default=0)
    last = max((event.at for event in merged.events), default=0)
    return Record(
        entered=merged.events,
        entries=tuple(entries),
        opening=opening,
        state=state,
        flags=flags,
        protocol=protocol,
        tables=tables,
        zero=first if opening is None else opening.at,
        end=last if state.closed is None else state.closed.at,
        amendments=amendments,
        _refs=merged.refs,
        _by_kind=by_kind,
    )
