"""The picture as SVG: one self-contained drawing, safe to put into a page as it stands.

Black on white, filled with patterns, every mark with words beside it and more in its title. Style is in attributes
only, ids begin with `codelog-picture`, and marks stand in order of time within their lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from codelog.case.instants import DAY, format_elapsed, format_instant
from codelog.debrief.picture.lanes import Bar, Lane, Lanes, Reading, Trace, clock, lanes_of
from codelog.debrief.picture.layout import Pen, Placed, place, rows_of
from codelog.debrief.picture.lettering import cut, text_width
from codelog.debrief.picture.scale import Scale, time_scale
from codelog.debrief.report.figures import span_words
from codelog.debrief.report.value import DebriefReport

WIDTH = 720
"""With 180 mm of paper for it, letters come out at 7 points."""

_SIZE = 10
_USUAL = 0.88
"""How much of the room kept for them letters usually take."""
_BOLDER = 1.15
"""How much wider bold letters are, at the most."""
_BOLD = ' font-weight="bold"'
_GUTTER = 74
_MARGIN = 6
_BREAK = 32
_BREAK_INSET = 8
_FINE = 7
_RULER = 50
_BAR_ROW, _POINT_ROW, _TRACE_ROW, _RECORD_ROW = 23, 15, 30, 16
_LANE_GAP = 7
_HIGHEST = 770
_SHARES = (1, 0.75, 0.5, 0.35, 0.2)
"""Of the rows that a lane may take, so much, until lanes and traces are no higher than that: a page of A4 or Letter."""
_PEN = Pen(measure=lambda text: text_width(text, _SIZE), head=11, gap=5, reach=5, space=2, longest=340)

_ID = "codelog-picture"
_PATTERNS = {
    "attempt": '<path d="M0 4L4 0M-1 1L1 -1M3 5L5 3" stroke="#000" stroke-width="1"/>',
    "infusion": '<circle cx="2" cy="2" r="0.8" fill="#000"/>',
    "care": '<path d="M2 0V4" stroke="#000" stroke-width="1.2"/>',
    "need": '<path d="M0 2H4" stroke="#000" stroke-width="0.8"/>',
    "silent": '<path d="M0 0L4 4M-1 3L1 5M3 -1L5 1" stroke="#aaa" stroke-width="0.5"/>',
}
_FILLS = {"line": "#444", "high": "#000", "medium": "#999", "low": "#fff", "many": "#ccc"}
_SYMBOLS = {
    "established": '<circle cx="4" cy="0" r="3.8"/>',
    "failed": '<path d="M0.8 -3.2L7.2 3.2M0.8 3.2L7.2 -3.2" stroke="#000" stroke-width="2"/>',
    "abandoned": '<circle cx="4" cy="0" r="3.2" fill="none" stroke="#000" stroke-width="1.2"/>'
    '<path d="M1.5 2.5L6.5 -2.5" stroke="#000" stroke-width="1.2"/>',
    "unended": '<path d="M1 -3.2L7 0L1 3.2Z" fill="none" stroke="#000" stroke-width="1.2"/>',
    "present": '<rect x="0.6" y="-3.2" width="6.6" height="6.4"/>',
    "milestone": '<path d="M4 -4.5L8 0L4 4.5L0 0Z"/>',
    "drug": '<path d="M0.5 -3.5H7.5L4 4Z"/>',
    "harm": '<path d="M4 -4.2L8.2 3.6H-0.2Z" fill="#fff" stroke="#000"/>'
    '<path d="M4 -1.6V1.2M4 2V3" stroke="#000" stroke-width="1.2"/>',
    "check": '<path d="M0.5 0L3 3L7.5 -3.5" fill="none" stroke="#000" stroke-width="1.5"/>',
    "note": '<rect x="0.8" y="-3.5" width="6.4" height="7" fill="#fff" stroke="#000"/>'
    '<path d="M2.4 -1.2H5.6M2.4 1.2H5.6" stroke="#000" stroke-width="0.8"/>',
    "many": '<path d="M1 -4V4M4 -4V4M7 -4V4" stroke="#000" stroke-width="1.4"/>',
}
_KEY = (
    ("established", "E established"),
    ("failed", "F failed"),
    ("abandoned", "A abandoned"),
    ("unended", "? no end recorded"),
    ("present", "P in place before"),
)


def draw(report: DebriefReport, *, width: int = WIDTH) -> str:
    """The picture of a case as an SVG document, `width` units wide (at least 400) and as high as it needs to be."""
    return _Page(lanes_of(report), width).svg()


class _Page:
    def __init__(self, lanes: Lanes, width: int) -> None:
        self._lanes = lanes
        self._width = width
        self._scale = _scale(lanes, width)
        self._y = 0.0
        self._parts: list[str] = []

    def svg(self) -> str:
        """The whole document."""
        self._heading()
        body: list[str] = []
        ruler = self._y
        self._y += _RULER
        top = self._y
        for lane, placed in zip(self._lanes.lanes, self._placed(), strict=True):
            body += self._lane(lane, placed)
        body += self._traces()
        body += self._record()
        bottom = self._y
        self._parts += [*self._ruler(ruler, top, bottom), *body]
        self._breaks_named(bottom)
        self._legend()
        return "".join(self._document())

    def _placed(self) -> list[list[Placed]]:
        """The marks of every lane in rows, in so many rows that it all stays on one page."""
        placed: list[list[Placed]] = []
        room = _HIGHEST - len(self._lanes.traces) * (_TRACE_ROW + _LANE_GAP)
        for share in _SHARES:
            placed = [place(lane, self._scale, _PEN, share) for lane in self._lanes.lanes]
            lanes = zip(self._lanes.lanes, placed, strict=True)
            if sum(_height(lane, marks) + _LANE_GAP for lane, marks in lanes) <= room:
                break
        return placed

    def _document(self) -> Iterator[str]:
        height = self._y + _MARGIN
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{_ID}-title {_ID}-desc" '
            f'viewBox="0 0 {self._width} {_n(height)}" width="{self._width}" height="{_n(height)}" '
            f'font-family="Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif" font-size="{_SIZE}" fill="#000">'
            f'<title id="{_ID}-title">Timeline: {escape(self._lanes.head)}</title>'
            f'<desc id="{_ID}-desc">{escape(self._description())}</desc><defs>'
        )
        for name, pattern in _PATTERNS.items():
            yield (
                f'<pattern id="{_ID}-{name}" width="4" height="4" patternUnits="userSpaceOnUse">'
                f'<rect width="4" height="4" fill="#fff"/>{pattern}</pattern>'
            )
        yield f'</defs><rect width="{self._width}" height="{_n(height)}" fill="#fff"/>'
        yield from self._parts
        yield "</svg>\n"

    def _description(self) -> str:
        counts = ", ".join(f"{len(lane.marks)} {lane.noun}" for lane in self._lanes.lanes)
        last = clock(self._lanes.instants[-1], self._lanes.zero)
        said = f"Lanes over time from zero, to {last}: {counts or 'nothing but entries'}."
        return f"{said} {_breaks_said(self._scale)}"

    def _heading(self) -> None:
        room = self._width - 2 * _MARGIN
        self._y = _MARGIN
        lines = [(self._lanes.head, _BOLD), (self._lanes.about, "")]
        lines += [(caution, _BOLD) for caution in self._lanes.cautions]
        for words, weight in lines:
            self._y += 13
            said = cut(words, room / _BOLDER, _PEN.measure)
            line = _text(_MARGIN, self._y, said, weight)
            self._parts.append(f"<g><title>{escape(words)}</title>{line}</g>")
        self._y += 6

    # The axis

    def _ruler(self, y: float, top: float, bottom: float) -> Iterator[str]:
        scale, zero = self._scale, self._lanes.zero
        yield "<g><title>Rulers: time from case zero, and time of day (UTC)</title>"
        yield _text(_MARGIN, y + 22, "from zero", _BOLD)
        yield _text(_MARGIN, y + 36, "UTC", _BOLD)
        for stretch in scale.breaks:
            left, right = stretch.left + _BREAK_INSET, stretch.right - _BREAK_INSET
            span = span_words(stretch.until - stretch.since)
            said = f"Axis broken: {span} without anything recorded, {clock(stretch.since, zero)} to {clock(stretch.until, zero)}"
            yield f"<g><title>{said}</title>"
            yield _rect(left, top - 4, right - left, bottom - top + 4, f"url(#{_ID}-silent)", "")
            yield _zigzag(left, top - 4, bottom) + _zigzag(right, top - 4, bottom)
            yield "</g>"
        fine = "".join(f"M{_n(scale.x(at))} {_n(top - 3.5)}v-4" for at in scale.fine_ticks(zero, _FINE)[1])
        yield f'<path d="{fine}" fill="none" stroke="#000" stroke-width="0.6"/>'
        days = set()
        for at, middle in scale.ticks(zero, self._tick_room()):
            x, instant = scale.x(at), format_instant(at)
            heavy = ' stroke="#000"' if at == zero else ' stroke="#ccc" stroke-width="0.6"'
            yield f'<path d="M{_n(x)} {_n(top - 8)}V{_n(bottom)}"{heavy} fill="none"/>'
            yield _middle(middle, y + 22, clock(at, zero))
            yield _middle(middle, y + 36, instant[11:19])
            if instant[:10] not in days:
                yield _middle(middle, y + 9, instant[:10])
            days.add(instant[:10])
        yield "</g>"

    def _tick_room(self) -> float:
        """As much as the widest words of the rulers need."""
        first, last = self._lanes.instants[0], self._lanes.instants[-1]
        words = [clock(first, self._lanes.zero), clock(last, self._lanes.zero), "00:00:00"]
        if first // DAY != last // DAY:
            words.append("0000-00-00")
        return max(map(_PEN.measure, words)) + _PEN.gap

    # Lanes

    def _begin(self, title: str, height: float) -> str:
        """A lane's frame with its title in the gutter."""
        y, self._y = self._y, self._y + height + _LANE_GAP
        words = _wrapped(title)
        lines = "".join(_text(_MARGIN, y + 10 + 11 * index, line, _BOLD) for index, line in enumerate(words))
        rule = f'<path d="M{_MARGIN} {_n(y - _LANE_GAP / 2)}H{self._width - _MARGIN}" stroke="#888" stroke-width="0.5"/>'
        return f"<g><title>{escape(title)}</title>{rule}{lines}"

    def _lane(self, lane: Lane, placed: Sequence[Placed]) -> Iterator[str]:
        row_height = _BAR_ROW if lane.bars else _POINT_ROW
        y = self._y
        yield self._begin(lane.title, _height(lane, placed))
        for one in placed:
            yield f"<g><title>{escape(one.mark.title)}</title>"
            yield from (self._bars if lane.bars else self._point)(one, y + one.row * row_height)
            yield "</g>"
        yield "</g>"

    def _bars(self, one: Placed, y: float) -> Iterator[str]:
        x = one.label_x
        if one.mark.symbol:
            yield _symbol(one.mark.symbol, x, y + 6.5)
            x += _PEN.head
        yield self._label(x, y + 10, one.label)
        for bar in one.mark.bars:
            yield from self._bar(bar, y + 13)
        for at, kind in one.mark.points:
            yield _on_line(kind, self._scale.x(at), y + 16.5)

    def _bar(self, bar: Bar, y: float) -> Iterator[str]:
        start, end = self._scale.x(bar.since), self._scale.x(bar.until)
        if bar.fill == "late":
            yield f'<circle cx="{_n(start)}" cy="{_n(y + 3.5)}" r="2.5" fill="#fff" stroke="#000"/>'
            yield _path(
                f"M{_n(start + 2.5)} {_n(y + 3.5)}H{_n(max(end, start + 2.5))}", ' stroke-dasharray="2 2"'
            )
            yield _path(f"M{_n(end)} {_n(y)}V{_n(y + 7)}", ' stroke-width="1.6"')
            return
        height = 4.0 if bar.fill == "line" else 7.0
        top = y + 3.5 - height / 2
        fill = _FILLS.get(bar.fill) or f"url(#{_ID}-{bar.fill})"
        pieces = self._pieces(bar)
        if len(pieces) > 1 or (pieces and pieces[-1][1] < end):
            yield _path(f"M{_n(start)} {_n(y + 3.5)}H{_n(end)}", ' stroke-dasharray="3 2"')
        for left, right in pieces:
            yield _rect(left, top, max(1.5, right - left), height, fill, ' stroke="#000" stroke-width="0.8"')
        if bar.open:
            yield _path(
                f"M{_n(end - 4)} {_n(y - 0.5)}L{_n(end)} {_n(y + 3.5)}L{_n(end - 4)} {_n(y + 7.5)}", ""
            )

    def _pieces(self, bar: Bar) -> list[tuple[float, float]]:
        """The bar without the hatched middle of the breaks that it runs across."""
        start, end = self._scale.x(bar.since), self._scale.x(bar.until)
        found = []
        for stretch in self._scale.breaks:
            left, right = stretch.left + _BREAK_INSET, stretch.right - _BREAK_INSET
            if start < right and left < end:
                if start < left:
                    found.append((start, left))
                start = right
        return [*found, (start, end)] if start <= end else found

    def _point(self, one: Placed, y: float) -> Iterator[str]:
        x, end = self._scale.x(one.mark.since), self._scale.x(one.mark.until)
        if end > x:
            yield _path(f"M{_n(x)} {_n(y + 6.5)}H{_n(end)}", ' stroke-width="1.5"')
        yield _symbol(one.mark.symbol, x - 4, y + 6.5)
        yield self._label(one.label_x, y + 10, one.label, one.label_end)

    def _label(self, x: float, y: float, words: str, end: float | None = None) -> str:
        """Words from `x` on, or up to `end`; where they lie on a hatched break, on white."""
        width = _PEN.measure(words)
        hatched = any(x < stretch.right and stretch.left < x + width for stretch in self._scale.breaks)
        start = x if end is None else end - width * _USUAL
        ground = _rect(start, y - 9, width * _USUAL, 12, "#fff", "") if hatched and words else ""
        if end is None:
            return ground + _text(x, y, words, "")
        return ground + _text(end, y, words, ' text-anchor="end"')

    # Traces

    def _traces(self) -> Iterator[str]:
        if not self._lanes.traces:
            return
        yield "<g><title>Vital signs</title>"
        for trace in self._lanes.traces:
            yield from self._trace(trace)
        yield "</g>"

    def _trace(self, trace: Trace) -> Iterator[str]:
        y = self._y
        yield self._begin(trace.title, _TRACE_ROW)
        values = [reading.value for reading in trace.readings]
        low, high = min(values), max(values)
        span = f"{low}-{high}" if low < high else f"{low}"
        yield _text(_MARGIN, y + 22, f"{span} {trace.unit}".strip(), "")
        spots = []
        for x, readings in _by_place(trace.readings, self._scale):
            # Between the letters above and the lane's lower edge.
            level = [
                y + 26 - (float((reading.value - low) / (high - low)) * 11 if high > low else 5)
                for reading in readings
            ]
            spots.append((x, readings, level))
        for before, after in pairwise(spots):
            quiet = any(
                before[0] < stretch.right and stretch.left < after[0] for stretch in self._scale.breaks
            )
            dash = ' stroke-dasharray="2 2"' if quiet else ""
            yield _path(f"M{_n(before[0])} {_n(before[2][-1])}L{_n(after[0])} {_n(after[2][0])}", dash)
        taken = self._scale.left - _PEN.gap
        for x, readings, level in spots:
            title = readings[0].title if len(readings) == 1 else _many(readings)
            yield f"<g><title>{escape(title)}</title>"
            if len(readings) > 1:
                yield _path(f"M{_n(x)} {_n(min(level))}V{_n(max(level))}", ' stroke-width="2"')
            yield f'<circle cx="{_n(x)}" cy="{_n(level[-1])}" r="2"/>'
            words = readings[-1].words
            width = _PEN.measure(words)
            left = min(max(x - width / 2, self._scale.left), self._scale.right - width)
            if left >= taken + _PEN.gap:
                yield self._label(left, y + 10, words)
                taken = left + width
            yield "</g>"
        yield "</g>"

    # The record itself

    def _record(self) -> Iterator[str]:
        """A tick for every entry, and hatched where nobody entered anything for long."""
        y = self._y
        yield self._begin("Entries", _RECORD_ROW)
        for silence in self._lanes.silences:
            left, right = self._scale.x(silence.since.at), self._scale.x(silence.until.at)
            said = f"Nothing entered for {span_words(silence.ms)}, {silence.since.clock} to {silence.until.clock}"
            yield f"<g><title>{said}</title>{_rect(left, y + 3, right - left, 9, f'url(#{_ID}-silent)', '')}</g>"
        ticks: dict[str, list[str]] = {}
        for entry in self._lanes.entries:
            x = _n(round(self._scale.x(entry.moment.at)))
            ticks.setdefault(x, []).append(f"#{entry.number}")
        for x, numbers in ticks.items():
            said = f"Entries {', '.join(numbers)}" if len(numbers) > 1 else f"Entry {numbers[0]}"
            yield f"<g><title>{escape(said)}</title>{_path(f'M{x} {_n(y + 1)}v13', '')}</g>"
        yield "</g>"

    def _breaks_named(self, y: float) -> None:
        """How long each break is, below it; in further rows what would not fit beside its neighbour."""
        if not self._scale.breaks:
            return
        words = _text(_MARGIN, y + 10, "Left out", _BOLD)
        self._parts.append(f"<g><title>How long each break of the axis is</title>{words}")
        ends: list[float] = []
        for stretch in self._scale.breaks:
            said = _short_span(stretch.until - stretch.since)
            half, x = _PEN.measure(said) / 2, (stretch.left + stretch.right) / 2
            row = next((row for row, end in enumerate(ends) if end <= x - half), len(ends))
            ends[row : row + 1] = [x + half + _PEN.gap]
            self._parts.append(_middle(x, y + 10 + 11 * row, said))
        self._parts.append("</g>")
        self._y += 4 + 11 * len(ends)

    def _legend(self) -> None:
        """What symbols, patterns and letters mean, and the scale, in as many lines as they need."""
        step, _ = self._scale.fine_ticks(self._lanes.zero, _FINE)
        said = f"{_breaks_said(self._scale)} Small ticks: every {span_words(step)}."
        x, y = float(_MARGIN), self._y + 12
        self._parts.append("<g><title>Key</title>")
        for room, sign, words in (*_key(), (0, "", said)):
            words = cut(words, self._width - 2 * _MARGIN - room, _PEN.measure)
            width = room + _PEN.measure(words)
            if x > _MARGIN and x + width > self._width - _MARGIN:
                x, y = _MARGIN, y + 14
            placed = f'<g transform="translate({_n(x)} {_n(y - 3.5)})">{sign}</g>' if sign else ""
            self._parts.append(placed + _text(x + room, y, words, ""))
            x += width + 13
        self._parts.append("</g>")
        self._y = y + 2


