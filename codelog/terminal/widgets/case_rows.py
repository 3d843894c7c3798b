"""The list of cases, one line each. Only the lines in view are drawn, so that ten thousand cost what ten do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from codelog.terminal.shelf import Listed

_HEAD = f"  {'opened':<18}{'':<8}{'':<10}{'entries':>7}  {'id':<10}"


class CaseRows(ScrollView, can_focus=False):
    """Cases with one of them marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"case-rows--{part}" for part in ("plain", "quiet", "training", "open", "marked")
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cases: Sequence[Listed] = ()
        self.place = 0

    @property
    def marked(self) -> Listed | None:
        """The case that Enter is about."""
        return self.cases[self.place] if self.cases else None

    def show(self, cases: Sequence[Listed]) -> None:
        """Take the cases to be shown; the mark stays on its case if that is among them."""
        before = self.marked
        self.cases = cases
        places = {case.case: place for place, case in enumerate(cases)} if before is not None else {}
        self.place = places.get(before.case, 0) if before is not None else 0
        self.virtual_size = Size(self._columns, len(cases))
        self._keep_in_view()

    def move(self, rows: int) -> None:
        """Mark another case."""
        self.place = min(max(0, len(self.cases) - 1), max(0, self.place + rows))
        self._keep_in_view()

    def on_resize(self) -> None:
        """The lines are as wide as the list."""
        self.virtual_size = Size(self._columns, len(self.cases))
        self._keep_in_view()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        place, width = y + self.scroll_offset.y, self._columns
        if place >= len(self.cases):
            return Strip.blank(width, self.rich_style)
        case = self.cases[place]
        marked = place == self.place
        parts = (
            ("▶ " if marked else "  ", "open"),
            (f"{case.opened:<18}", "plain"),
            (f"{case.status:<8}", "open" if case.status == "open" else "quiet"),
            (f"{'TRAINING' if case.training else '':<10}", "training"),
            (f"{case.entries:>7}  ", "quiet"),
            (f"{case.case[:8]:<10}", "quiet"),
            (case.words, "plain"),
        )
        segments = [
            Segment(words, self.get_component_rich_style(f"case-rows--{'marked' if marked else part}"))
            for words, part in parts
        ]
        style = segments[-1].style if marked else self.rich_style
        return Strip(segments).adjust_cell_length(width, style)

    @property
    def _columns(self) -> int:
        return self.scrollable_content_region.width

    def _keep_in_view(self) -> None:
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if self.place < top:
            self.scroll_to(y=self.place, animate=False, immediate=True)
        elif self.place >= top + height:
            self.scroll_to(y=self.place - height + 1, animate=False, immediate=True)
        self.refresh()


def heading(width: int) -> str:
    """The names of the columns."""
    return set_cell_size(f"{_HEAD}setting, label, place", width)
