"""Marks in rows, so that nothing lies on anything else: the same for a page and for a terminal."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codelog.debrief.picture.lanes import Lane, Mark, together
from codelog.debrief.picture.lettering import Measure, cut
from codelog.debrief.picture.scale import Scale


@dataclass(frozen=True, slots=True)
class Pen:
    """The sizes of a drawing: letters as `measure` says, `head` before a label for its symbol, `gap` between marks.

    A point reaches `reach` to either side, its label stands `space` from it. No label is longer than `longest`.
    """

    measure: Measure
    head: float
    gap: float
    reach: float
    space: float
    longest: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark in its row: it and its label lie between `left` and `right`, the label (head first) from `label_x` on.

    A label that stands before its mark ends at `label_end`, however wide it comes out.
    """

    mark: Mark
    row: int
    label: str
    label_x: float
    left: float
    right: float
    label_end: float | None = None


def rows_of(placed: Sequence[Placed]) -> int:
    """How many rows marks take."""
    return max((one.row for one in placed), default=-1) + 1


def place(lane: Lane, scale: Scale, pen: Pen, share: float = 1.0) -> list[Placed]:
    """The marks of a lane in order of time, in a share of its rows (at least one).

    Where rows do not suffice, labels get shorter, and then marks that begin near each other become one.
    """
    rows = max(1, int(lane.rows * share))
    placed = _packed(lane.marks, lane, scale, pen, 0)
    for shorter in range(1, max((len(mark.labels) for mark in lane.marks), default=0)):
        if rows_of(placed) <= rows:
            break
        placed = _packed(lane.marks, lane, scale, pen, shorter)
    near = 2 * pen.reach
    while rows_of(placed) > rows:
        placed = _packed(list(_clusters(lane, scale, near)), lane, scale, pen, -1)
        near *= 2
    return placed


def _clusters(lane: Lane, scale: Scale, near: float) -> Iterator[Mark]:
    """The marks, those that begin within `near` of the first of them as one."""
    run: list[Mark] = []
    for mark in lane.marks:
        if run and scale.x(mark.since) - scale.x(run[0].since) > near:
            yield together(run, lane)
            run = []
        run.append(mark)
    if run:
        yield together(run, lane)


def _packed(marks: Sequence[Mark], lane: Lane, scale: Scale, pen: Pen, shorter: int) -> list[Placed]:
    put = _above if lane.bars else _beside
    placed = [put(mark, mark.labels[min(shorter, len(mark.labels) - 1)], scale, pen) for mark in marks]
    taken: list[list[tuple[float, float]]] = []
    return [replace(one, row=_free_row(one, taken, pen.gap)) for one in placed]


def _free_row(one: Placed, taken: list[list[tuple[float, float]]], gap: float) -> int:
    """The first row with room for a mark, which then has that room; `taken` are the rows from left to right."""
    span = one.left - gap, one.right + gap
    for row, spans in enumerate(taken):
        at = bisect_left(spans, span)
        if (at == 0 or spans[at - 1][1] <= one.left) and (at == len(spans) or one.right <= spans[at][0]):
            spans.insert(at, span)
            return row
    taken.append([span])
    return len(taken) - 1


def _above(mark: Mark, words: str, scale: Scale, pen: Pen) -> Placed:
    """A bar with its label above: from the bar's start on, or further left where it would not fit."""
    start, end = scale.x(mark.since), scale.x(mark.until)
    head = pen.head if mark.symbol else 0
    label = cut(words, min(pen.longest, scale.right - scale.left - head), pen.measure)
    width = head + pen.measure(label)
    x = max(scale.left, min(start, scale.right - width))
    reach = pen.reach if end - start < pen.reach else 0
    return Placed(mark, 0, label, x, min(start, x), max(end, start + reach, x + width))


def _beside(mark: Mark, words: str, scale: Scale, pen: Pen) -> Placed:
    """A symbol with its label after it, or before it where there is more room."""
    start, end = scale.x(mark.since), scale.x(mark.until)
    left, right = start - pen.reach, end + pen.reach
    after, before = scale.right - right - pen.space, left - scale.left - pen.space
    label = cut(words, pen.longest, pen.measure)
    if pen.measure(label) > after and before > after:
        label = cut(label, before, pen.measure)
        x = left - pen.space - pen.measure(label)
        return Placed(mark, 0, label, x, x, right, left - pen.space)
    label = cut(label, after, pen.measure)
    x = right + pen.space
    return Placed(mark, 0, label, x, left, x + pen.measure(label))
