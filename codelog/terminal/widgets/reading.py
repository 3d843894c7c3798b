"""Lines to read, with headings. Only those in view are drawn, so that a long report costs what a short one does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class Reading(ScrollView, can_focus=False):
    """Lines that are text and nothing else. A line in capitals is a heading, one that begins with `!!` a warning."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"reading--plain", "reading--heading", "reading--warning"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: Sequence[str] = ()

    def show(self, lines: Sequence[str]) -> None:
        """Take the lines; the place stays where it is."""
        self.lines = lines
        self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
        self.refresh()

    def move(self, lines: int = 0, pages: int = 0) -> None:
        """Scroll by so many lines or pages."""
        far = lines + pages * max(1, self.scrollable_content_region.height - 1)
        self.scroll_relative(y=far, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        place, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if place >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        line = self.lines[place]
        part = "warning" if line.startswith("!!") else "heading" if line.isupper() else "plain"
        style = self.get_component_rich_style(f"reading--{part}")
        return Strip([Segment(set_cell_size(line, width), style)])
