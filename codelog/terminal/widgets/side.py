"""What stands beside the timeline: the sheet that was asked for, else the one that fits the moment."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from codelog.case.events import Event
from codelog.case.flags import Flag
from codelog.case.instants import MINUTE
from codelog.live.view import CaseView
from codelog.terminal.acts.scribe import Scribe
from codelog.terminal.acts.signoff import SignOff
from codelog.terminal.keymap import Keymap
from codelog.terminal.marks import Marks
from codelog.terminal.strip import Strip
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.entry_sheet import entry_sheet
from codelog.terminal.widgets.io_sheet import io_sheet
from codelog.terminal.widgets.sheets import case_sheet, help_sheet, why_sheet
from codelog.terminal.widgets.signoff_sheet import signoff_sheet

NARROWEST = 36
WIDE = 112
"""From how many columns of the screen on there is always room for a sheet."""


class Side(VerticalScroll, can_focus=False):
    """`asked_for` is a sheet's name or None, `entry` the entry that the sheet `entry` shows."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.asked_for: str | None = None
        self.entry: Event | None = None
        self._io_sheet = Content("")
        self._io_sheet_of: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        """One sheet."""
        yield Calm(id="sheet")

    def ask(self, sheet: str | None, entry: Event | None = None) -> None:
        """Show a sheet from its top, or with None what fits the moment."""
        self.asked_for, self.entry = sheet, entry
        self.scroll_home(animate=False)

    def further(self) -> None:
        """Scroll down by a page."""
        self.scroll_relative(y=self._page, animate=False)

    def back(self) -> None:
        """Scroll up by a page; at the top, close what was asked for."""
        if self.scroll_offset.y > 0:
            self.scroll_relative(y=-self._page, animate=False)
        else:
            self.ask(None)

    @property
    def _columns(self) -> int:
        """The width that the styles give the sheet, known before it is laid out."""
        screen = self.app.size.width
        return max(NARROWEST, screen * 2 // 5 - 5 if screen >= WIDE else screen - 3)

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 2)

    def read(self, scribe: Scribe, marks: Marks, flag: Flag | None, strip: Strip | None) -> None:
        """Show what holds now."""
        wide = self.app.size.width >= WIDE
        signing = strip if isinstance(strip, SignOff) and self.asked_for is None else None
        self.display = (
            wide or self.asked_for is not None or (signing is not None and self.screen.has_class("-tall"))
        )
        if self.display:
            self.query_one(Calm).show(self._content(scribe, marks, flag, signing))

    def _content(self, scribe: Scribe, marks: Marks, flag: Flag | None, signing: SignOff | None) -> Content:
        view, keymap = scribe.view, scribe.keymap
        if signing is not None:
            return signoff_sheet(signing.gaps, signing.numbered)
        if self.asked_for == "help":
            return help_sheet(keymap)
        if self.asked_for == "why":
            return Content("No flag is in view.") if flag is None else why_sheet(flag, view, keymap)
        if self.asked_for == "entry" and self.entry is not None:
            return entry_sheet(self.entry, marks, view.state().zero, view.tables)
        if self.asked_for == "sites" or io_is_near(scribe):
            return self._bones(view, keymap)
        return case_sheet(view, keymap)

    def _bones(self, view: CaseView, keymap: Keymap) -> Content:
        """The IO sheet, made anew for every entry and every minute: it is long, and no second changes anything in it."""
        columns, asked_for = self._columns, self.asked_for == "sites"
        of = (len(view.events), view.now() // MINUTE, columns, asked_for)
        if of != self._io_sheet_of:
            self._io_sheet, self._io_sheet_of = io_sheet(view, keymap, columns, asked_for=asked_for), of
        return self._io_sheet


def io_is_near(scribe: Scribe) -> bool:
    """Whether IO is being tried, or a flag says to consider it."""
    attempts = scribe.view.state().access.in_progress.values()
    return any(attempt.route == "io" for attempt in attempts) or any(
        flag.rule == "io-consider" for flag in scribe.view.open_flags()
    )