def _key() -> Iterator[tuple[float, str, str]]:
    """The signs of the key, each with the room it takes before its words."""
    for symbol, words in _KEY:
        yield 11, _SYMBOLS[symbol], words
    for fill, words in (("attempt", "attempt"), ("line", "line in place"), ("silent", "nothing entered")):
        colour = _FILLS.get(fill) or f"url(#{_ID}-{fill})"
        yield 20, _rect(0, -3.5, 16, 7, colour, ' stroke="#000" stroke-width="0.8"'), words
    for kind in ("confirmed", "lost", "removed"):
        yield 12, _on_line(kind, 4, 0), kind
    yield 0, "", "flags: *** high ** medium * low"


def _height(lane: Lane, placed: Sequence[Placed]) -> float:
    row_height = _BAR_ROW if lane.bars else _POINT_ROW
    return max(rows_of(placed) * row_height, 11 * len(_wrapped(lane.title)) + 2)


def _scale(lanes: Lanes, width: int) -> Scale:
    return time_scale(lanes.instants, _GUTTER + 8, width - _MARGIN - 6, _BREAK)


def _short_span(span: int) -> str:
    """A span for the width of a break, in whole seconds, from two days on in whole days."""
    return f"{span // DAY} d" if span >= 2 * DAY else format_elapsed(span, millis=False)


