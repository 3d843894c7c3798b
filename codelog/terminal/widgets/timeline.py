"""The timeline: one row per entry, the newest in view. Drawn line by line, so that its length costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from codelog.terminal.rows import Row

_NUMBER, _TIME = 6, 9
_INDENT = _NUMBER + _TIME + 2


@dataclass(frozen=True, slots=True)
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
            *("high", "medium", "low", "pending", "failed"),
        )
    }

    following = reactive(True)
    """Whether the newest row is kept in view."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[Row] = []
        self.waiting: list[Row] = []
        self._lines: list[_Line] = []
        self._starts: list[int] = []
        self._waiting_lines: list[_Line] = []
        self._wrapped_to = 0

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
        if self._width != self._wrapped_to:
            self._wrap_all()
        self._settle()

    def move(self, lines: int) -> None:
        """Look further up or down."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)
        self.following = self.scroll_offset.y >= self.max_scroll_y

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        number = y + self.scroll_offset.y
        width = self._columns
        if number < len(self._lines):
            line = self._lines[number]
        elif number - len(self._lines) < len(self._waiting_lines):
            line = self._waiting_lines[number - len(self._lines)]
        else:
            return Strip.blank(width, self.rich_style)
        return Strip(self._segments(line)).adjust_cell_length(width, self.rich_style)

    def _segments(self, line: _Line) -> list[Segment]:
        tone = self._style("struck" if line.row.struck else line.row.tone)
        if not line.first:
            head = [Segment(" " * _INDENT, self.rich_style)]
        else:
            number = self._style("number" if line.row.tone not in ("pending", "failed") else line.row.tone)
            head = [
                Segment(line.row.number.rjust(_NUMBER), number),
                Segment(line.row.time.rjust(_TIME) + "  ", self._style("time")),
            ]
        return [*head, Segment(line.words, tone), Segment(line.after, self._style("after"))]

    def _style(self, tone: str) -> Style:
        return self.get_component_rich_style(f"timeline--{tone}")

    @property
    def _width(self) -> int:
        return max(20, self._columns - _INDENT - 1)

    @property
    def _columns(self) -> int:
        return self.scrollable_content_region.width

    def _wrap(self, row: Row) -> list[_Line]:
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
        self.virtual_size = Size(self._columns, count)
        if self.following:
            self.scroll_to(y=count, animate=False, immediate=True)
        self.refresh()


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
