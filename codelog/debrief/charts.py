"""Small charts as SVG: black on white, told apart by shape and dash, a title on every mark, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from codelog.debrief.plain import plain
from codelog.debrief.report.figures import span_words

WIDTH = 640
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 14, 40
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4")
_LETTER = 6.3
"""The width of a letter, roughly, at the size of a label."""


@dataclass(frozen=True, slots=True)
class Stairs:
    """A line of steps: from each `x` on it is at `y`, up to `until`. `ticks` are marked on it. Percent upwards."""

    label: str
    steps: Sequence[tuple[float, float]]
    until: float
    ticks: Sequence[float]
    titles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a series; None is a gap. `marked` stands out, `title` says what it is."""

    label: str
    y: float | None
    lower: float | None
    upper: float | None
    marked: str
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: a share from 0 to 100, with its interval where it has one. Without a share: `words` alone."""

    label: str
    share: float | None
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Move:
    """A row: from one time to another, in ms; None where it is on one side only."""

    label: str
    before: int | None
    after: int | None
    words: str


def stairs(title: str, lines: Sequence[Stairs], marks: Sequence[int]) -> str:
    """Curves over time in seconds, from 0 to 100 %; `marks` are the times that are ruled."""
    height, most = 300, max([*(line.until for line in lines), *marks, 1])
    x, y = _scale(0, most, _LEFT, WIDTH - _RIGHT), _scale(0, 100, height - _BOTTOM, _TOP)
    parts = [*_percent_axis(y), *_time_axis(x, marks, height - _BOTTOM)]
    for number, line in enumerate(lines):
        path = [f"M{_n(x(0))} {_n(y(0))}"]
        for since, value in line.steps:
            path.append(f"H{_n(x(since))}V{_n(y(value))}")
        path.append(f"H{_n(x(line.until))}")
        dash = _DASHES[number % len(_DASHES)]
        tip = "; ".join((line.label, *line.titles))
        style = f'fill="none" stroke="#000" stroke-width="1.6" stroke-dasharray="{dash or "none"}"'
        parts.append(f'<path d="{"".join(path)}" {style}>{_title(tip)}</path>')
        for tick in line.ticks:
            value = next((v for since, v in reversed(line.steps) if since <= tick), 0.0)
            top = f'x1="{_n(x(tick))}" x2="{_n(x(tick))}" y1="{_n(y(value) - 4)}" y2="{_n(y(value) + 4)}"'
            tip = f"{line.label}: out of sight after {span_words(round(tick * 1000))}"
            parts.append(f'<line {top} stroke="#000">{_title(tip)}</line>')
    for number, line in enumerate(lines):
        base = height - _BOTTOM - 12 - 15 * (len(lines) - 1 - number)
        dash = _DASHES[number % len(_DASHES)] or "none"
        start = WIDTH - _RIGHT - 230
        parts.append(
            f'<line x1="{start}" x2="{start + 34}" y1="{base - 4}" y2="{base - 4}" stroke="#000" '
            f'stroke-width="1.6" stroke-dasharray="{dash}"/>'
        )
        parts.append(_text(start + 40, base, line.label))
    return _svg(title, height, parts)


def series(
    title: str,
    dots: Sequence[Dot],
    centre: float | None,
    unit: str,
    most: float,
    words: Callable[[float], str],
) -> str:
    """Points in order, their centre, and limits where they have them. A marked point is a filled square, with its letter."""
    height = 230
    y = _scale(0, most or 1, height - _BOTTOM, _TOP + 8)
    step = (WIDTH - _LEFT - _RIGHT) / max(len(dots), 1)

    def x(place: int) -> float:
        return _LEFT + step * (place + 0.5)

    parts = list(_percent_axis(y) if unit == "%" else _value_axis(y, most, words))
    if centre is not None:
        line = f'x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{_n(y(centre))}" y2="{_n(y(centre))}"'
        parts.append(
            f'<line {line} stroke="#000" stroke-width="0.8">{_title("centre " + words(centre))}</line>'
        )
    for side in ("lower", "upper"):
        for place, dot in enumerate(dots):
            limit: float | None = getattr(dot, side)
            if limit is not None:
                ends = f'x1="{_n(x(place) - step / 2)}" x2="{_n(x(place) + step / 2)}"'
                parts.append(
                    f'<line {ends} y1="{_n(y(limit))}" y2="{_n(y(limit))}" stroke="#000" stroke-width="0.8" '
                    f'stroke-dasharray="4 3">{_title(f"{dot.label}: {side} control limit {words(limit)}")}</line>'
                )
    before: tuple[float, float] | None = None
    for place, dot in enumerate(dots):
        here = None if dot.y is None else (x(place), y(dot.y))
        if before is not None and here is not None:
            parts.append(
                f'<line x1="{_n(before[0])}" y1="{_n(before[1])}" x2="{_n(here[0])}" y2="{_n(here[1])}" '
                'stroke="#000" stroke-width="1.2"/>'
            )
        before = here
    for place, dot in enumerate(dots):
        parts += _dot(dot, x(place), None if dot.y is None else y(dot.y))
    every = max(1, -(-len(dots) * 50 // (WIDTH - _LEFT - _RIGHT)))
    for place, dot in enumerate(dots):
        if place % every == 0:
            parts.append(_text(x(place), height - _BOTTOM + 16, dot.label, anchor="middle"))
    return _svg(title, height, parts)


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Shares in percent as points with their intervals, or as bars where they have none."""
    left, line = 220, 22
    height = _TOP + line * len(rows) + _BOTTOM
    x = _scale(0, 100, left, WIDTH - 150)
    parts = []
    for tick in range(0, 101, 25):
        parts.append(_rule(x(tick), x(tick), _TOP, height - _BOTTOM))
        parts.append(_text(x(tick), height - _BOTTOM + 16, f"{tick} %", anchor="middle"))
    for place, row in enumerate(rows):
        middle = _TOP + line * (place + 0.5)
        tip = _title(f"{row.label}: {row.words}")
        parts.append(_text(left - 8, middle + 4, _cut(row.label, left - 12), anchor="end"))
        parts.append(_text(x(100) + 10, middle + 4, row.words))
        if row.low is not None and row.high is not None:
            ends = f'x1="{_n(x(row.low))}" x2="{_n(x(row.high))}" y1="{_n(middle)}" y2="{_n(middle)}"'
            parts.append(f'<line {ends} stroke="#000" stroke-width="1.4">{tip}</line>')
        if row.share is not None:
            square = f'x="{_n(x(row.share) - 4)}" y="{_n(middle - 4)}" width="8" height="8"'
            parts.append(f"<rect {square}>{tip}</rect>")
    return _svg(title, height, parts)