def _breaks_said(scale: Scale) -> str:
    if not scale.breaks:
        return "Drawn to one scale."
    longest = span_words(scale.quiet_ms or 0)
    return (
        f"To one scale but for {len(scale.breaks)} hatched breaks, more than {longest} with nothing recorded."
    )


def _by_place(readings: Iterable[Reading], scale: Scale) -> Iterator[tuple[float, list[Reading]]]:
    """Readings so near each other that their dots would touch, together."""
    run: list[Reading] = []
    for reading in readings:
        if run and scale.x(reading.at) - scale.x(run[0].at) >= 4:
            yield scale.x(run[0].at), run
            run = []
        run.append(reading)
    if run:
        yield scale.x(run[0].at), run


def _many(readings: Sequence[Reading]) -> str:
    values = [reading.value for reading in readings]
    return f"{len(readings)} readings, {min(values)} to {max(values)}; the first: {readings[0].title}"


# Shapes


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, words: str, more: str) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}"{more}>{escape(words)}</text>' if words else ""


def _middle(x: float, y: float, words: str) -> str:
    return _text(x, y, words, ' text-anchor="middle"')


def _rect(x: float, y: float, width: float, height: float, fill: str, more: str) -> str:
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"{more}/>'


def _path(d: str, more: str) -> str:
    return f'<path d="{d}" fill="none" stroke="#000"{more}/>'


def _zigzag(x: float, top: float, bottom: float) -> str:
    steps = "".join(f"l{3 if index % 2 else -3} 4" for index in range(int((bottom - top) // 4)))
    return f'<path d="M{_n(x)} {_n(top)}{steps}" fill="none" stroke="#555" stroke-width="0.7"/>'


def _symbol(symbol: str, x: float, y: float) -> str:
    return f'<g transform="translate({_n(x)} {_n(y)})">{_SYMBOLS[symbol]}</g>'


def _on_line(kind: str, x: float, y: float) -> str:
    """A sign on a line: confirmed, lost or removed."""
    if kind == "confirmed":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3.2" fill="#fff" stroke="#000"/>' + _path(
            f"M{_n(x - 1.6)} {_n(y)}l1.3 1.5l2 -2.8", ""
        )
    if kind == "removed":
        return _path(f"M{_n(x)} {_n(y - 4)}v8", ' stroke-width="2"')
    return _path(f"M{_n(x - 3)} {_n(y - 3)}l6 6m0 -6l-6 6", ' stroke-width="1.6"')


def _wrapped(title: str) -> list[str]:
    """A lane's title in lines that fit the gutter."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, _SIZE) * _BOLDER > _GUTTER and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
