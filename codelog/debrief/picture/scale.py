"""Time to width. Long stretches in which nothing happened are broken, and said to be; all others have one scale."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codelog.case.instants import DAY, HOUR, MINUTE, SECOND

_QUIET = (*(m * MINUTE for m in (2, 3, 5, 10, 15, 30)), *(h * HOUR for h in (1, 2, 6, 12)))
_QUIET_DAYS = tuple(days * DAY for days in (1, 2, 7, 30, 90, 365))
"""How long a stretch must be to be broken: the longest of these that leaves the rest readable."""
_BUSY = 15 * MINUTE
"""With so much of a case on the page it is readable."""
_MOST_BREAKS = 0.5
"""Of the width, breaks take no more than this."""

_STEPS = (
    *(s * SECOND for s in (5, 10, 15, 30)),
    *(m * MINUTE for m in (1, 2, 5, 10, 15, 30)),
    *(h * HOUR for h in (1, 2, 6, 12)),
    *(d * DAY for d in (1, 2, 7, 14, 30, 90, 180, 365, 730, 3650, 36500)),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the axis: instants `since` to `until` lie between `left` and `right`. `broken`: not to scale."""

    since: int
    until: int
    left: float
    right: float
    broken: bool

    def x(self, at: int) -> float:
        """Where an instant of it lies."""
        if self.until == self.since:
            return self.left
        return self.left + (at - self.since) / (self.until - self.since) * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Scale:
    """The axis, stretch after stretch. Stretches of more than `quiet_ms` without anything are broken; None: none is."""

    stretches: tuple[Stretch, ...]
    quiet_ms: int | None
    _starts: tuple[int, ...]

    @property
    def left(self) -> float:
        """Where the axis begins."""
        return self.stretches[0].left

    @property
    def right(self) -> float:
        """Where the axis ends."""
        return self.stretches[-1].right

    @property
    def breaks(self) -> list[Stretch]:
        """The stretches that are not to scale."""
        return [stretch for stretch in self.stretches if stretch.broken]

    def x(self, at: int) -> float:
        """Where an instant lies; those outside the axis lie at its ends."""
        inside = min(max(at, self.stretches[0].since), self.stretches[-1].until)
        return self.stretches[max(0, bisect_right(self._starts, inside) - 1)].x(inside)

    def fine_ticks(self, zero: int, spacing: float) -> tuple[int, list[int]]:
        """The step of small marks at least `spacing` apart, and their instants: round times from zero, no breaks."""
        axis = [stretch for stretch in self.stretches if not stretch.broken]
        step = self._step(axis, spacing)
        return step, [at for stretch in axis for at in _multiples(stretch, step, zero)]

    def ticks(self, zero: int, spacing: float) -> list[tuple[int, float]]:
        """Instants for a ruler: where the axis goes on, then round times from zero; each with the middle of its label.

        The middles are at least `spacing` apart, and half of that from the axis' right end.
        """
        last = self.right - spacing / 2
        axis = [stretch for stretch in self.stretches if not stretch.broken]
        wanted = [stretch.since for stretch in axis]
        step = self._step(axis, spacing)
        for stretch in axis:
            wanted += _multiples(stretch, step, zero)
        found: list[tuple[int, float]] = []
        for at in wanted:
            middle = min(self.x(at), last)
            if all(abs(middle - other) >= spacing for _, other in found):
                found.append((at, middle))
        return sorted(found)

    @staticmethod
    def _step(axis: Sequence[Stretch], spacing: float) -> int:
        per_ms = max(
            ((s.right - s.left) / (s.until - s.since) for s in axis if s.until > s.since), default=0.0
        )
        return next((step for step in _STEPS if step * per_ms >= spacing), _STEPS[-1])


def _multiples(stretch: Stretch, step: int, zero: int) -> range:
    return range(zero - (zero - stretch.since) // step * step, stretch.until + 1, step)


def time_scale(instants: Iterable[int], left: float, right: float, break_width: float) -> Scale:
    """The axis on which these instants lie, at least one, between `left` and `right`."""
    points = sorted(set(instants))
    if len(points) == 1:
        points.append(points[0] + MINUTE)
    gaps = [until - since for since, until in pairwise(points)]
    width = right - left
    quiet = _quiet(gaps, width, break_width)
    broken = [gap for gap in gaps if quiet is not None and gap > quiet]
    per_ms = (width - len(broken) * break_width) / max(1, sum(gaps) - sum(broken))
    stretches: list[Stretch] = []
    since, x = points[0], left
    for before, after in pairwise(points):
        if quiet is not None and after - before > quiet:
            end = x + (before - since) * per_ms
            stretches.append(Stretch(since, before, x, end, False))
            stretches.append(Stretch(before, after, end, end + break_width, True))
            since, x = after, end + break_width
    stretches.append(Stretch(since, points[-1], x, right, False))
    return Scale(tuple(stretches), quiet, tuple(stretch.since for stretch in stretches))


def _quiet(gaps: Sequence[int], width: float, break_width: float) -> int | None:
    """From which length on quiet stretches are broken: as few as make the rest readable, else as makes it widest."""
    best, widest = None, width / max(1, sum(gaps))
    for quiet in reversed((*_QUIET, *_QUIET_DAYS)):
        broken = [gap for gap in gaps if gap > quiet]
        kept = sum(gaps) - sum(broken)
        if widest * _BUSY >= width or len(broken) * break_width > width * _MOST_BREAKS or kept < MINUTE:
            break
        per_ms = (width - len(broken) * break_width) / kept
        if per_ms > widest:
            best, widest = quiet, per_ms
    return best