def moves(title: str, rows: Sequence[Move]) -> str:
    """When flags came (circle) and would have come (filled square), one row each, on a time scale that opens out early."""
    left, line = 230, 18
    height = _TOP + line * len(rows) + _BOTTOM
    times = [at for row in rows for at in (row.before, row.after) if at is not None]
    most = max([*times, 60_000])
    root = _scale(0, most**0.5, left, WIDTH - 92)

    def x(at: float) -> float:
        return root(max(0.0, at) ** 0.5)

    parts = []
    drawn = -100.0
    for tick in _TICKS:
        if tick <= most and x(tick) - drawn > 44:
            drawn = x(tick)
            parts.append(_rule(drawn, drawn, _TOP, height - _BOTTOM))
            parts.append(_text(drawn, height - _BOTTOM + 16, _short(tick), anchor="middle"))
    for place, row in enumerate(rows):
        middle = _TOP + line * (place + 0.5)
        tip = _title(f"{row.label}: {row.words}")
        parts.append(_text(left - 10, middle + 4, _cut(row.label, left - 14), anchor="end"))
        if row.before is not None and row.after is not None:
            ends = f'x1="{_n(x(row.before))}" x2="{_n(x(row.after))}" y1="{_n(middle)}" y2="{_n(middle)}"'
            parts.append(f'<line {ends} stroke="#000" stroke-width="1.2"/>')
        if row.before is not None:
            spot = f'cx="{_n(x(row.before))}" cy="{_n(middle)}" r="4.5"'
            parts.append(f'<circle {spot} fill="#fff" stroke="#000" stroke-width="1.4">{tip}</circle>')
        if row.after is not None:
            square = f'x="{_n(x(row.after) - 3.5)}" y="{_n(middle - 3.5)}" width="7" height="7"'
            parts.append(f"<rect {square}>{tip}</rect>")
        parts.append(_text(WIDTH - 84, middle + 4, row.words.partition(":")[0]))
    return _svg(title, height, parts)


