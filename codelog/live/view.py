"""A case as a screen follows it: the same fold as the recorder's, fed with what became durable."""

from __future__ import annotations

from collections.abc import Iterable

from codelog.case.events import Event
from codelog.case.flags import Flag, FlagBook
from codelog.case.reading import Reading
from codelog.case.state import State
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.live.clock import CaseClock, Clock
from codelog.rules.bones import Bones

_RANKS = {"high": 0, "medium": 1, "low": 2}


class _StateFold:
    def __init__(self, clock_starts: str) -> None:
        self.state = State(clock_starts)

    def apply(self, event: Event) -> None:
        self.state.apply(event)

    def settle(self) -> None:
        """The state needs no word after an instant."""


class CaseView:
    """What is known of a running case. Belongs to one thread, which is not the writer's."""

    def __init__(self, clock: Clock, protocol: Protocol, tables: Tables) -> None:
        self.protocol = protocol
        self.tables = tables
        self.flags = FlagBook()
        self._clock = CaseClock(clock, ())
        self._reading = Reading(lambda: _StateFold(protocol.thresholds.clock_starts))
        self._latest = 0

    @property
    def events(self) -> list[Event]:
        """Every event so far, in order of seq."""
        return self._reading.entered

    @property
    def entries(self) -> list[Event]:
        """The corrected entries, in order of time."""
        return self._reading.ordered

    def follow(self, events: Iterable[Event]) -> None:
        """Take in what became durable; what is here already is passed over."""
        for event in events:
            if event.seq <= len(self._reading.entered):
                continue
            self._reading.enter(event)
            self.flags.apply(event)
            self._clock.follow(event)
            self._latest = max(self._latest, event.recorded_at)

    def now(self) -> int:
        """The instant of the case now; never before the last entry."""
        return max(self._latest, self._clock.now())

    def instant(self, pressed: int) -> int:
        """The instant of the case at a reading of the boot clock."""
        return self._clock.instant(pressed)

    def state(self) -> State:
        """The corrected state now."""
        return self._reading.advance(self.now()).state

    def elapsed(self) -> int:
        """Milliseconds since case zero, 0 or more."""
        return max(0, self.now() - self.state().zero)

    def bones(self) -> Bones:
        """The bones as they stand now."""
        return Bones(self.state(), self.tables, self.protocol.thresholds.same_bone_hours, self.now())

    def open_flags(self) -> list[Flag]:
        """The flags in view: open and not hidden by a snooze or an acknowledgement, the most urgent first."""
        now = self.now()
        seen = []
        for flag in self.flags.open_flags():
            if flag.acknowledged is None and (flag.snoozed_until is None or flag.snoozed_until <= now):
                seen.append(flag)
        return sorted(seen, key=lambda flag: (_RANKS[flag.data.priority], -flag.raised.seq))
