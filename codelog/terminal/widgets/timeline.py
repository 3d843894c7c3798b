"""The timeline: one row per entry, the newest in view. Drawn line by line, so that its length costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from codelog.terminal.rows import Row

_NUMBER, _TIME = 6, 9
_INDENT = _NUMBER + _TIME + 2
_KEPT = 256
"""So many drawn lines are kept: more than the tallest screen shows."""


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """One line on the screen: the row it is of, and its part of the row's text."""

    row: Row
    words: str
    after: str
    first: bool


class Timeline(ScrollView, can_focus=False):
    """Rows of saved entries, then those that wait."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"timeline--{tone}"
        for tone in (
            *("number", "time", "after", "struck", "entry", "note", "answer", "quiet"),
            *("high", "medium", "low", "pending", "failed", "marked"),
        )
    }

    following = reactive(True)
    """Whether the newest row is kept in view."""

    marked: reactive[int | None] = reactive(None)
    """The place of the marked row among the saved ones, if one is marked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[Row] = []
        self.waiting: list[Row] = []
        self._lines: list[_Line] = []
        self._starts: list[int] = []
        self._waiting_lines: list[_Line] = []
        self._wrapped_to = 0
        self._drawn: LRUCache[tuple[_Line, bool], Strip] = LRUCache(_KEPT)

    def show(self, rows: Sequence[Row]) -> None:
        """Take all saved rows, in place of those before."""
        self.rows = list(rows)
        self._wrap_all()
        self._settle()

    def add(self, rows: Sequence[Row]) -> None:
        """Take further rows at the end."""
        for row in rows:
            self.rows.append(row)
            self._starts.append(len(self._lines))
            self._lines.extend(self._wrap(row))
        self._settle()

    def change(self, number: int, row: Row) -> None:
        """Put another row in the place of one; the rows after it move only if it is longer or shorter."""
        lines = self._wrap(row)
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._lines)
        self.rows[number] = row
        self._lines[start:end] = lines
        shift = len(lines) - (end - start)
        if shift:
            self._starts[number + 1 :] = [start + shift for start in self._starts[number + 1 :]]
        self._settle()

    def show_waiting(self, rows: Sequence[Row]) -> None:
        """Take the rows that wait to be saved, in place of those before."""
        if list(rows) != self.waiting:
            self.waiting = list(rows)
            self._waiting_lines = [line for row in rows for line in self._wrap(row)]
            self._settle()

    def on_resize(self) -> None:
        """Wrap anew when the width is another."""
        self._drawn.clear()
        if self._width != self._wrapped_to:
            self._wrap_all()
        self._settle()
        self._show_marked()

    def mark(self, step: int) -> None:
        """Mark the next row in a direction, the newest at first. It is kept in view."""
        last = len(self.rows) - 1
        row = last if self.marked is None else self.marked + step
        while 0 <= row <= last and self.rows[row].hidden:
            row += step if self.marked is not None else -1
        if not 0 <= row <= last:
            return
        self.marked = row
        self.following = False
        self._show_marked()

    def _show_marked(self) -> None:
        if self.marked is None:
            return
        row = self.marked
        start = self._starts[row]
        end = self._starts[row + 1] if row + 1 < len(self._starts) else len(self._lines)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if start < top:
            self.scroll_to(y=start, animate=False, immediate=True)
        elif end > top + height:
            self.scroll_to(y=end - height, animate=False, immediate=True)
        self.call_after_refresh(self._align)

    def unmark(self) -> None:
        """Mark nothing, and follow the newest row again."""
        if self.marked is not None:
            self.marked = None
            self.following = True
            self._settle()

    def notify_style_update(self) -> None:
        """The colours are others."""
        self._drawn.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        number = y + self.scroll_offset.y
        if number < len(self._lines):
            line = self._lines[number]
        elif number - len(self._lines) < len(self._waiting_lines):
            line = self._waiting_lines[number - len(self._lines)]
        else:
            return Strip.blank(self._columns, self.rich_style)
        marked = self.marked is not None and self.rows[self.marked] is line.row
        drawn = self._drawn.get((line, marked))
        if drawn is None:
            segments = self._segments(line, marked=marked)
            drawn = Strip(segments).adjust_cell_length(self._columns, self.rich_style)
            self._drawn[line, marked] = drawn
        return drawn

    def _segments(self, line: _Line, *, marked: bool) -> list[Segment]:
        tone = self._style("struck" if line.row.struck else line.row.tone)
        if not line.first:
            head = [Segment(" " * _INDENT, self.rich_style)]
        else:
            number = self._style("number" if line.row.tone not in ("pending", "failed") else line.row.tone)
            head = [
                Segment(("▶" if marked else "") + line.row.number.rjust(_NUMBER - marked), number),
                Segment(line.row.time.rjust(_TIME) + "  ", self._style("time")),
            ]
        segments = [*head, Segment(line.words, tone), Segment(line.after, self._style("after"))]
        if marked:
            style = self._style("marked")
            return [Segment(part.text, style) for part in (*segments, Segment(" " * self._columns))]
        return segments

    def _style(self, tone: str) -> Style:
        return self.get_component_rich_style(f"timeline--{tone}")

    @property
    def _width(self) -> int:
        return max(20, self._columns - _INDENT - 1)

    @property
    def _columns(self) -> int:
        return self.scrollable_content_region.width

    def _wrap(self, row: Row) -> list[_Line]:
        if row.hidden:
            return []
        parts = wrapped(row.words, row.after, self._width)
        return [_Line(row, words, after, number == 0) for number, (words, after) in enumerate(parts)]

    def _wrap_all(self) -> None:
        self._wrapped_to = self._width
        self._lines, self._starts = [], []
        for row in self.rows:
            self._starts.append(len(self._lines))
            self._lines.extend(self._wrap(row))
        self._waiting_lines = [line for row in self.waiting for line in self._wrap(row)]

    def _settle(self) -> None:
        count = len(self._lines) + len(self._waiting_lines)
        size = Size(self._columns, count)
        if self.show_vertical_scrollbar == (count > self.scrollable_content_region.height):
            # Everything on the screen stays where it is: laying it out anew would take longer than all the rest.
            self.set_reactive(Timeline.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = count
        else:
            self.virtual_size = size
        self._align()
        # What stands above may take more or less room at the same time: the height is known only then.
        self.call_after_refresh(self._align)
        self.refresh()

    def _align(self) -> None:
        """Keep the newest row in view while following, and tell the scrollbar, which may have come after the row."""
        if self.following:
            self.scroll_to(y=self.virtual_size.height, animate=False, immediate=True, force=True)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self.scroll_offset.y


def wrapped(words: str, after: str, width: int) -> list[tuple[str, str]]:
    """Words and what stands after them in lines of at most `width` cells; a word too long for a line is broken."""
    lines = [["", ""]]
    used = 0
    for part, text in enumerate((words, after)):
        for token in text.split():
            for piece in chop_cells(token, width):
                cells = cell_len(piece)
                if used and used + 1 + cells > width:
                    lines.append(["", ""])
                    used = 0
                gap = " " if used else ""
                lines[-1][part] += gap + piece
                used += len(gap) + cells
    return [(line[0], line[1]) for line in lines]