_TICKS = (
    0,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    1_200_000,
    1_800_000,
    3_600_000,
    7_200_000,
    14_400_000,
) + tuple(hours * 3_600_000 for hours in (8, 16, 24, 48, 96))


def _dot(dot: Dot, x: float, y: float | None) -> Iterator[str]:
    if y is None:
        return
    tip = _title(dot.title)
    if dot.marked:
        yield f'<rect x="{_n(x - 4.5)}" y="{_n(y - 4.5)}" width="9" height="9">{tip}</rect>'
        yield _text(x, y - 9, dot.marked, anchor="middle", bold=True)
    else:
        yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3.4" fill="#fff" stroke="#000" stroke-width="1.4">{tip}</circle>'


def _percent_axis(y: Callable[[float], float]) -> Iterator[str]:
    for tick in range(0, 101, 25):
        yield _rule(_LEFT, WIDTH - _RIGHT, y(tick), y(tick))
        yield _text(_LEFT - 6, y(tick) + 4, f"{tick} %", anchor="end")


def _value_axis(y: Callable[[float], float], most: float, words: Callable[[float], str]) -> Iterator[str]:
    for quarter in range(5):
        value = most * quarter / 4
        yield _rule(_LEFT, WIDTH - _RIGHT, y(value), y(value))
        yield _text(_LEFT - 6, y(value) + 4, words(value), anchor="end")


def _time_axis(x: Callable[[float], float], marks: Sequence[int], bottom: float) -> Iterator[str]:
    drawn = -100.0
    for mark in (0, *marks):
        yield _rule(x(mark), x(mark), _TOP, bottom)
        if x(mark) - drawn > 34:
            drawn = x(mark)
            yield _text(drawn, bottom + 16, _short(mark * 1000), anchor="middle")


def _short(span: int) -> str:
    minutes, seconds = divmod(span // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02} h" if hours else f"{minutes}:{seconds:02}"


def _scale(least: float, most: float, start: float, end: float) -> Callable[[float], float]:
    def place(value: float) -> float:
        return start + (end - start) * (value - least) / (most - least)

    return place


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_n(height)}" width="{WIDTH}" '
        f'height="{_n(height)}" role="img" font-family="Arial, Liberation Sans, DejaVu Sans, sans-serif" '
        f'font-size="12" fill="#000">{_title(title)}'
        f'<rect width="{WIDTH}" height="{_n(height)}" fill="#fff"/>'
    )
    return head + "".join(parts) + "</svg>"


def _rule(x1: float, x2: float, y1: float, y2: float) -> str:
    return f'<line x1="{_n(x1)}" x2="{_n(x2)}" y1="{_n(y1)}" y2="{_n(y2)}" stroke="#bbb" stroke-width="0.6"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{weight}>{escape(plain(text))}</text>'


def _title(text: str) -> str:
    return f"<title>{escape(plain(text))}</title>"


def _cut(text: str, room: float) -> str:
    most = int(room / _LETTER)
    return text if len(text) <= most else text[: most - 3] + "..."


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
