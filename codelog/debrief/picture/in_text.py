"""The picture as lines of text, for a terminal and for mail: the same lanes on the same kind of axis, in plain letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codelog.case.instants import format_instant
from codelog.debrief.picture.lanes import Bar, Lane, Lanes, Trace, clock, lanes_of
from codelog.debrief.picture.layout import Pen, Placed, place, rows_of
from codelog.debrief.picture.lettering import columns, cut
from codelog.debrief.picture.scale import Scale, time_scale
from codelog.debrief.report.figures import span_words
from codelog.debrief.report.value import DebriefReport

_GUTTER = 13
_BREAK = 4
_BROKEN = "~"
_PEN = Pen(measure=columns, head=0, gap=2, reach=1, space=1, longest=60)

_BARS = {
    "attempt": "/",
    "line": "=",
    "need": "-",
    "infusion": ":",
    "care": "#",
    "high": "X",
    "medium": "x",
    "low": ".",
    "late": "-",
    "many": "%",
}
_POINTS = {"milestone": "*", "drug": "v", "harm": "!", "check": "+", "note": '"', "many": "%"}
_ON_LINE = {"confirmed": "c", "lost": "x", "removed": "|"}
_KEY = (
    "E established, F failed, A abandoned, ? no end recorded, P in place before",
    "/ attempt, = line in place, c confirmed, x lost, | removed, > no end recorded",
    "flags: *** high (X), ** medium (x), * low (.)   ! harm, bad finding   + in order",
)


def picture_text(report: DebriefReport, width: int = 80) -> list[str]:
    """The picture of a case as lines of at most `width` columns (at least 60)."""
    lanes = lanes_of(report)
    scale = time_scale(lanes.instants, _GUTTER, width - 1, _BREAK)
    lines = [lanes.head, lanes.about, *lanes.cautions, "", *_ruler(lanes, scale, width)]
    for lane in lanes.lanes:
        lines += ["", *_lane(lane, scale, width)]
    if lanes.traces:
        lines += ["", *(_trace(trace, scale, width) for trace in lanes.traces)]
    lines += ["", _entries(lanes, scale, width), *_breaks(scale, lanes.zero), "", *_KEY]
    return [cut(line, width, columns).rstrip() for line in lines]


class _Row:
    """One line of the drawing: columns that letters are put into."""

    def __init__(self, width: int, title: str = "") -> None:
        self._cells = [" "] * width
        self.put(0, cut(title, _GUTTER - 1, columns))

    def put(self, x: float, text: str) -> None:
        """Write from column `x` on; a wide letter takes two, one that combines goes with the letter before it."""
        column = round(x)
        for letter in text:
            taken = columns(letter)
            if taken == 0:
                self._cells[max(0, column - 1)] += letter
                continue
            if column + taken > len(self._cells):
                return
            self._cells[column : column + taken] = [letter, *[""] * (taken - 1)]
            column += taken

    def __str__(self) -> str:
        return "".join(self._cells)


def _ruler(lanes: Lanes, scale: Scale, width: int) -> Iterator[str]:
    first, last = (clock(at, lanes.zero) for at in (scale.stretches[0].since, scale.stretches[-1].until))
    room = max(10, columns(first), columns(last)) + 1
    days, times, wall, axis = (_Row(width, title) for title in ("", "from zero", "UTC", ""))
    for stretch in scale.stretches:
        for column in range(round(stretch.left), round(stretch.right) + 1):
            axis.put(column, _BROKEN if stretch.broken else "-")
    day = ""
    for at, middle in scale.ticks(lanes.zero, room):
        instant = format_instant(at)
        axis.put(scale.x(at), "+")
        for row, words in ((times, clock(at, lanes.zero)), (wall, instant[11:19])):
            row.put(middle - columns(words) // 2, words)
        if instant[:10] != day:
            day = instant[:10]
            days.put(middle - 5, day)
    yield from map(str, (days, times, wall, axis))


def _lane(lane: Lane, scale: Scale, width: int) -> Iterator[str]:
    placed = place(lane, scale, _PEN)
    title = lane.title
    for row in range(rows_of(placed)):
        of_row = [one for one in placed if one.row == row]
        yield from (_bars if lane.bars else _points)(of_row, title, scale, width)
        title = ""


def _bars(placed: Sequence[Placed], title: str, scale: Scale, width: int) -> Iterator[str]:
    labels, bars = _Row(width, title), _Row(width)
    for one in placed:
        labels.put(one.label_x, one.label)
        for bar in one.mark.bars:
            _put_bar(bars, bar, scale)
        for at, kind in one.mark.points:
            bars.put(scale.x(at), _ON_LINE[kind])
    yield from (str(labels), str(bars))


def _put_bar(row: _Row, bar: Bar, scale: Scale) -> None:
    first, last = round(scale.x(bar.since)), round(scale.x(bar.until))
    row.put(first, _BARS[bar.fill] * (last - first + 1))
    for stretch in scale.breaks:
        for column in range(max(first, round(stretch.left) + 1), min(last + 1, round(stretch.right))):
            row.put(column, _BROKEN)
    if bar.fill == "late":
        row.put(first, "o")
        row.put(max(last, first + 1), "|")
    elif bar.open:
        row.put(last, ">")


def _points(placed: Sequence[Placed], title: str, scale: Scale, width: int) -> Iterator[str]:
    row = _Row(width, title)
    for one in placed:
        first, last = round(scale.x(one.mark.since)), round(scale.x(one.mark.until))
        row.put(first, _POINTS[one.mark.symbol] * (last - first + 1))
        row.put(one.label_x, one.label)
    yield str(row)


def _trace(trace: Trace, scale: Scale, width: int) -> str:
    """The values that find room; where one does not, a dot."""
    row = _Row(width, f"{trace.title}")
    free = 0
    for reading in trace.readings:
        x = round(scale.x(reading.at))
        start = min(x, width - columns(reading.words))
        if start >= free:
            row.put(start, reading.words)
            free = start + columns(reading.words) + 1
        elif x >= free:
            row.put(x, ".")
            free = x + 1
    return str(row)


def _entries(lanes: Lanes, scale: Scale, width: int) -> str:
    row = _Row(width, "Entries")
    for silence in lanes.silences:
        first, last = round(scale.x(silence.since.at)), round(scale.x(silence.until.at))
        row.put(first, _BROKEN * (last - first + 1))
    for entry in lanes.entries:
        row.put(scale.x(entry.moment.at), "|")
    return str(row)


def _breaks(scale: Scale, zero: int) -> Iterator[str]:
    if not scale.breaks:
        return
    spans = [
        f"{clock(stretch.since, zero)} for {span_words(stretch.until - stretch.since)}"
        for stretch in scale.breaks
    ]
    longest = span_words(scale.quiet_ms or 0)
    yield ""
    yield f"{_BROKEN} The axis is broken where nothing was recorded for more than {longest}: at"
    yield from (f"  {span}" for span in spans)
