"""Clocks: one that neither steps nor stops, the wall's as a label, and the case's own time made of both."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from codelog.case.events import ClockStepped, Event

STEP_MS = 250
"""By how much the wall clock may drift from the boot clock before it counts as a step."""

REPLAY_BOOT = "replay"
"""The boot of a replay, whose time is virtual."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """`boot` names the stretch in which `boot_ms` counts without a step or a stop; `wall_ms` is UTC."""

    @property
    def boot(self) -> str:
        """Id of this boot of the machine."""

    @property
    def pace(self) -> float:
        """How many of its seconds pass in one of the world's."""

    def boot_ms(self) -> int:
        """Milliseconds since the boot."""

    def wall_ms(self) -> int:
        """Milliseconds since the epoch, as the wall clock has them: may jump."""


class SystemClock:
    """The machine's clocks. Where there is no boot clock, the monotonic one under an id of this process."""

    pace = 1.0

    def __init__(self) -> None:
        self._clock_id: int | None = getattr(time, "CLOCK_BOOTTIME", None)
        self.boot = self._boot_id() or f"process-{uuid.uuid4()}"

    def _boot_id(self) -> str | None:
        if self._clock_id is None:
            return None
        try:
            return _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            return None

    def boot_ms(self) -> int:
        """Milliseconds since the boot, suspended time included where the system counts it."""
        if self._clock_id is None:
            return time.monotonic_ns() // 1_000_000
        return time.clock_gettime_ns(self._clock_id) // 1_000_000

    def wall_ms(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000


class VirtualClock:
    """A clock that stands still until it is set; `zero` is the wall's instant at boot."""

    pace = 1.0

    def __init__(self, zero: int, boot: str = REPLAY_BOOT) -> None:
        self.boot = boot
        self.elapsed = 0
        self.step = 0
        self._zero = zero

    def boot_ms(self) -> int:
        """Milliseconds since `zero`."""
        return self.elapsed

    def wall_ms(self) -> int:
        """`zero` and what has elapsed, and the step if somebody set one."""
        return self._zero + self.elapsed + self.step


class PacedClock:
    """Another clock, `pace` times as fast from now on: for training, never for a patient.

    Its boot is its own, so that a case goes on by the machine's clock when it is resumed. Its wall follows its own
    time and never steps.
    """

    def __init__(self, clock: Clock, pace: float) -> None:
        self.pace = pace
        self.boot = f"paced-{uuid.uuid4()}"
        self._clock = clock
        self._began = clock.boot_ms()
        self._zero = clock.wall_ms()

    def boot_ms(self) -> int:
        """Milliseconds since the other clock's boot, those since now counted `pace` times."""
        return self._began + self._elapsed()

    def wall_ms(self) -> int:
        """Milliseconds since the epoch, as this clock would have it."""
        return self._zero + self._elapsed()

    def _elapsed(self) -> int:
        return int((self._clock.boot_ms() - self._began) * self.pace)


class CaseClock:
    """The time of one case: the wall's when it was opened, and from then on the boot clock's.

    A step of the wall clock moves nothing; it is noticed, and becomes an event. After a reboot the wall clock is
    asked again, but the case's time never goes back. A recorded scenario goes on from where its virtual time ended.
    """

    def __init__(self, clock: Clock, events: Sequence[Event]) -> None:
        self._clock = clock
        self._anchor: tuple[int, int] | None = None
        self._anchored = False
        self._noticed = 0
        self._latest: int | None = None
        self._virtual = False
        for event in events:
            self.follow(event)

    def follow(self, event: Event) -> None:
        """Take the next event of the log: it may be of this boot, or the step that was noticed."""
        if self._latest is None:
            self._virtual = REPLAY_BOOT == event.boot != self._clock.boot
        self._latest = event.recorded_at
        if event.boot != self._clock.boot:
            return
        if not self._anchored:
            # Once for each boot: anchoring again and again would add up the milliseconds between two readings.
            self._anchor, self._anchored = (event.recorded_at, event.boot_ms), True
        if isinstance(event.data, ClockStepped):
            self._noticed += event.data.wall_ms

    def instant(self, boot_ms: int) -> int:
        """The instant of the case at a reading of the boot clock."""
        if self._anchor is None:
            wall = self._clock.wall_ms() - (self._clock.boot_ms() - boot_ms)
            latest = wall if self._latest is None else self._latest
            self._anchor = latest if self._virtual else max(wall, latest), boot_ms
        at, since = self._anchor
        return at + boot_ms - since

    def not_before(self, instant: int | None) -> None:
        """The case has got as far as `instant`, by an entry that is not in the log yet."""
        if instant is not None and not self._anchored:
            self._latest = instant if self._latest is None else max(self._latest, instant)
            self._anchor = None

    def now(self) -> int:
        """The instant of the case now."""
        return self.instant(self._clock.boot_ms())

    def step(self) -> int:
        """How far the wall clock has jumped since that was last noticed; 0 for less than `STEP_MS`."""
        if self._virtual:
            return 0
        offset = self._clock.wall_ms() - self.now()
        jumped = offset - self._noticed
        return jumped if abs(jumped) > STEP_MS else 0
